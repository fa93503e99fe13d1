"""Random small normal forms: columns of a few values each, rules from all node kinds, rows with every kind of cell."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from htdbu.compiler import normal as n
from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.components import Component, components
from htdbu.solver.ranges import bounded, nearest
from htdbu.solver.texts import TextCodes

COSTS = [Decimal(1), Decimal(1), Decimal("0.5"), Decimal("0.37"), Decimal(2), Decimal("1.25")]
SMALL = st.integers(-3, 3)


def column(
    name: str = "c",
    kind: str = "int",
    box: n.Intervals = ((0, 3),),
    nullable: bool = False,
    fixed: bool = False,
    cost: Decimal | str = "1",
    definition: n.Int | None = None,
) -> n.NormalColumn:
    """A column whose domain is its box."""
    plain = kind in ("bool", "category", "text")
    ranges = bounded(box)
    width = 0 if plain or not ranges else ranges[-1][1] - ranges[0][0]
    bits = None if plain else width.bit_length()
    return n.NormalColumn(name, kind, 0, box, box, bits, nullable, fixed, Decimal(cost), definition)


def rule(name: str, outcome: n.Bool, weight: str | None = None) -> n.NormalRule:
    """A hard rule, or a soft one where it has a weight; `columns` are filled in by `program`."""
    if weight is None:
        return n.NormalRule(name, "hard", None, outcome, None, frozenset(), None)
    return n.NormalRule(name, "soft", Decimal(weight), outcome, None, frozenset(), None)


def program(columns: list[n.NormalColumn], rules: list[n.NormalRule], texts: tuple[str, ...] = ()) -> n.NormalProgram:
    """A program in which every rule knows the columns that decide it."""

    def plain(positions: frozenset[int]) -> frozenset[int]:
        found: set[int] = set()
        for i in positions:
            definition = columns[i].definition
            found |= {i} if definition is None else plain(n.variables(definition))
        return frozenset(found)

    ready = tuple(
        n.NormalRule(r.name, r.kind, r.weight, r.outcome, None, plain(n.variables(r.outcome)), None) for r in rules
    )
    return n.NormalProgram(tuple(columns), ready, (), {text: i for i, text in enumerate(texts)})


@st.composite
def intervals(draw: st.DrawFn) -> n.Intervals:
    """One or two disjoint ranges, perhaps with open ends."""
    start, width = draw(SMALL), draw(st.integers(0, 3))
    ends: list[tuple[int | None, int | None]] = [(start, start + width)]
    if draw(st.booleans()):
        gap = draw(st.integers(2, 3))
        ends.append((start + width + gap, start + width + gap + draw(st.integers(0, 2))))
    if draw(st.integers(0, 3)) == 0:
        ends[0] = (None, ends[0][1])
    if draw(st.integers(0, 3)) == 0:
        ends[-1] = (ends[-1][0], None)
    return tuple(ends)


def numbers(variables: list[int], depth: int) -> st.SearchStrategy[n.Int]:
    """A number over some columns."""
    leaves: st.SearchStrategy[n.Int] = st.sampled_from([n.Var(i) for i in variables])
    leaves = leaves | leaves | st.builds(n.Const, SMALL | st.none())
    if depth == 0:
        return leaves
    deeper = numbers(variables, depth - 1)
    truths = conditions(variables, depth - 1)
    coefficient = st.integers(-3, 3).filter(bool)
    terms = st.lists(st.tuples(coefficient, deeper), min_size=1, max_size=3).map(tuple)
    several = st.lists(deeper, min_size=1, max_size=3).map(tuple)
    above = st.integers(1, 4).map(n.Const) | deeper.map(lambda term: n.Extreme("max", (n.Const(1), term)))
    keys = st.lists(deeper, min_size=1, max_size=2).map(tuple)
    return st.one_of(
        leaves,
        st.builds(n.Linear, terms, SMALL),
        st.builds(n.Product, deeper, deeper),
        st.builds(n.FloorDiv, deeper, above),
        st.builds(n.RoundDiv, deeper, above),
        st.builds(n.Abs, deeper),
        st.builds(n.Extreme, st.sampled_from(["min", "max"]), several),
        st.builds(n.Choose, truths, deeper, deeper),
        st.builds(n.Coalesce, several),
        st.builds(n.Count, st.lists(truths, min_size=1, max_size=3).map(tuple)),
        st.builds(n.Indicator, truths),
        st.builds(
            n.Calendar, st.sampled_from(["year", "month", "day"]), deeper.map(lambda t: n.Linear(((20, t),), 58))
        ),
        keys.flatmap(
            lambda k: st.builds(
                n.Table,
                st.just(k),
                st.dictionaries(st.tuples(*(SMALL for _ in k)), SMALL, max_size=6),
            )
        ),
    )


def conditions(variables: list[int], depth: int) -> st.SearchStrategy[n.Bool]:
    """A condition over some columns."""
    atoms = st.builds(n.Within, numbers(variables, max(depth - 1, 0)), intervals())
    leaves = atoms | atoms | st.builds(n.Truth, st.sampled_from([True, False, None]))
    if depth == 0:
        return leaves
    deeper = conditions(variables, depth - 1)
    several = st.lists(deeper, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        leaves,
        st.builds(n.IsNull, numbers(variables, depth - 1)),
        st.builds(n.IsNull, deeper),
        st.builds(n.And, several),
        st.builds(n.Or, several),
        st.builds(n.Not, deeper),
        st.builds(n.Iff, deeper, deeper),
    )


@st.composite
def columns(draw: st.DrawFn, name: str) -> n.NormalColumn:
    kind = draw(st.sampled_from(["int", "int", "int", "bool", "category"]))
    if kind == "bool":
        box: n.Intervals = ((0, 1),)
    elif kind == "category":
        box = ((0, draw(st.integers(0, 2))),)
    else:
        low = draw(SMALL)
        box = ((low, low + draw(st.integers(0, 4))),)
        if draw(st.booleans()):
            box = (*box, (box[0][1] + 2, box[0][1] + 3))
    return column(
        name,
        kind,
        box,
        nullable=draw(st.booleans()),
        fixed=draw(st.integers(0, 4)) == 0,
        cost=draw(st.sampled_from(COSTS)),
    )


@st.composite
def programs(draw: st.DrawFn, depth: int = 2, most: int = 3) -> n.NormalProgram:
    """A program of up to `most` columns and perhaps a derived one, one to three rules."""
    found = [draw(columns(f"c{i}")) for i in range(draw(st.integers(1, most)))]
    plain = list(range(len(found)))
    if draw(st.booleans()):
        definition = draw(numbers(plain, depth - 1))
        domain = draw(intervals()) if draw(st.booleans()) else ((None, None),)
        fixed = draw(st.integers(0, 4)) == 0
        found.append(
            n.NormalColumn("d", "int", 0, domain, domain, 0, draw(st.booleans()), fixed, Decimal(1), definition)
        )
    everything = list(range(len(found)))
    rules = [
        rule(
            f"r{k}",
            draw(conditions(everything, depth)),
            draw(st.sampled_from([None, None, "1", "1.5", "0.25", "3"])),
        )
        for k in range(draw(st.integers(1, 3)))
    ]
    return program(found, rules)


@st.composite
def cell(draw: st.DrawFn, of: n.NormalColumn, text: int | None = None) -> Cell:
    """A cell of every mode; of a text column it holds the given code or is null."""
    if text is not None:
        return draw(st.sampled_from([Cell(Mode.VALUE, text), Cell(Mode.VALUE, text), Cell(Mode.NULL)]))
    if of.definition is not None:
        mode = draw(st.sampled_from([Mode.VALUE, Mode.VALUE, Mode.NULL]))
        return Cell(mode, draw(SMALL) if mode == Mode.VALUE else 0)
    box = bounded(of.box)
    low, high = box[0][0] - 3, box[-1][1] + 3
    mode = draw(st.sampled_from([Mode.VALUE, Mode.VALUE, Mode.VALUE, Mode.NULL, Mode.BROKEN, Mode.OUTSIDE]))
    if mode in (Mode.NULL, Mode.BROKEN):
        return Cell(mode)
    value = draw(st.integers(low, high))
    near = nearest(box, value)
    return Cell(Mode.VALUE if near == value else Mode.OUTSIDE, near)


@st.composite
def problems(draw: st.DrawFn, depth: int = 2, most: int = 3) -> tuple[Component, Row]:
    """A block and a row of it."""
    whole = draw(programs(depth, most))
    fixed = frozenset(i for i, c in enumerate(whole.columns) if c.fixed)
    block = draw(st.sampled_from(components(whole, fixed)))
    return block, tuple(draw(cell(block.column(i))) for i in block.cells)


@st.composite
def texts(draw: st.DrawFn) -> tuple[Component, Row]:
    """Two text columns and a number, with rules that compare texts with literals and with each other."""
    found = [
        column("a", "text", (), draw(st.booleans()), draw(st.integers(0, 4)) == 0, draw(st.sampled_from(COSTS))),
        column("b", "text", (), draw(st.booleans()), False, draw(st.sampled_from(COSTS))),
        column("c", "int", ((0, 2),), draw(st.booleans())),
    ]
    literal = st.integers(0, 1).map(lambda code: ((code, code),))
    atoms: st.SearchStrategy[n.Bool] = st.one_of(
        st.builds(n.Within, st.sampled_from([n.Var(0), n.Var(1)]), literal),
        st.just(n.Within(n.Linear(((1, n.Var(0)), (-1, n.Var(1))), 0), ((0, 0),))),
        st.builds(n.Within, st.just(n.Var(2)), intervals()),
        st.builds(n.IsNull, st.sampled_from([n.Var(0), n.Var(1)])),
    )
    several = st.lists(atoms | st.builds(n.Not, atoms), min_size=1, max_size=3).map(tuple)
    outcomes = st.builds(n.Or, several) | st.builds(n.And, several)
    rules = [
        rule(f"r{k}", draw(outcomes), draw(st.sampled_from([None, None, "2"]))) for k in range(draw(st.integers(1, 3)))
    ]
    whole = program(found, rules, ("x", "y"))
    fixed = frozenset(i for i, c in enumerate(found) if c.fixed)
    block = draw(st.sampled_from([b for b in components(whole, fixed) if 0 in b.columns or 1 in b.columns]))
    codes = TextCodes(block)
    own = {i: draw(st.integers(0, codes.literals - 1 + number + 1)) for i, number in codes.position.items()}
    return block, tuple(draw(cell(block.column(i), own.get(i))) for i in block.cells)

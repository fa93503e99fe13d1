"""What a row has to be like that breaks only one reported rule, as programs whose rows are searched.

Stated rules and the bounds of derived columns are broken in the program itself. A cell that is a null, lies outside
its domain, or is not what a derivation gives, is no row of the program: there its column is declared otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from htdbu.compiler.lowering import lower_program, normalise
from htdbu.compiler.lowering.build import negated
from htdbu.compiler.lowering.domains import assumed
from htdbu.compiler.normal import And, Bool, IsNull, Linear, NormalColumn, NormalProgram, NormalRule, Or, Var, Within
from htdbu.compiler.program import Column, Interval, Program
from htdbu.solver.ranges import clip, complement
from htdbu.solver.spelling import text_speller

_DAYS = (date.min.toordinal() - date(1970, 1, 1).toordinal(), date.max.toordinal() - date(1970, 1, 1).toordinal())
LIMITS = {"date": _DAYS, "datetime": (_DAYS[0] * 86_400, _DAYS[1] * 86_400)}
"""Beyond these there are no dates."""
DEMAND = "what is asked"
"""The name of the rule that a question adds; it is always held."""


@dataclass(frozen=True)
class Question:
    """Rows to be searched.

    Attributes:
        normal: the program whose rows they are.
        breaks: the rule, of this program, that they have to break.
        position: the column that is declared otherwise in `normal`.
        no_value: whether its cell holds no value of its type, which stands as a null in `normal`.
        part: whether a later question asks for these rows once more.
        sound: whether `normal` says of them what the rules say; where it does not, nothing can be asked.
    """

    normal: NormalProgram
    breaks: str | None = None
    position: int | None = None
    no_value: bool = False
    part: bool = False
    sound: bool = True


def questions(program: Program, name: str | None) -> Iterator[Question]:
    """What to search for a row that breaks only a rule, one after the other until there is one.

    Args:
        name: as `check` reports it; None asks for a row that breaks nothing.
    """
    normal = normalise(program)
    if name is None or any(rule.name == name for rule in normal.rules):
        yield Question(normal, name)
        return
    owner, _, kind = name.rpartition(".")
    position = program.column_index[owner]
    derived = normal.columns[position].definition
    if derived is not None and kind != "derived":
        yield Question(normal, name)
    if kind == "domain":
        if derived is None:
            yield from _outside(program, position)
        yield Question(_null(program, position), position=position, no_value=True)
    elif kind == "null" and derived is None:
        yield Question(_null(program, position), position=position)
    elif derived is not None and kind == "derived":
        yield Question(_not_as_derived(program, position), position=position)


def _declared(program: Program, position: int, **update: object) -> Program:
    """The program with a column declared otherwise."""
    columns = list(program.columns)
    columns[position] = columns[position].model_copy(update=update)
    return program.model_copy(update={"columns": tuple(columns)})


def _relowered(program: Program, position: int, **update: object) -> NormalProgram:
    return lower_program(_declared(program, position, **update), known=normalise(program).texts)


def _demanding(normal: NormalProgram, demand: Bool) -> NormalProgram:
    rule = NormalRule(DEMAND, "hard", None, demand, None, frozenset(), None)
    return replace(normal, rules=(*normal.rules, rule))


def _null(program: Program, position: int) -> NormalProgram:
    """The rows in which a cell is null, whatever its column declares."""
    other = _relowered(program, position, nullable=True, derived=None)
    return _demanding(other, IsNull(Var(position)))


def _not_as_derived(program: Program, position: int) -> NormalProgram:
    """The rows in which a derived column holds another value than its definition gives."""
    definition = normalise(program).columns[position].definition
    assert definition is not None
    other = _relowered(program, position, derived=None)
    cell = Var(position)
    same = Within(Linear(((1, cell), (-1, definition)), 0), ((0, 0),))
    both = And((IsNull(cell), IsNull(definition)))
    return _demanding(other, And((negated(both), Or((negated(same), IsNull(same))))))


def _outside(program: Program, position: int) -> Iterator[Question]:
    """The rows in which a value lies outside its domain, near it before far from it."""
    column, normal = program.columns[position], normalise(program)
    for low, high, part in _ranges(column, normal.columns[position]):
        spelt = text_speller(column.model_copy(update={"format": None}), None)
        domain = (Interval(low=str(spelt(low)), high=str(spelt(high))),)
        faults: list[object] = []  # a divisor that may be 0 out there, or numbers that leave 64 bits
        other = lower_program(_declared(program, position, domain=domain, nullable=False), faults.append, normal.texts)
        yield Question(other, position=position, part=part, sound=not faults)


def _ranges(column: Column, normal: NormalColumn) -> Iterator[tuple[int, int, bool]]:
    """The values outside a domain, range by range; of each whether a later one contains it."""
    if column.type.kind in ("bool", "category"):
        for low, high in complement(normal.domain, 0, max(1, len(column.type.levels) - 1)):
            yield low, high, False
        return
    outer = (normal.domain[0][0], normal.domain[-1][1]) if normal.domain else ()
    ends = [end for end in outer if end is not None]
    if not ends:
        return
    width = max(ends[-1] - ends[0], 10**column.type.scale)
    near, far = (ends[0] - width, ends[-1] + width), assumed(column)
    limits = LIMITS.get(column.type.kind, (min(near[0], far[0]), max(near[1], far[1])))
    outside = complement(normal.domain, *limits)
    for low, high in reversed(clip(outside, *near)):
        yield low, high, (low, high) not in outside
    for low, high in reversed(outside):
        if low < near[0] or high > near[1]:
            yield low, high, False

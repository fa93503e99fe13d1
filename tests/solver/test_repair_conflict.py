"""Why a row cannot be repaired: the named members conflict, and no fewer of them do."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, assume, given, settings

from htdbu.compiler import normal as n
from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.components import Component, components
from htdbu.solver.conflict import ConflictModel, conflict
from htdbu.solver.engine import engine
from htdbu.solver.problems import Problems
from htdbu.solver.solutions import Status
from tests.solver import normal_oracle, normal_strategies
from tests.solver.normal_strategies import column, program, rule

AGES = program(
    [
        column("age", box=((16, 95),)),
        column("years", box=((0, 100),), fixed=True),
        column("kids", box=((0, 9),), fixed=True),
    ],
    [
        rule("few", n.Within(n.Var(2), ((0, 3),))),
        rule("late", n.Within(n.Linear(((1, n.Var(0)), (-1, n.Var(1))), 0), ((16, None),))),
        rule("link", n.Or((n.Within(n.Var(2), ((0, 3),)), n.Within(n.Var(0), ((0, 50),))))),
    ],
)
(FAMILY,) = components(AGES, frozenset({1, 2}))


@pytest.mark.parametrize(
    ("years", "kids", "reason"),
    [
        (Cell(Mode.VALUE, 90), Cell(Mode.VALUE, 3), ("late", "years fixed", "age.domain")),
        (Cell(Mode.VALUE, 50), Cell(Mode.VALUE, 5), ("few", "kids fixed")),
        (Cell(Mode.BROKEN), Cell(Mode.VALUE, 3), ("years fixed", "years.domain")),
        (Cell(Mode.OUTSIDE, 100), Cell(Mode.VALUE, 3), ("years fixed", "years.domain")),
        (Cell(Mode.NULL), Cell(Mode.VALUE, 3), ("years fixed", "years.null")),
    ],
)
def test_reasons(years: Cell, kids: Cell, reason: tuple[str, ...]) -> None:
    row = (Cell(Mode.VALUE, 30), years, kids)
    assert Status.INFEASIBLE is engine("cp-sat").solve(Problems.of(FAMILY, [row]), 10.0).one(0).status
    assert reason == conflict(FAMILY, row, 10.0)


def test_the_fewest_members_are_named_though_more_come_first() -> None:
    links = [
        rule(f"step{k}", n.Within(n.Linear(((1, n.Var(k)), (-1, n.Var(k + 1))), 0), ((1, None),))) for k in range(3)
    ]
    short = rule("short", n.Within(n.Linear(((1, n.Var(0)), (-1, n.Var(3))), 0), ((1, None),)))
    ends = [column("a", box=((0, 9),), fixed=True), *(column(x, box=((0, 9),)) for x in "bc")]
    whole = program([*ends, column("d", box=((0, 9),), fixed=True)], [*links, short])
    (block,) = components(whole, frozenset({0, 3}))
    row = tuple(Cell(Mode.VALUE, value) for value in (3, 3, 3, 5))
    assert ("short", "a fixed", "d fixed") == conflict(block, row, 10.0)


def test_an_undecided_member_stays_in() -> None:
    row = (Cell(Mode.VALUE, 30), Cell(Mode.VALUE, 90), Cell(Mode.VALUE, 5))
    names = ("few", "late", "link", "years fixed", "kids fixed", "age.domain", "years.domain", "kids.domain")
    assert names == conflict(FAMILY, row, 1e-12)


def as_categories(block: Component) -> Component:
    """The same block with columns whose domain is their type, and so no member of a conflict."""
    plain = [replace(c, kind="category", bits=None) if c.definition is None else c for c in block.program.columns]
    whole = replace(block.program, columns=tuple(plain))
    return next(b for b in components(whole, frozenset(block.fixed)) if b.columns == block.columns)


def rows_with(block: Component, row: Row, members: set[str]) -> bool:
    """Whether a row satisfies the named members, by trying them all."""
    cells = dict(zip(block.cells, row, strict=True))
    boxes = []
    for i in block.columns:
        if i in block.derived:
            continue
        values = [v for a, b in block.column(i).box for v in range(a or 0, (b or 0) + 1)]
        boxes.append((i, [None, *values] if block.column(i).nullable else values))
    positions = [i for i, _ in boxes]
    for candidate in product(*(values for _, values in boxes)):
        full = normal_oracle.complete(block, dict(zip(positions, candidate, strict=True)))
        if satisfied(block, cells, full, members):
            return True
    return False


def satisfied(block: Component, cells: dict[int, Cell], full: normal_oracle.Values, members: set[str]) -> bool:
    for r in block.hard:
        if r.name in members and normal_oracle.condition(r.outcome, full) is False:
            return False
    for i in block.fixed:
        held = None if cells[i].mode == Mode.NULL else cells[i].value
        if f"{block.column(i).name} fixed" in members and full[i] != held:
            return False
    for i in block.derived:
        c, value = block.column(i), full[i]
        if f"{c.name}.domain" in members and value is not None and not normal_oracle.within(c.domain, value):
            return False
        if f"{c.name}.null" in members and value is None:
            return False
    return True


def assert_smallest(problem: tuple[Component, Row]) -> None:
    """The members are those of the first conflict by size, and then by its last members."""
    block, row = as_categories(problem[0]), problem[1]
    cells = dict(zip(block.cells, row, strict=True))
    assume(all(cells[i].mode in (Mode.VALUE, Mode.NULL) for i in block.fixed))
    assume(all(cells[i].mode == Mode.VALUE or block.column(i).nullable for i in block.fixed))
    assume(engine("cp-sat").solve(Problems.of(block, [row]), 10.0).one(0).status is Status.INFEASIBLE)
    members = conflict(block, row, 10.0)
    order = list(ConflictModel(block, cells, wide=True).members)
    sets = (chosen for size in range(len(order) + 1) for chosen in latest_last(order, size))
    assert next(chosen for chosen in sets if not rows_with(block, row, set(chosen))) == members


def latest_last(order: list[str], size: int) -> list[tuple[str, ...]]:
    """All choices of a size, those without late names first."""
    choices = sorted(combinations(range(len(order)), size), key=lambda choice: choice[::-1])
    return [tuple(order[i] for i in choice) for choice in choices]


PROBLEMS = normal_strategies.problems(depth=1).filter(lambda problem: bool(problem[0].hard))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(PROBLEMS)
def test_the_named_members_are_the_fewest_that_conflict(problem: tuple[Component, Row]) -> None:
    assert_smallest(problem)


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(PROBLEMS)
def test_the_named_members_of_many_conflicts(problem: tuple[Component, Row]) -> None:
    assert_smallest(problem)

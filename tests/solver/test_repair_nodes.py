"""Every node of the normal form means the same to CP-SAT as to plain Python, on fixed inputs, nulls included."""

from __future__ import annotations

from typing import Literal, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from htdbu.compiler import normal as n
from htdbu.solver.components import Component, components
from htdbu.solver.cpsat.calendar import day_ranges, first_day, year_of
from htdbu.solver.cpsat.columns import box_of, declare, lowering_of, plain_columns
from htdbu.solver.cpsat.lowering import CONDITIONS, NUMBERS
from htdbu.solver.cpsat.model import Model, ModelOverflowError
from htdbu.solver.cpsat.search import Budget, Search
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.solutions import Status
from htdbu.solver.table import EncodedTable
from htdbu.solver.texts import TextCodes
from tests.solver import normal_oracle, normal_strategies
from tests.solver.normal_strategies import column, program, rule

WIDE = ((-4, 9),)


def block(count: int) -> Component:
    """A block of nullable columns that take -4 to 9."""
    columns = [column(f"c{i}", box=WIDE, nullable=True) for i in range(count)]
    together = n.Or((n.Truth(True), *(n.Within(n.Var(i), ((0, 0),)) for i in range(count))))
    (found,) = components(program(columns, [rule("all", together)]), frozenset())
    return found


def solved(node: n.Normal, inputs: tuple[int | None, ...]) -> int | None:
    """What CP-SAT makes of a node whose columns are held to these values; truth values as 0 and 1."""
    component, model = block(len(inputs)), Model()
    codes = TextCodes(component)
    boxes = {i: box_of(component, i, codes) for i in plain_columns(component)}
    columns = declare(model, component, codes, boxes)
    lowering = lowering_of(model, component, columns)
    for i, value in enumerate(inputs):
        model.clause((columns[i].null if value is None else ~columns[i].null,))
        if value is not None:
            model.linear(lowering.number(n.Var(i)).form, ((value, value),))
    if normal_oracle.is_condition(node):
        condition = lowering.condition(node)
        known, form = lowering.known(condition), model.indicator(condition.true)
    else:
        known, form = lowering.number(node).known, lowering.number(node).form
    answer = Search().feasible(model, Budget(10.0))
    assert Status.OPTIMAL is answer.status
    value, seen = (answer.total(shown.terms) + shown.constant for shown in (form, model.indicator(known)))
    assert form.low <= value <= form.high
    return value if seen else None


def vectorised(node: n.Normal, inputs: tuple[int | None, ...]) -> int | None:
    """What numpy makes of a node over a table of this one row."""
    component = block(len(inputs))
    table = EncodedTable.blank(component.program, 1)
    for i, value in enumerate(inputs):
        table.put(i, [value])
    evaluator = Evaluator(component.program, table)
    if normal_oracle.is_condition(node):
        true, false = evaluator.truth(node)
        return int(true[0]) if true[0] or false[0] else None
    values, known = evaluator.value(node)
    return int(values[0]) if known[0] else None


def expected(node: n.Normal, inputs: tuple[int | None, ...]) -> int | None:
    row = dict(enumerate(inputs))
    if normal_oracle.is_condition(node):
        truth = normal_oracle.condition(node, row)
        return None if truth is None else int(truth)
    return normal_oracle.number(node, row)


VALUES = st.tuples(*(st.none() | st.integers(-4, 9) for _ in range(3)))


def test_every_node_kind_has_a_lowering() -> None:
    assert set(get_args(n.Int)) == set(NUMBERS)
    assert set(get_args(n.Bool)) == set(CONDITIONS)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(normal_strategies.numbers([0, 1, 2], 2), VALUES)
def test_numbers_agree(node: n.Int, inputs: tuple[int | None, ...]) -> None:
    assert expected(node, inputs) == solved(node, inputs) == vectorised(node, inputs)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(normal_strategies.conditions([0, 1, 2], 2), VALUES)
def test_conditions_agree(node: n.Bool, inputs: tuple[int | None, ...]) -> None:
    assert expected(node, inputs) == solved(node, inputs) == vectorised(node, inputs)


X, Y = n.Var(0), n.Var(1)
POSITIVE = n.Extreme("max", (n.Const(1), Y))
GRID = [(x, y) for x in (None, -4, -3, -1, 0, 1, 2, 5, 9) for y in (None, -4, 0, 1, 2, 4, 7)]
NODES: list[n.Normal] = [
    n.Product(X, Y),
    n.Product(X, X),
    n.FloorDiv(X, n.Const(4)),
    n.FloorDiv(X, POSITIVE),
    n.RoundDiv(X, n.Const(2)),
    n.RoundDiv(X, n.Const(3)),
    n.RoundDiv(X, n.Const(6)),
    n.RoundDiv(n.Linear(((3, X),), 1), POSITIVE),
    n.Abs(n.Linear(((1, X), (-1, Y)), 0)),
    n.Extreme("min", (X, Y, n.Const(2))),
    n.Extreme("max", (X, Y)),
    n.Choose(n.Within(X, ((0, None),)), Y, n.Const(7)),
    n.Choose(n.Within(X, ((0, None),)), n.Const(3), n.Const(None)),
    n.Coalesce((X, Y, n.Const(5))),
    n.Count((n.Within(X, ((1, 3),)), n.IsNull(Y))),
    n.Indicator(n.Within(X, ((None, 0), (5, 8)))),
    n.Table((X,), {(0,): 4, (1,): 4, (9,): -1}),
    n.Table((X, Y), {(0, 0): 1, (1, 2): 8, (9, 7): 8, (50, 50): 3}),
    n.Iff(n.Within(X, ((1, None),)), n.Within(Y, ((1, None),))),
    n.And((n.Within(X, ((1, None),)), n.Truth(None), n.Within(Y, ((None, 1),)))),
    n.Or((n.Within(X, ((1, None),)), n.Truth(None), n.Within(Y, ((None, 1),)))),
    n.IsNull(n.Table((X,), {(1,): 4})),
    n.IsNull(n.Iff(n.Within(X, ((1, None),)), n.Truth(True))),
    n.Within(n.Linear(((2, X), (3, Y)), -1), ((None, -5), (0, 3), (11, 11))),
]


@pytest.mark.parametrize("node", NODES, ids=lambda node: f"{type(node).__name__}")
def test_node_on_a_grid(node: n.Normal) -> None:
    for inputs in GRID:
        assert expected(node, inputs) == solved(node, inputs) == vectorised(node, inputs), inputs


Part = Literal["year", "month", "day"]
PARTS: tuple[Part, ...] = get_args(Part)


@pytest.mark.parametrize("day", [-719_000, -25_567, -1, 0, 58, 59, 11_016, 11_017, 19_782, 20_000, 84_005, 150_000])
@pytest.mark.parametrize("part", PARTS)
def test_calendar_on_far_days(part: Part, day: int) -> None:
    node = n.Calendar(part, n.Linear(((1, X),), day - 3))
    for x in (-4, 0, 3, 9):
        assert expected(node, (x,)) == solved(node, (x,)) == vectorised(node, (x,))
        wanted = expected(node, (x,))
        assert 1 == solved(n.Within(node, ((wanted, wanted),)), (x,))


def test_day_ranges_list_the_days_of_a_part() -> None:
    low, high = first_day(1999, 11), first_day(2001, 3) - 1
    cases: list[tuple[Part, tuple[int, int]]] = [
        ("year", (2000, 2000)),
        ("month", (2, 3)),
        ("day", (29, 31)),
        ("month", (1, 12)),
    ]
    for part, interval in cases:
        node = n.Within(n.Calendar(part, X), (interval,))
        ranges = day_ranges(part, (interval,), low, high)
        assert ranges is not None
        listed = {day for a, b in ranges for day in range(a, b + 1)}
        assert {day for day in range(low, high + 1) if normal_oracle.condition(node, {0: day})} == listed


def test_conditions_on_months_of_a_long_span_are_not_listed() -> None:
    assert day_ranges("month", ((2, 3),), 0, 366 * 1000) is None
    assert day_ranges("year", ((2000, 2001),), 0, 366 * 1000) == ((first_day(2000, 1), first_day(2002, 1) - 1),)


def test_years_of_days_around_every_new_year() -> None:
    for year in range(-500, 2500, 7):
        assert [year - 1, year] == [year_of(first_day(year, 1) - 1), year_of(first_day(year, 1))]


def test_a_form_that_could_leave_64_bits_is_refused() -> None:
    model = Model()
    wide = model.integer(0, 2**61)
    with pytest.raises(ModelOverflowError, match="64 bits"):
        model.form(((wide, 4),))

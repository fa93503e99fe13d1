"""The table engine: what it takes, and that every row is looked up as enumeration and the other engines find it."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler import normal as n
from htdbu.solver import table_engine
from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.compiled_engine import CompiledEngine
from htdbu.solver.components import Component, components
from htdbu.solver.nearest.axes import Axis
from htdbu.solver.nearest.lookup import Table
from htdbu.solver.nearest.plan import NONE, Plan, plan_of
from htdbu.solver.objective import Prices
from htdbu.solver.problems import Problems
from htdbu.solver.ranges import bounded
from htdbu.solver.solutions import Solution, Status
from htdbu.solver.table_engine import MOST, TableEngine
from tests.solver import normal_oracle, normal_strategies
from tests.solver.differential import blocks, noise
from tests.solver.normal_strategies import column, program, rule

RELAXED = list(HealthCheck)
LESS = n.Within(n.Linear(((1, n.Var(0)), (-1, n.Var(1))), 0), ((None, -1),))
"""The first column is less than the second."""


def block(columns: list[n.NormalColumn], rules: list[n.NormalRule]) -> Component:
    """The first block of a program."""
    fixed = frozenset(i for i, c in enumerate(columns) if c.fixed)
    return components(program(columns, rules), fixed)[0]


def cells(component: Component, position: int) -> list[Cell]:
    """Every cell that a column can hold before a repair; a number outside is nearest to the end of a range."""
    box = bounded(component.column(position).box)
    values = [Cell(Mode.VALUE, value) for low, high in box for value in range(low, high + 1)]
    outside = [Cell(Mode.OUTSIDE, end) for end in sorted({end for ends in box for end in ends})]
    return [*values, *outside, Cell(Mode.NULL), Cell(Mode.BROKEN)]


def by_enumeration(component: Component, row: Row) -> Solution:
    best = normal_oracle.cheapest(component, row)
    if best is None:
        return Solution(Status.INFEASIBLE)
    return Solution(Status.OPTIMAL, best.values, int(best.price * Prices(component).unit))


def looked_up(component: Component, rows: list[Row]) -> list[Solution]:
    engine = TableEngine()
    assert engine.takes(component, len(rows))
    found = engine.solve(Problems.of(component, rows), 1.0)
    return [found.one(k) for k in range(len(rows))]


def every_row_agrees(component: Component) -> None:
    rows = list(product(*(cells(component, i) for i in component.cells)))
    assert [by_enumeration(component, row) for row in rows] == looked_up(component, rows)


@settings(max_examples=30, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.problems())
def test_nearly_all_small_blocks_are_taken_and_repaired_as_by_enumeration(problem: tuple[Component, Row]) -> None:
    component, row = problem
    assert set(component.fixed) & set(component.derived) or TableEngine().takes(component, 1)
    if TableEngine().takes(component, 1):
        assert [by_enumeration(component, row)] == looked_up(component, [row])


@st.composite
def crowded(draw: st.DrawFn) -> Component:
    """Few values and many equal prices, so that ties decide: up to three columns and soft rules of any weight."""
    kinds = draw(st.lists(st.sampled_from(["int", "bool", "category"]), min_size=1, max_size=3))
    boxes = st.sampled_from([((0, 1),), ((-1, 1),), ((0, 0), (3, 4)), ((2, 2),)])
    columns = [
        column(
            f"c{i}",
            kind,
            ((0, 1),) if kind == "bool" else draw(boxes),
            nullable=draw(st.booleans()),
            fixed=draw(st.integers(0, 5)) == 0,
            cost=draw(st.sampled_from(["1", "1", "2", "0.5", "0.37"])),
        )
        for i, kind in enumerate(kinds)
    ]
    conditions = normal_strategies.conditions(list(range(len(columns))), 1)
    weights = st.sampled_from([None, "1", "1.5", "0.01", "100", "0.99"])
    rules = draw(st.lists(st.tuples(conditions, weights), max_size=3))
    whole = program(columns, [rule(f"r{k}", outcome, weight) for k, (outcome, weight) in enumerate(rules)])
    fixed = frozenset(i for i, c in enumerate(columns) if c.fixed)
    return draw(st.sampled_from([b for b in components(whole, fixed) if b.cells]))


@settings(max_examples=25, deadline=None, suppress_health_check=RELAXED)
@given(crowded(), st.randoms(use_true_random=False))
def test_rows_of_blocks_full_of_ties_are_those_of_enumeration(component: Component, rng: random.Random) -> None:
    rows = [tuple(rng.choice(cells(component, i)) for i in component.cells) for _ in range(25)]
    assert [by_enumeration(component, row) for row in rows] == looked_up(component, rows)


def test_the_compiled_search_finds_the_same_rows() -> None:
    rng, engine, compiled = random.Random(5), TableEngine(), CompiledEngine()
    rules = (
        "table t {\n  a : int in 0..20 null cost 2\n  b : int in { 1, 2, 5, 30 }\n  c : bool null\n"
        '  d : category ordered { "u" < "v" < "w" }\n  e : bool fixed\n}\n'
        'hard r: a + b <= 25\nhard q: c => d >= "v"\nsoft(1.5) s: e => a > b\nsoft(3) t: d == "w" or a is null\n'
        "hard u: e <=> (c is not null)\n"
    )
    (component,) = blocks(rules) or []
    problems = noise(component, rng, 3_000)
    mine, theirs = engine.solve(problems, 1.0), compiled.solve(problems, 1.0)
    proved = theirs.statuses != Status.UNKNOWN.code
    assert proved.mean() > 0.99
    assert {Status.OPTIMAL.code, Status.INFEASIBLE.code} == set(mine.statuses.tolist())
    for ours, other in zip(vars(mine).values(), vars(theirs).values(), strict=True):
        np.testing.assert_array_equal(other[..., proved], ours[..., proved])


@pytest.mark.parametrize("box", [((0, 0),), ((-3, 2),), ((0, 1), (9, 9), (12, 13))])
@pytest.mark.parametrize("nullable", [False, True])
@pytest.mark.parametrize("kind", ["int", "category"])
def test_a_single_column_without_rules(box: n.Intervals, nullable: bool, kind: str) -> None:
    every_row_agrees(block([column("a", kind, box, nullable, cost="0.37")], []))


@pytest.mark.parametrize(("first", "second"), [(False, False), (True, False), (False, True), (True, True)])
def test_fixed_columns_keep_their_cells(first: bool, second: bool) -> None:
    columns = [column("a", box=((0, 2),), nullable=True, fixed=first), column("b", box=((0, 1), (3, 3)), fixed=second)]
    every_row_agrees(block(columns, [rule("r", LESS), rule("s", n.Within(n.Var(0), ((1, 1),)), "0.25")]))


def test_a_fixed_derived_cell_is_what_its_definition_must_give() -> None:
    total = n.Linear(((1, n.Var(0)), (2, n.Var(1))), 0)
    derived = n.NormalColumn("d", "int", 0, ((None, 5),), ((None, 5),), 0, True, True, Decimal(1), total)
    columns = [column("a", box=((0, 3),), nullable=True), column("b", box=((0, 1),)), derived]
    component = block(columns, [])
    held = [Cell(Mode.NULL), Cell(Mode.BROKEN), *(Cell(Mode.VALUE, value) for value in (-9, 0, 3, 5, 6, 99))]
    rows = list(product(cells(component, 0), cells(component, 1), held))
    assert [by_enumeration(component, row) for row in rows] == looked_up(component, rows)


@pytest.mark.parametrize("value", [True, False, None])
def test_a_block_without_columns(value: bool | None) -> None:
    component = components(program([], [rule("r", n.Truth(value))]), frozenset())[0]
    status = Status.INFEASIBLE if value is False else Status.OPTIMAL
    assert [Solution(status)] == looked_up(component, [()])


def test_every_column_before_and_after_a_repair() -> None:
    axis = Axis(0, ((-1, 1), (7, 7), (9, 10)), nullable=True, free=True, graded=True)
    assert (7, 13, 3) == (axis.targets, axis.sources, axis.target_bits)
    modes = np.array([Mode.VALUE, Mode.VALUE, Mode.NULL, Mode.BROKEN, *[Mode.OUTSIDE] * 5], np.int8)
    values = np.array([-1, 9, 0, 0, -1, 1, 7, 9, 10])
    assert [1, 5, 0, 7, 8, 9, 10, 11, 12] == axis.sources_of(modes, values).tolist()
    fixed = replace(axis, nullable=False, free=False)
    assert (6, 7, 0) == (fixed.targets, fixed.sources, fixed.target_bits)
    assert [0, 4, 6, 6, 6, 6, 6, 6, 6] == fixed.sources_of(modes, values).tolist()
    assert [6] == fixed.sources_of(np.zeros(1, np.int8), np.array([8])).tolist()


def test_a_block_is_taken_up_to_so_many_rows_that_can_be_told_apart() -> None:
    component = block([column("a", box=((0, 9),)), column("b", box=((0, 4),))], [rule("r", LESS)])
    size = (10 + 1 + 2) * (5 + 1 + 2)
    assert plan_of(component, size) is not None
    assert plan_of(component, size - 1) is None


def test_a_table_must_be_worth_its_making(monkeypatch: pytest.MonkeyPatch) -> None:
    component = block([column("a", "category", ((0, 98),))], [])
    monkeypatch.setattr(table_engine, "ALWAYS", 10)
    monkeypatch.setattr(table_engine, "FOR_EACH", 4)
    assert [False, False, True] == [TableEngine().takes(component, rows) for rows in (1, 24, 25)]
    monkeypatch.setattr(table_engine, "ALWAYS", 100)
    assert TableEngine().takes(component, 1)


def test_large_blocks_and_texts_are_left_to_others() -> None:
    wide = block([column("a", box=((0, MOST),))], [])
    texts = block([column("a", "text", ())], [])
    for component in (wide, texts):
        engine = TableEngine()
        assert not engine.takes(component, 10**9)
        row = (Cell(Mode.VALUE, 0),)
        assert Solution(Status.UNKNOWN) == engine.solve(Problems.of(component, [row]), 1.0).one(0)


def far(bits: int) -> Component:
    """Two columns of three values each, the last of them far away."""
    box = ((0, 1), (2 ** (bits - 1), 2 ** (bits - 1)))
    columns = [column("a", box=box, nullable=True), column("b", box=box, cost="1.25")]
    return block(columns, [rule("r", LESS), rule("s", n.Within(n.Var(1), ((1, 1),)), "0.37")])


def test_prices_are_exact_up_to_where_codes_leave_64_bits() -> None:
    fitting = [bits for bits in range(2, 62) if plan_of(far(bits), MOST) is not None]
    assert list(range(2, fitting[-1] + 1)) == fitting
    assert 30 < fitting[-1] < 50
    every_row_agrees(far(fitting[-1]))


def test_codes_order_repairs_as_the_language_does() -> None:
    component = block([column("a", box=((0, 2),), nullable=True), column("b", "bool", ((0, 1),))], [rule("r", LESS)])
    plan = plan_of(component, MOST)
    assert isinstance(plan, Plan)
    first, second = (plan.changed(i, plan.prices.changed[i]) for i in (0, 1))
    assert plan.paid(1) > second - first > 0  # the earlier column wins at the same price, and only then
    assert NONE > plan.paid(100 * plan.prices.unit) > plan.changed(0, plan.prices.null(0))


def test_one_table_is_made_for_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Plan] = []

    def of(plan: Plan) -> Table:
        made.append(plan)
        return original(plan)

    original = Table.of
    monkeypatch.setattr(Table, "of", of)
    component = block([column("a", box=((0, 99),)), column("b", box=((0, 99),))], [rule("r", LESS)])
    problems = Problems.of(component, [(Cell(Mode.VALUE, k), Cell(Mode.VALUE, 99 - k)) for k in range(100)])
    engine = TableEngine()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: engine.solve(problems, 1.0), range(16)))
    assert 1 == len(made)
    assert all((each.values == found[0].values).all() for each in found)


def test_a_repair_says_how_many_rows_were_looked_up() -> None:
    program = htdbu.compile_text('table t {\n  a : category { "p", "q" }\n  b : bool\n}\nhard r: a == "p" => b\n')
    frame = pd.DataFrame({"a": ["p", "q", "p", "x"], "b": ["true", "no", "no", "maybe"]})
    result = program.repair(frame)
    assert {"table": 2, "compiled": 0, "cp-sat": 0} == result.report.to_dict()["engine"]
    assert [["p", "true"], ["q", "no"], ["q", "no"], ["p", "true"]] == result.data.to_numpy().tolist()
    pd.testing.assert_frame_equal(program.repair(frame, engine="cp-sat").data, result.data)

"""Whole tables: every row is repaired as if it stood alone, whatever the number of threads, and none is lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalProgram
from htdbu.errors import DataError, UsageError
from htdbu.solver import encode
from htdbu.solver.cells import Cell, Mode
from htdbu.solver.components import Component, components
from htdbu.solver.cp_sat_engine import CpSatEngine
from htdbu.solver.dispatch import dispatch
from htdbu.solver.outcomes import hard_failures
from htdbu.solver.problems import Problems, gather
from htdbu.solver.ranges import bounded, contains, nearest
from htdbu.solver.repair import repair_table
from htdbu.solver.solutions import Solutions, Status
from htdbu.solver.table import BROKEN, NULL, VALUE, EncodedTable
from htdbu.solver.table_price import table_price
from tests.solver import normal_oracle, normal_strategies

Raw = tuple[int, int]
"""State and value of a cell."""


@st.composite
def tables(draw: st.DrawFn) -> tuple[NormalProgram, EncodedTable]:
    """A program and up to five rows of any cells, with repeats."""
    program = draw(normal_strategies.programs())
    table = EncodedTable.blank(program, draw(st.integers(0, 5)))
    for i, column in enumerate(program.columns):
        low, high = (-9, 9) if not column.box or column.definition is not None else _hull(column.box)
        for row in range(table.n_rows):
            table.states[i, row] = draw(st.sampled_from([VALUE, VALUE, VALUE, NULL, BROKEN]))
            if table.states[i, row] == VALUE:
                table.values[i, row] = draw(st.integers(low - 2, high + 2))
    return program, table


def _hull(box: tuple[tuple[int | None, int | None], ...]) -> tuple[int, int]:
    ranges = bounded(box)
    return ranges[0][0], ranges[-1][1]


def cell_of(component: Component, table: EncodedTable, position: int, row: int) -> Cell:
    if table.states[position, row] != VALUE:
        return Cell(Mode(int(table.states[position, row])))
    value = int(table.values[position, row])
    if position in component.derived:
        return Cell(Mode.VALUE, value)
    box = bounded(component.column(position).box)
    return Cell(Mode.VALUE if contains(box, value) else Mode.OUTSIDE, nearest(box, value))


def expected_rows(program: NormalProgram, table: EncodedTable) -> list[list[int | None] | None]:
    """Every row as enumeration repairs it, block by block; None where a block has no repair."""
    fixed = frozenset(i for i, column in enumerate(program.columns) if column.fixed)
    result: list[list[int | None] | None] = []
    for row in range(table.n_rows):
        full: dict[int, int | None] | None = {}
        for block in components(program, fixed):
            cells = tuple(cell_of(block, table, i, row) for i in block.cells)
            best = normal_oracle.cheapest(block, cells)
            if best is None or full is None:
                full = None
                continue
            kept = {i: table.value(i, row) for i in block.fixed if i not in block.derived}
            chosen = kept | dict(zip(block.mutable, best.values, strict=True))
            full |= normal_oracle.complete(block, chosen)
        result.append(None if full is None else [full[i] for i in range(len(program.columns))])
    return result


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables())
def test_every_row_is_that_of_enumeration_in_many_tables(problem: tuple[NormalProgram, EncodedTable]) -> None:
    assert_rows_of_enumeration(problem)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables())
def test_every_row_is_that_of_enumeration_or_as_it_was(problem: tuple[NormalProgram, EncodedTable]) -> None:
    assert_rows_of_enumeration(problem)


def assert_rows_of_enumeration(problem: tuple[NormalProgram, EncodedTable]) -> None:
    program, table = problem
    original = table.take(np.arange(table.n_rows))
    result = repair_table(program, table, threads=2)
    columns = range(len(program.columns))
    failed = [failure.row for failure in result.failures]
    for row, wanted in enumerate(expected_rows(program, table)):
        assert (wanted is None) == (row in failed)
        if wanted is None:
            assert (table.values[:, row] == result.table.values[:, row]).all()
            assert (table.states[:, row] == result.table.states[:, row]).all()
            assert not result.changed[:, row].any()
        else:
            assert wanted == [result.table.value(i, row) for i in columns]
    assert (original.values == table.values).all()
    assert (original.states == table.states).all()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables())
def test_a_repair_of_a_repair_changes_nothing(problem: tuple[NormalProgram, EncodedTable]) -> None:
    program, table = problem
    once = repair_table(program, table, threads=1)
    twice = repair_table(program, once.table, threads=1)
    assert not twice.changed.any()
    assert [failure.row for failure in once.failures] == [failure.row for failure in twice.failures]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables())
def test_threads_make_no_difference(problem: tuple[NormalProgram, EncodedTable]) -> None:
    program, table = problem
    one, two = (repair_table(program, table, threads=threads) for threads in (1, 2))
    assert (one.table.values == two.table.values).all()
    assert (one.table.states == two.table.states).all()
    assert (one.statuses.tolist(), one.failures) == (two.statuses.tolist(), two.failures)


LOANS = htdbu.compile_text("""
table loans {
  age     : int in 16..95
  job     : category { "student", "employed", "retired" }
  income  : decimal(2) in 0..2_000_000
  limit   : decimal(2) in 0..1_000_000
  drawn   : decimal(2) in 0..1_000_000
  left    : decimal(2) = limit - drawn
  opened  : date in 2005-01-01..2026-06-30 format "%d.%m.%Y"
  closed  : date in 2005-01-01..2036-06-30 null format "%d.%m.%Y"
  default : bool
}
def ceiling(a) = case { a < 25 -> 40_000; a < 40 -> 120_000; else -> 500_000 }
hard adult:    age >= 18
hard ceiling:  income <= ceiling(age)
hard limit:    limit <= 0.4 * income
hard drawn:    drawn <= limit
hard closes:   closed is null or closed >= opened
forbid young:  job == "retired" and age < 50
soft(3) quiet: job == "student" => drawn <= 5_000
""")


def loans(n: int, seed: int = 0) -> pd.DataFrame:
    """Rows that break nearly everything, as texts."""
    rng = np.random.default_rng(seed)
    days = [pd.Timestamp("2004-06-01") + pd.to_timedelta(rng.integers(0, 9000, n), unit="D") for _ in range(2)]
    money = rng.integers(0, 10**8, (3, n)) / 100
    return pd.DataFrame(
        {
            "note": [f"n{i}" for i in range(n)],
            "age": rng.integers(10, 100, n).astype(str),
            "job": rng.choice(["student", "employed", "retired", "x", ""], n),
            "income": [f"{x:.2f}" for x in money[0]],
            "limit": [f"{x:.1f}" for x in money[1]],
            "drawn": [f"{x:.2f}" for x in money[2]],
            "opened": days[0].strftime("%d.%m.%Y"),
            "closed": np.where(rng.random(n) < 0.3, "", days[1].strftime("%d.%m.%Y")),
            "default": rng.choice(["Y", "yes", "No", "no"], n),
        },
        dtype="str",
    )


def test_a_table_whose_every_row_is_invalid() -> None:
    frame = loans(60)
    result = LOANS.repair(frame, threads=2)
    assert 60 == len(result.data) == result.report.violating_before
    assert (0, 0) == (result.report.violating_after, len(result.unrepaired))
    assert 0 == LOANS.check(result.data).hard_violations
    assert [*frame.columns, "left"] == list(result.data.columns)
    assert frame["note"].tolist() == result.data["note"].tolist()


def test_cells_that_nothing_changes_are_written_as_they_were_read() -> None:
    frame = loans(40)
    result = LOANS.repair(frame)
    changed = set(zip(result.changes["row"], result.changes["column"], strict=True))
    for header in frame.columns:
        for row, (before, after) in enumerate(zip(frame[header], result.data[header], strict=True)):
            assert ((row, header) in changed) == (before != after)
    for row, column, before, after in result.changes[["row", "column", "before", "after"]].itertuples(index=False):
        assert (before, after) == (frame[column][row], result.data[column][row])
    assert len(changed) == result.report.changed_cells == sum(result.report.columns.values())
    assert all(result.changes["rules"])


def test_the_objective_is_recomputed_from_the_cells() -> None:
    frame = loans(30)
    result = LOANS.repair(frame)
    program = htdbu.compiler.lowering.normalise(LOANS)
    before, after = encode(LOANS, frame), encode(LOANS, result.data)
    rows = np.flatnonzero([row in set(result.changes["row"]) for row in range(30)])
    assert result.report.objective == table_price(program, before, after, rows)
    total = sum(float(LOANS.repair(frame.iloc[[row]]).report.objective) for row in range(30))
    assert float(result.report.objective) == pytest.approx(total, abs=1e-9)


@pytest.mark.parametrize("n", [0, 1])
def test_no_rows_and_one_row(n: int) -> None:
    result = LOANS.repair(loans(n))
    assert (n, n, 0) == (len(result.data), result.report.repaired, len(result.unrepaired))
    assert ["row", "column", "before", "after", "rules"] == list(result.changes.columns)
    assert ["row", "status", "rules"] == list(result.unrepaired.columns)


def test_a_column_of_nulls() -> None:
    frame = loans(5).assign(age="", closed="", default="NA")
    result = LOANS.repair(frame)
    assert all(int(age) >= 18 for age in result.data["age"])
    assert ([""] * 5, ["false"] * 5) == (result.data["closed"].tolist(), result.data["default"].tolist())
    assert 0 == LOANS.check(result.data).hard_violations


def test_a_sound_table_comes_back_as_it_is() -> None:
    sound = LOANS.repair(loans(20)).data
    again = LOANS.repair(sound)
    pd.testing.assert_frame_equal(sound, again.data)
    assert (0, 0, 0.0) == (again.report.repaired, again.report.changed_cells, float(again.report.objective))


def test_typed_columns_keep_their_types() -> None:
    program = htdbu.compile_text(
        "table t { a : int in 0..9\n b : decimal(1) in 0..9\n c : bool\n d : date in 2020-01-01..2020-12-31 }\n"
        "hard r: a >= 5 and b >= 5 and c and d >= 2020-05-01"
    )
    frame = pd.DataFrame(
        {
            "a": [1, 7],
            "b": [1.5, 7.5],
            "c": [False, True],
            "d": pd.to_datetime(["2020-02-01", "2020-07-01"]),
        }
    )
    result = program.repair(frame)
    assert frame.dtypes.tolist() == result.data.dtypes.tolist()
    assert [5, 5.0, True, pd.Timestamp("2020-05-01")] == list(result.data.iloc[0])
    pd.testing.assert_frame_equal(frame.iloc[1:], result.data.iloc[1:])


def test_the_report_has_the_keys_of_the_contract() -> None:
    report = LOANS.repair(loans(10)).report.to_dict()
    assert {
        "rows",
        "violating_rows_before",
        "violating_rows_after",
        "repaired",
        "unrepaired",
        "optimal",
        "feasible",
        "changed_cells",
        "objective",
        "columns",
        "engine",
        "seconds",
        "warnings",
    } == set(report)
    assert {"table", "compiled", "cp-sat"} == set(report["engine"])
    assert 10 == sum(report["engine"].values())
    assert report["optimal"] + report["feasible"] == report["repaired"] == 10


def test_progress_counts_up_to_all_problems() -> None:
    seen: list[tuple[int, int]] = []
    LOANS.repair(loans(40), progress=lambda done, total: seen.append((done, total)))
    done, totals = [pair[0] for pair in seen], {pair[1] for pair in seen}
    assert sorted(set(done)) == done
    assert {done[-1]} == totals


class Recording(CpSatEngine):
    """The general engine, which notes how many rows it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def solve(self, problems: Problems, effort: float) -> Solutions:
        self.sizes.append(problems.size)
        return super().solve(problems, effort)


def test_equal_rows_are_solved_once() -> None:
    normal = normalise(LOANS)
    table = encode(LOANS, pd.concat([loans(1)] * 50, ignore_index=True))
    fixed = frozenset(i for i, column in enumerate(normal.columns) if column.fixed)
    problems = [gather(block, table, np.arange(50)) for block in components(normal, fixed)]
    recording = Recording()
    solved = dispatch([recording], problems, 10.0, threads=2)
    assert [1] * len(problems) == recording.sizes
    assert all(len({each.solutions.one(k) for k in range(50)}) == 1 for each in solved)


def test_an_effort_too_small_for_anything_leaves_the_row_as_it_was() -> None:
    frame = loans(1)
    result = LOANS.repair(frame, engine="cp-sat", effort=1e-12)
    assert ["unknown"] == result.unrepaired["status"].tolist()
    assert frame.iloc[0].tolist() == result.data[frame.columns].iloc[0].tolist()
    assert "income" in result.unrepaired["rules"].iloc[0] or result.unrepaired["rules"].iloc[0]


def test_a_budget_that_ends_early_gives_a_valid_row_that_is_not_called_nearest() -> None:
    rng = np.random.default_rng(3)
    names = [f"x{i}" for i in range(14)]
    weights = rng.integers(100, 999, 14).tolist()
    total = " + ".join(f"{weight} * {name}" for weight, name in zip(weights, names, strict=True))
    program = htdbu.compile_text(
        "table t {" + " ".join(f"{name} : int in 0..1000" for name in names) + "}\n"
        f"hard total: {total} == 4_321_987\nhard ratio: x0 * x1 >= x2 * x3 + 5000\n"
        f"hard half: count({', '.join(f'{name} >= 500' for name in names)}) == 7"
    )
    frame = pd.DataFrame({name: [str(value)] for name, value in zip(names, rng.integers(0, 1000, 14), strict=True)})
    results = [program.repair(frame, effort=effort) for effort in (1e-6, 1e-3, 1e-2, 1e-1, 10.0)]
    reports = [result.report for result in results]
    assert (1, 0) == (reports[0].unrepaired, reports[0].repaired)
    assert (1, 0) == (reports[-1].optimal, reports[-1].feasible)
    early = [report for report in reports if report.feasible]
    assert early
    assert all((0, 0, 1) == (r.violating_after, r.optimal, r.repaired) for r in early)
    assert all(report.objective >= reports[-1].objective for report in early)
    again = program.repair(frame, effort=1e-2)
    pd.testing.assert_frame_equal(results[2].data, again.data)


def test_columns_can_be_held_for_one_call_and_rules_added() -> None:
    program = htdbu.compile_text("table t { a : int in 0..9 fixed\n b : int in 0..9 }\nhard r: a + b == 9")
    normal = htdbu.compiler.lowering.normalise(program)
    table = encode(program, pd.DataFrame({"a": [3], "b": [3]}))
    held = repair_table(normal, table, fixed_columns=frozenset({1}), ignore_fixed=True)
    assert [6, 3] == held.table.values[:, 0].tolist()
    extra = htdbu.compiler.lowering.normalise(
        htdbu.compile_text("table t { a : int in 0..9\n b : int in 0..9 }\nhard more: b >= 8")
    ).rules
    more = repair_table(normal, table, extra_rules=extra)
    assert (Status.INFEASIBLE, ("r", "more", "a fixed")) == (more.failures[0].status, more.failures[0].rules)
    assert [1, 8] == repair_table(normal, table, extra_rules=extra, ignore_fixed=True).table.values[:, 0].tolist()
    assert [True] == repair_table(normal, table).solved.tolist()


def test_arguments_out_of_range_are_refused() -> None:
    with pytest.raises(UsageError, match="engine `z3`"):
        LOANS.repair(loans(1), engine="z3")
    with pytest.raises(UsageError, match="effort"):
        LOANS.repair(loans(1), effort=0)
    with pytest.raises(UsageError, match="threads"):
        LOANS.repair(loans(1), threads=0)
    with pytest.raises(DataError, match="age"):
        LOANS.repair(loans(1).drop(columns="age"))


def test_rules_that_read_no_column_and_never_hold() -> None:
    program = htdbu.compile_text("param p = 3\ntable t { a : int in 0..9 }\nhard never: p == 4")
    result = program.repair(pd.DataFrame({"a": [3, 12]}))
    assert ["infeasible", "infeasible"] == result.unrepaired["status"].tolist()
    assert ["never", "never"] == result.unrepaired["rules"].tolist()
    assert [3, 12] == result.data["a"].tolist()


@pytest.mark.slow
def test_many_rows_on_one_and_two_threads() -> None:
    frame = loans(600, seed=7)
    one, two = (LOANS.repair(frame, threads=threads) for threads in (1, 2))
    pd.testing.assert_frame_equal(one.data, two.data)
    pd.testing.assert_frame_equal(one.changes, two.changes)
    assert not hard_failures(LOANS, encode(LOANS, two.data)).any()

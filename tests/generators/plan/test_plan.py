"""Plans of tables whose targets few rows, many cells or unseen values make hard to meet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.compiler.program import Program
from htdbu.datasets import load_loans, loans_rules
from htdbu.errors import DataError, InfeasibleError
from htdbu.generators.plan import Plan, Unmet, make_plan
from htdbu.solver.encoding import encode


def _plan(program: Program, real: pd.DataFrame, n: int) -> Plan:
    return make_plan(program, encode(program, real), n)


def _distance(plan: Plan, real: pd.DataFrame, position: int, column: str) -> float:
    """Total variation distance of a planned column from the real one."""
    values = pd.Series([cell[position] for cell in plan.cells])
    got = pd.Series(plan.counts).groupby(values).sum() / sum(plan.counts)
    return float((got.sub(real[column].value_counts(normalize=True), fill_value=0)).abs().sum() / 2)


@pytest.mark.parametrize(("n", "unmet"), [(30, Unmet.IMPOSSIBLE), (60, None), (200, None)])
def test_small_tables_of_the_loan_book_are_planned(n: int, unmet: Unmet | None) -> None:
    plan = _plan(htdbu.compile_text(loans_rules()), load_loans(300, 42), n)
    assert unmet is plan.unmet
    assert n == sum(plan.counts)


def test_a_level_that_the_rules_do_not_know_leaves_the_plan_to_the_other_rows() -> None:
    real = load_loans(300, 42).replace({"job": {"employed": "pilot"}})
    plan = _plan(htdbu.compile_text(loans_rules()), real, 60)
    assert 60 == sum(plan.counts)


RULES = """table t {{ a : int in 0..99 b : int in 0..99 c : int in 0..29 d : bool }}
target ab: dist(a, d) ~ real within {within}
target b:  dist(b) ~ real within {within}
target c:  dist(c) ~ real within {within}
"""


def _real(n: int = 20_000) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    a = rng.binomial(99, 0.3, n)
    return pd.DataFrame(
        {"a": a, "b": (a + rng.integers(0, 40, n)) % 100, "c": rng.integers(0, 30, n), "d": rng.random(n) < 0.3}
    )


def test_distributions_that_cross_over_thousands_of_cells_are_met() -> None:
    real = _real()
    plan = _plan(htdbu.compile_text(RULES.format(within="1%")), real, 3000)
    assert len(plan.cells) > 10_000
    assert plan.unmet is None
    assert 3000 == sum(plan.counts)
    assert _distance(plan, real, 2, "b") <= 0.01
    assert _distance(plan, real, 3, "c") <= 0.01


def test_where_so_few_rows_cannot_meet_them_they_come_near() -> None:
    real = _real(5000)
    plan = _plan(htdbu.compile_text(RULES.format(within="0.5%")), real, 1000)
    assert Unmet.IMPOSSIBLE is plan.unmet
    assert _distance(plan, real, 2, "b") <= 0.03
    assert _distance(plan, real, 3, "c") <= 0.01


def test_a_plan_that_is_neither_found_nor_disproved_is_said_to_be_so() -> None:
    rules = RULES.format(within="4%") + "target low: share(b < 30) in 90%..100%\n"
    result = htdbu.synthesize(htdbu.compile_text(rules), _real(2000), 2000, generator="independent", random_state=1)
    assert 2000 == len(result.data)
    assert "nor a proof that there is none" in result.report.warnings[0]


def test_shares_that_clash_with_targets_are_refused_by_name() -> None:
    rules = "table t { a : int in 0..9 d : bool }\nfactor d ~ { true: 10%, false: 90% } {}\n"
    rules += "target many: share(d) in 20%..30%\n"
    real = pd.DataFrame({"a": [1, 2, 3, 4], "d": [True, False, True, False]})
    with pytest.raises(InfeasibleError, match=r"no table of 50 rows meets `factor d`, `many`"):
        _plan(htdbu.compile_text(rules), real, 50)


def test_what_no_real_row_shows_is_planned_beside_the_commonest_rows_of_thousands() -> None:
    rules = 'table t { a : int in 0..99 b : int in 0..99 c : category { "x", "y", "never" } }\n'
    rules += 'target a: dist(a, b) ~ real within 5%\ntarget c: dist(c) ~ { "never": 1%, "x": 99% } within 1%\n'
    real = _real().assign(c="x")[["a", "b", "c"]]
    plan = _plan(htdbu.compile_text(rules), real, 5000)
    assert plan.unmet is None
    rare = {cell: count for cell, count in zip(plan.cells, plan.counts, strict=True) if cell[2] == 2}
    common = real.groupby(["a", "b"]).size()
    assert sum(rare.values()) <= 100
    assert all(common.get((a, b), 0) >= 1 for (a, b, _), count in rare.items() if count)


def _rows(plan: Plan, position: int) -> dict[int | None, int]:
    """The planned rows by the value of one planned column."""
    rows: dict[int | None, int] = {}
    for cell, count in zip(plan.cells, plan.counts, strict=True):
        rows[cell[position]] = rows.get(cell[position], 0) + count
    return {value: count for value, count in rows.items() if count}


LETTERS = pd.DataFrame({"a": list("xxxyyzzx"), "b": list("ppqqrrpr")})


@pytest.mark.parametrize(("n", "a", "b"), [(10, [2, 3, 5], [5, 3, 2]), (1000, [200, 300, 500], [500, 250, 250])])
def test_several_factors_with_shares_have_them_all(n: int, a: list[int], b: list[int]) -> None:
    rules = 'table t { a : category { "x", "y", "z" } b : category { "p", "q", "r" } }\n'
    rules += 'factor a ~ { "x": 20%, "y": 30%, "z": 50% }\nfactor b ~ { "p": 50%, "q": 25%, "r": 25% }\n'
    plan = _plan(htdbu.compile_text(rules), LETTERS, n)
    assert a == [_rows(plan, 0)[k] for k in range(3)]
    assert b == [_rows(plan, 1)[k] for k in range(3)]


@pytest.mark.parametrize(("n", "quarter"), [(4, 1), (10, 3), (20, 5), (100, 25)])
def test_the_share_of_a_range_is_that_of_all_its_values(n: int, quarter: int) -> None:
    rules = "table t { v : int in 0..99 }\nfactor v ~ { 0..94: 25%, 95..99: 75% }\n"
    rows = _rows(_plan(htdbu.compile_text(rules), pd.DataFrame({"v": range(100)}), n), 0)
    low = [value for value, count in rows.items() for _ in range(count) if value is not None and value <= 94]
    assert quarter == len(low)
    assert n < 100 or 35 <= np.mean(low) <= 60  # spread over the range, not piled up at its start


def test_a_column_behind_many_others_keeps_its_shares() -> None:
    rng = np.random.default_rng(3)
    real = pd.DataFrame({"a": rng.integers(0, 100, 5000), "b": rng.integers(0, 30, 5000), "d": rng.random(5000) < 0.11})
    rules = "table t { a : int in 0..99 b : int in 0..29 d : bool }\nfactor a {}\nfactor b {}\nfactor d {}\n"
    plan = _plan(htdbu.compile_text(rules), real, 300)
    assert abs(_rows(plan, 2)[1] - 300 * real["d"].mean()) <= 1
    assert _distance(plan, real, 1, "b") <= 0.06


def test_a_target_that_forces_a_change_leaves_the_other_columns_as_they_are() -> None:
    rng = np.random.default_rng(3)
    a = rng.binomial(99, 0.4, 5000)
    real = pd.DataFrame({"a": a, "b": rng.integers(0, 12, 5000), "d": rng.random(5000) < a / 1000})
    rules = "table t { a : int in 0..99 b : int in 0..11 d : bool }\nfactor a {}\nfactor b {}\n"
    plan = _plan(htdbu.compile_text(rules + "target d: share(d) == 40% within 1%\n"), real, 500)
    assert 195 <= _rows(plan, 2)[1] <= 205
    assert _distance(plan, real, 0, "a") <= 0.04
    assert _distance(plan, real, 1, "b") <= 0.01


BRANCHES = """table t { a : category { "u", "v" } b : category { "p", "q", "r" } }
factor a ~ { "u": 15%, "v": 85% } { "u" -> b ~ { "p": 20%, "q": 80% } }
"""


def test_shares_of_values_that_no_real_row_shows_are_kept() -> None:
    real = pd.DataFrame({"a": list("uvv"), "b": list("rrq")})
    plan = _plan(htdbu.compile_text(BRANCHES), real, 60)
    rows = {cell: count for cell, count in zip(plan.cells, plan.counts, strict=True) if cell[0] == 0 and count}
    assert {(0, 0): 2, (0, 1): 7} == rows


def test_a_share_is_kept_where_only_cells_far_from_the_real_ones_are_allowed() -> None:
    rules = 'table t { a : category { "x", "y" } d : category { "x", "y" } }\nfactor a {}\n'
    rules += 'factor d ~ { "x": 50%, "y": 50% }\nhard same: a == d\n'
    plan = _plan(htdbu.compile_text(rules), pd.DataFrame({"a": list("xx"), "d": list("xx")}), 10)
    assert {0: 5, 1: 5} == _rows(plan, 1)


def test_a_target_is_met_by_cells_three_values_away_from_the_real_ones() -> None:
    rules = "table t {" + " ".join(f'{c} : category {{ "x", "y" }}' for c in "abc") + "}\n"
    rules += "factor a {}\nfactor b {}\nfactor c {}\nhard same: a == b and b == c\n"
    real = pd.DataFrame({c: list("xx") for c in "abc"})
    plan = _plan(htdbu.compile_text(rules + 'target s: share(a == "y") >= 50%\n'), real, 10)
    assert plan.unmet is None
    assert _rows(plan, 0)[1] >= 5


def test_the_real_shares_of_a_target_are_those_that_check_counts() -> None:
    rules = 'table t { b : category { "p", "q" } c : category { "x", "y" } }\n'
    rules += "factor c {}\ntarget d: dist(b) ~ real within 1%\n"
    real = pd.DataFrame({"b": list("pppppqqqqq" + "p" * 10), "c": list("xxxxxyyyyy") + ["other"] * 10})
    plan = _plan(htdbu.compile_text(rules), real, 100)
    assert abs(_rows(plan, 0 if plan.columns[0] == 0 else 1)[0] - 75) <= 1


def test_a_distribution_over_no_row_is_not_met() -> None:
    rules = 'table t { a : category { "x", "y" } g : bool }\nfactor g {}\n'
    rules += 'target d: dist(a given g) ~ { "x": 10%, "y": 90% } within 1%\n'
    real = pd.DataFrame({"a": list("x" * 50 + "y" * 50), "g": [True] * 2 + [False] * 98})
    assert 10 == _rows(_plan(htdbu.compile_text(rules), real, 300), 0)[1]


def test_conditions_that_no_row_has_together_are_not_planned() -> None:
    rules = "table t { c : bool }\ntarget s: share(c) == 25%\ntarget r: share(not c) == 50%\n"
    with pytest.raises(InfeasibleError, match="meets `s`, `r`"):
        _plan(htdbu.compile_text(rules), pd.DataFrame({"c": [False] * 7 + [True]}), 8)


def test_shares_of_many_digits_are_no_fault() -> None:
    rules = 'table t { a : category { "x", "y" } }\n'
    rules += 'target d: dist(a) ~ { "x": 33.333333333333333333%, "y": 66.666666666666666667% } within 1%\n'
    assert {0: 1, 1: 2} == _rows(_plan(htdbu.compile_text(rules), pd.DataFrame({"a": list("xxy")}), 3), 0)


def test_real_rows_without_a_planned_value_are_told() -> None:
    rules = 'table t { a : category { "x", "y" } }\nfactor a {}\n'
    with pytest.raises(DataError, match="no real row has a declared value in each of `a`"):
        _plan(htdbu.compile_text(rules), pd.DataFrame({"a": ["other"]}), 3)


def test_a_distribution_among_rows_of_a_condition_over_other_columns_is_planned() -> None:
    rules = 'table t { a : category { "x", "y" } b : int in 0..999 }\n'
    rules += 'target d: dist(a given b >= 500) ~ { "x": 80%, "y": 20% } within 2%\n'
    rng = np.random.default_rng(5)
    real = pd.DataFrame({"a": rng.choice(["x", "y"], 400), "b": rng.integers(0, 1000, 400)})
    program = htdbu.compile_text(rules)
    result = htdbu.synthesize(program, real, 200, generator="independent", random_state=1)
    assert [True] == [target["met"] for target in result.report.violations["targets"]]
    assert 0 == result.report.ways["repaired"]

"""Plans of tables whose targets few rows, many cells or unseen values make hard to meet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.compiler.program import Program
from htdbu.datasets import load_loans, loans_rules
from htdbu.errors import InfeasibleError
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
    real = _real()
    plan = _plan(htdbu.compile_text(RULES.format(within="0.5%")), real, 1000)
    assert Unmet.IMPOSSIBLE is plan.unmet
    assert _distance(plan, real, 2, "b") <= 0.03
    assert _distance(plan, real, 3, "c") <= 0.01


def test_a_plan_that_is_neither_found_nor_disproved_is_said_to_be_so() -> None:
    rules = RULES.format(within="0.2%") + "target low: share(b < 30) in 90%..100%\n"
    result = htdbu.synthesize(htdbu.compile_text(rules), _real(2000), 500, generator="independent", random_state=1)
    assert 500 == len(result.data)
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

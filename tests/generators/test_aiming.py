"""Targets of means, sums and orders are met by synthetic rows, within the rules and the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import htdbu

RULES = """\
table t {
  id    : int in 1..9_999 key
  kind  : category { "a", "b" }
  n     : int in 0..100
  twice : int = 2 * n
}
factor kind ~ { "a": 30%, "b": 70% }
hard small: kind == "a" => n <= 60
"""


def real(n: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    amounts = rng.integers(0, 50, n)
    kinds = rng.choice(["a", "b"], n)
    return pd.DataFrame({"id": np.arange(1, n + 1), "kind": kinds, "n": amounts, "twice": 2 * amounts})


@pytest.mark.parametrize(
    "target",
    [
        "mean(n) in 30..35",
        'mean(n given kind == "a") <= 5',
        "sum(twice) == 6000 within 10",
        "quantile(n, 0.5) == 40 within 2",
        "max(n) >= 90",
        "min(n) >= 10",
    ],
)
def test_a_target_that_no_plan_meets_is_met(target: str) -> None:
    program = htdbu.compile_text(f"{RULES}target asked: {target}\n")
    result = htdbu.synthesize(program, real(), 100, random_state=3)
    report = program.check(result.data)
    assert 0 == report.hard_violations
    assert [True] == [one.met for one in report.targets]
    assert {"a": 30, "b": 70} == result.data["kind"].value_counts().to_dict()
    assert result.data["id"].is_unique
    assert 100 == sum(result.report.ways.values())
    assert result.report.ways["repaired"] > 0
    assert () == result.report.warnings


def test_a_target_that_is_met_changes_nothing() -> None:
    results = [
        htdbu.synthesize(htdbu.compile_text(RULES + more), real(), 100, random_state=3)
        for more in ("", "target asked: mean(n) in 10..40\n")
    ]
    pd.testing.assert_frame_equal(results[0].data, results[1].data)
    assert 0 == results[1].report.ways["repaired"]


def test_a_target_that_the_rules_forbid_is_told() -> None:
    program = htdbu.compile_text(f'{RULES}target asked: mean(n given kind == "a") >= 80\n')
    result = htdbu.synthesize(program, real(), 100, random_state=3)
    assert 0 == program.check(result.data).hard_violations
    assert ("not met by rows that obey the rules and the plan: `asked`",) == result.report.warnings

"""Targets of means, sums and orders are met by synthetic rows, within the rules and the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.generators.exchange import exchange
from htdbu.solver.encoding import encode
from htdbu.solver.targets import measure_targets

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
    ("target", "changed"),
    [
        ("mean(n) in 30..35", False),
        ('mean(n given kind == "a") <= 2', True),
        ("sum(twice) == 6000 within 10", False),
        ("sum(twice) == 12000 within 10", True),
        ("quantile(n, 0.5) == 40 within 2", False),
        ("quantile(n, 0.5) == 60 within 2", True),
        ("max(n) >= 90", True),
        ("min(n) >= 10", False),
    ],
)
def test_a_target_is_met_by_drawn_rows_and_only_beyond_them_by_changed_ones(target: str, changed: bool) -> None:
    program = htdbu.compile_text(f"{RULES}target asked: {target}\n")
    result = htdbu.synthesize(program, real(), 100, random_state=3)
    report = program.check(result.data)
    assert 0 == report.hard_violations
    assert [True] == [one.met for one in report.targets]
    assert {"a": 30, "b": 70} == result.data["kind"].value_counts().to_dict()
    assert result.data["id"].is_unique
    assert 100 == sum(result.report.ways.values())
    assert changed == (result.report.ways["repaired"] > 0)
    assert () == result.report.warnings


def test_a_mean_rises_by_more_large_values_and_not_by_a_few_at_the_end() -> None:
    means = [(), ("target asked: mean(n) >= 32",)]
    plain, raised = (
        htdbu.synthesize(htdbu.compile_text(RULES + "".join(more)), real(2000), 500, random_state=3).data["n"]
        for more in means
    )
    assert raised.mean() >= 32 > plain.mean()
    quarters = [np.quantile(raised, q) - np.quantile(plain, q) for q in (0.25, 0.5, 0.75)]
    assert min(quarters) >= 2
    assert raised.value_counts(normalize=True).max() <= 0.06
    assert raised.max() <= real(2000)["n"].max()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_an_exchange_keeps_the_cells_and_comes_no_less_near(seed: int) -> None:
    rng = np.random.default_rng(seed)
    low, high = sorted(rng.integers(0, 60, 2).tolist())
    targets = f"target m: mean(n) in {low}..{high}\ntarget q: quantile(n, 0.25) >= {low}\ntarget t: max(n) <= {high}\n"
    program = htdbu.compile_text(RULES + targets)
    size = int(rng.integers(1, 80))
    pool = encode(program, real(size))
    cells = np.sort(rng.integers(0, 3, size))
    last = rng.random(size) < 0.2
    chosen = np.flatnonzero(rng.random(size) < 0.5)
    found = exchange(program, pool, cells, chosen, last, seed)
    assert len(chosen) == len(set(found.tolist()))
    assert cells[chosen].tolist() == cells[found].tolist()
    assert not last[np.setdiff1d(found, chosen)].any()
    assert found.tolist() == exchange(program, pool, cells, chosen, last, seed).tolist()
    before, after = (measure_targets(program, pool.take(rows), pool) for rows in (chosen, found))
    assert all(now.met or not then.met for then, now in zip(before, after, strict=True))


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

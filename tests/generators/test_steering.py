"""Steering: rows that a model hardly ever draws are drawn as often as the model given the rules would."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.generators.completion import Completion
from htdbu.generators.plan import Plan
from htdbu.generators.steering import Steering
from htdbu.generators.texture import Texture
from htdbu.solver.encoding import encode

EVEN = "table t { a : int in 0..99 b : int in 0..99 c : int in 0..400 null }\n"


def _even(n: int = 4000) -> pd.DataFrame:
    """Two columns that are uniform and independent, and one that nothing depends on."""
    rng = np.random.default_rng(1)
    c = np.where(rng.random(n) < 0.3, np.nan, rng.integers(0, 200, n))
    return pd.DataFrame({"a": np.arange(n) % 100, "b": rng.permutation(np.arange(n) % 100), "c": c})


def _made(rules: str, n: int = 3000, **options: Any) -> htdbu.generators.SynthesisResult:
    program = htdbu.compile_text(EVEN + rules)
    options = {"generator": "independent", "random_state": 3} | options
    result = htdbu.synthesize(program, _even(), n, **options)
    assert n == len(result.data) == sum(result.report.ways.values())
    assert 0 == program.check(result.data).hard_violations
    return result


def test_rows_that_one_sample_in_a_thousand_is_come_as_often_as_from_the_model_given_the_rule() -> None:
    result = _made("hard near_the_corner: a + b >= 195")
    assert result.report.ways["steered"] > 2900
    pairs = result.data.groupby(["a", "b"]).size()
    assert 10 == len(pairs)  # all are equally likely, though 96 has one partner and 99 has four
    assert (abs(pairs - 300) < 100).all()
    assert 0.25 < result.data["c"].isna().mean() < 0.35


def test_the_cells_of_the_plan_are_kept() -> None:
    result = _made("hard far: b >= 98 and c == 17 hard seen: c is not null factor a ~ { 0..94: 25%, 95..99: 75% } {}")
    assert 750 == (result.data["a"] < 95).sum()
    assert 0 == result.report.ways["repaired"]


def test_what_no_sample_can_be_is_completed_and_said() -> None:
    result = _made("hard shifted: c == a + 300 hard seen: c is not null hard later: b == 99 - a")
    assert {"completed": 3000} == {way: k for way, k in result.report.ways.items() if k}
    assert 1 == len(result.report.warnings)
    assert 100 == result.data["a"].nunique()


def test_rules_that_no_row_obeys_are_found_out_before_anything_is_steered() -> None:
    program = htdbu.compile_text(EVEN + "hard low: a + b <= 90 hard high: a >= 60 hard more: b >= 60")
    rows = encode(program, _even(100))
    texture = Texture(program, rows, Plan((), (), ((),), (100,), (1.0,)))
    steering = Steering(texture, htdbu.generators.create("independent"))  # not fitted: a draw would raise
    assert not steering.leads_somewhere(rows, np.zeros(100, np.int64)).any()


def test_a_part_that_is_steered_has_no_warning() -> None:
    assert () == _made("hard corner: a + b >= 193").report.warnings


@pytest.mark.parametrize("generator", ["bits", "trees", "gaussian-copula"])
def test_same_rows_whatever_the_threads(generator: str) -> None:
    first, second = (
        _made("hard corner: a + b >= 196 and c >= 190", n=60, generator=generator, threads=threads).data
        for threads in (1, 3)
    )
    pd.testing.assert_frame_equal(first, second)


SMALL = 'table t { a : int in 0..3 b : int in 0..3 null c : category { "x", "y" } d : int = a + b }\n'
RULES = st.sampled_from(
    [
        "a + b >= {k}",
        'a == b => c == "x"',
        'c == "y" => b is null or a > b',
        "b is not null",
        "d <= {k}",
        'd != {k} or c == "x"',
        "abs(a - b) >= {k} - 1",
        "a != {k}",
        "b is null => a == {k}",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(RULES, st.integers(0, 4)), min_size=1, max_size=4), st.permutations([0, 1, 2]))
def test_exactly_the_starts_that_a_valid_row_has_can_be_completed(
    rules: list[tuple[str, int]], order: list[int]
) -> None:
    text = SMALL + "\n".join(f"hard r{i}: {rule.format(k=k)}" for i, (rule, k) in enumerate(rules))
    program = htdbu.compile_text(text)
    rows = list(itertools.product(range(4), [None, 0, 1, 2, 3], ["x", "y"]))
    broken = set(program.check(_frame(rows)).violating.tolist())
    valid = [row for k, row in enumerate(rows) if k not in broken]
    assume(valid)
    completion = Completion(program, threads=1)
    known: set[tuple[Any, ...]] = {()}
    for size in range(1, 4):
        asked = [row for row in rows if tuple(row[i] for i in order[: size - 1]) in known]
        known = {tuple(row[i] for i in order[:size]) for row in valid}
        told = completion.possible(encode(program, _frame(asked)), order[:size])
        assert [tuple(row[i] for i in order[:size]) in known for row in asked] == told.tolist()


def _frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["a", "b", "c"]).astype({"b": "Int64"})

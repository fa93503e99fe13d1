"""Rules over several rows where hardly a tuple is left: all are found, and what cannot be is refused with a proof."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu

TABLE = "table t { a : int in 0..9 b : int in 0..9 c : int in 0..99 }\nunique (a, b)\n"


def _real() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    rows = rng.permutation(100)[:60]
    return pd.DataFrame({"a": rows // 10, "b": rows % 10, "c": rng.integers(0, 100, 60)})


def _made(rules: str, n: int, **options: Any) -> htdbu.generators.SynthesisResult:
    program = htdbu.compile_text(TABLE + rules)
    result = htdbu.synthesize(program, _real(), n, generator="independent", random_state=2, **options)
    assert n == len(result.data) == sum(result.report.ways.values())
    assert 0 == program.check(result.data).hard_violations
    return result


def test_every_tuple_there_is_gets_a_row() -> None:
    result = _made("hard near: c >= a", 100)
    assert 100 == len(result.data[["a", "b"]].drop_duplicates())
    assert result.report.ways["repaired"] > 0
    assert result.data.equals(_made("hard near: c >= a", 100, threads=1).data)


def test_the_last_rows_keep_the_plan() -> None:
    result = _made("factor a ~ { 0..4: 50%, 5..9: 50% } {}", 100)
    assert 50 == (result.data["a"] <= 4).sum()


def test_more_rows_than_tuples_are_refused_before_anything_is_drawn() -> None:
    with pytest.raises(htdbu.InfeasibleError, match=r"101 rows cannot keep `unique\(a, b\)`: there are 100 comb"):
        _made("", 101)


def test_tuples_that_a_rule_takes_away_are_told_as_the_reason() -> None:
    with pytest.raises(htdbu.InfeasibleError, match=r"`unique\(a, b\)`.* leave no place beside the other rows"):
        _made("hard outer: a <= 6 or b <= 4", 90)


def test_nullable_tuples_are_never_too_few() -> None:
    program = htdbu.compile_text("table t { a : int in 0..3 null c : int in 0..99 }\nunique (a)\n")
    real = pd.DataFrame({"a": [0, 1, 2, None] * 10, "c": range(40)})
    data = htdbu.synthesize(program, real, 30, generator="independent", random_state=2).data
    assert 0 == program.check(data).hard_violations
    assert 26 <= data["a"].isna().sum()

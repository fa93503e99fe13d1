"""A check piece by piece gives the figures and rows of one piece, wherever the table is cut."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.errors import DataError
from htdbu.grammar.source import Source
from htdbu.solver import check
from htdbu.solver.streaming import check_pieces
from tests.solver import rule_texts
from tests.solver.streaming.same import cut
from tests.solver.streaming.test_streamed_repair import CELLS, SIZES, tables

RULES = """
table t {
  id   : int in 0..3 key
  a    : int null
  b    : decimal(1) in 0..1 null
  mood : category { "bad", "good" } null
  ok   : bool
  name : text null key
  code : text
  note : text from notes by mood null
  at   : datetime in 2024-01-01T00:00:00..2024-12-31T00:00:00 null
  sum  : decimal(1) null = a + b
}
unique (a, b)
unique (code, mood)
fd a -> b, mood
fd name -> ok
fd code, mood -> at
hard named:  name != code
soft(2) odd: ok => a > 1
target s1: share(ok) in 10%..20%
target s2: share(a > 1 given ok) >= 10%
target m1: mean(a) in 0..1
target m2: sum(b given ok) <= 3
target m3: min(at) >= 2024-02-01T00:00:00
target m4: max(a) <= 1
target q1: quantile(a, 0.3) in 0..1
target q2: quantile(at, 0.5 given ok) >= 2024-02-01T00:00:00
target d1: dist(mood) ~ { "bad": 40%, "good": 60% } within 10%
target d2: dist(mood, ok) ~ real within 10%
target d3: dist(b) ~ { 0..0.5: 20%, 0.6..1: 80% } within 10%
"""
SEVERAL = htdbu.compile_text(RULES)


def assert_same_check(program: Program, frame: pd.DataFrame, size: int, real: pd.DataFrame | None = None) -> None:
    whole = check(program, frame, real=real)
    against = None if real is None else cut(real, size)
    with check_pieces(program, cut(frame, size), against, threads=2) as checked:
        rows = pd.concat([part.rows for part in checked.parts()], ignore_index=True)
        assert whole.to_dict() == checked.figures.to_dict()
    pd.testing.assert_frame_equal(whole.rows, rows)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables(), SIZES, st.none() | tables())
def test_rules_over_rows_and_targets(frame: pd.DataFrame, size: int, real: pd.DataFrame | None) -> None:
    assert_same_check(SEVERAL, frame, size, real)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_texts.rule_files(rows=8), SIZES)
def test_any_rules_and_rows(drawn: rule_texts.Drawn, size: int) -> None:
    compilation = compile_source(Source("t.htr", drawn.text))
    if not compilation.errors:
        assert_same_check(compilation.program, pd.DataFrame(drawn.rows, columns=list(drawn.headers), dtype="str"), size)


def test_huge_numbers_keep_their_digits() -> None:
    program = htdbu.compile_text(
        "table t { a : int }\nunique (a)\ntarget s: sum(a) >= 1\ntarget q: quantile(a, 0.75) >= 1"
    )
    cells = ["9" * 25, "1", "-" + "8" * 25, "9" * 25, str(2**61), str(2**61), "3"]
    assert_same_check(program, pd.DataFrame({"a": cells}, dtype="str"), 2)


def test_a_table_that_changes_is_noticed() -> None:
    frames = [pd.DataFrame({name: ["", "1"] for name in CELLS}, dtype="str")]
    with check_pieces(SEVERAL, lambda: frames) as checked:
        frames[0] = frames[0].iloc[:1]
        with pytest.raises(DataError, match="has changed"):
            list(checked.parts())

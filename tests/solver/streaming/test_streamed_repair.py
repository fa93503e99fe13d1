"""A repair piece by piece gives the cells, changes and figures of one piece, wherever the table is cut."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler.compile import compile_source
from htdbu.datasets import load_loans
from htdbu.errors import DataError, UsageError
from htdbu.grammar.source import Source
from htdbu.solver.streaming import repair_pieces
from tests.solver import rule_texts
from tests.solver.streaming.same import assert_same_repair, cut

SIZES = st.sampled_from([1, 2, 3, 7])


def assert_any_rules(drawn: rule_texts.Drawn, size: int) -> None:
    compilation = compile_source(Source("t.htr", drawn.text))
    if not compilation.errors:
        frame = pd.DataFrame(drawn.rows, columns=list(drawn.headers), dtype="str")
        assert_same_repair(compilation.program, frame, size)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_texts.rule_files(rows=8), SIZES)
def test_any_rules_and_rows(drawn: rule_texts.Drawn, size: int) -> None:
    assert_any_rules(drawn, size)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_texts.rule_files(rows=8), SIZES)
def test_many_rules_and_rows(drawn: rule_texts.Drawn, size: int) -> None:
    assert_any_rules(drawn, size)


SEVERAL = htdbu.compile_text("""
table t {
  id   : int in 0..3 key
  a    : int in 0..2 null
  b    : decimal(1) in 0..1 null
  mood : category { "bad", "good" }
  ok   : bool
  name : text null
  code : text
  note : text from notes by mood null
  at   : datetime in 2024-01-01T00:00:00..2024-12-31T00:00:00
  sum  : decimal(1) null = a + b
}
unique (a, b)
unique (name)
unique (code, mood)
fd a -> b, mood
fd name -> ok
fd note -> mood
hard named:  name != code
hard cheer:  ok => mood == "good"
hard noted:  note != "dull"
hard enough: a is null or a + b >= 1
soft(2) odd: name is not null
""")
CELLS = {
    "id": ["0", "1", "2", "3", "x", "99999999999999999999", "88888888888888888888"],
    "a": ["0", "1", "2", "", "9"],
    "b": ["0", "0.5", "1.0", "1", ""],
    "mood": ["bad", "good", "", "odd"],
    "ok": ["what", "YES", "no", "1", ""],
    "name": ["x", "y", "", "text-1", "text-3", "text-01"],
    "code": ["x", "y", "text-2", ""],
    "note": ["dull", "fine", "", "text-4"],
    "at": ["2024-05-01 10:00:00", "2023-05-01T10:00:00", "", "2024-02-03"],
}


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Up to ten rows of texts."""
    rows = draw(st.lists(st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())), max_size=10))
    return pd.DataFrame(rows, columns=list(CELLS), dtype="str")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables(), SIZES, st.integers(0, 3))
def test_rules_over_rows_and_made_up_and_drawn_texts(frame: pd.DataFrame, size: int, seed: int) -> None:
    assert_same_repair(SEVERAL, frame, size, random_state=seed)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables(), SIZES)
def test_pools_that_are_given(frame: pd.DataFrame, size: int) -> None:
    pool = pd.DataFrame({"text": ["glad", "dull", "text-9"], "label": ["good", "good", "nothing"]})
    assert_same_repair(SEVERAL, frame, size, pools={"notes": pool})


TYPED = htdbu.compile_text("""
table t {
  n : int in 3..300 null
  u : int in -5..9
  d : decimal(2) in 0..5 null
  f : decimal(1) in 0.1..9
  b : bool null
  c : category { "p", "q", "new" }
  g : category { "7", "8" }
  t : date in 2020-01-01..2020-12-31 null
  m : datetime in 2020-01-01T00:00:00..2020-12-31T00:00:00 null
  v : int in 1..5
  k : decimal(1) null = d + f
  l : category { "much", "little" } = if n > 100 then "much" else "little"
}
hard some:  n is null or u >= 0
hard large: u == 9 => n == 300
hard none:  b => t is null and n is null
hard new:   u == 8 => c == "new" and d is null
""")
COLUMNS: dict[str, list[tuple[Any, list[Any]]]] = {
    "n": [("Int8", [None, 5, 100]), ("int64", [5, 299]), ("float64", [np.nan, 5.0]), ("object", ["5", 7, None])],
    "u": [("uint8", [0, 8, 9, 200]), ("Int64", [-5, 8, 9]), ("UInt64", [2**63, 8, 9])],
    "d": [("float64", [0.5, 7.0, np.nan]), ("Int64", [1, 9, None]), ("object", [Decimal("1.5"), Decimal(9), None])],
    "f": [("float32", [0.1, 5.5, 99.0]), ("int64", [0, 5])],
    "b": [("bool", [True, False]), ("boolean", [True, None]), ("float64", [1.0, 0.0, np.nan]), ("str", ["Y", "No"])],
    "c": [("str", ["p", "q", "z"]), ("object", ["p", None]), ("category", ["p", "z", None])],
    "g": [("int64", [7, 8, 9]), ("str", ["7", "x"])],
    "t": [("datetime64[ns]", ["2020-02-01", "2021-01-01", None]), ("object", [date(2020, 2, 1), date(2022, 1, 1)])],
    "m": [("datetime64[s]", ["2020-02-01T05:00", None]), ("datetime64[ms]", ["2019-02-01T05:00:00.5", "2020-03-01"])],
    "v": [("object", [None]), ("float64", [np.nan])],
}  # fmt: skip


@st.composite
def typed_tables(draw: st.DrawFn) -> pd.DataFrame:
    """Up to eight rows of machine types."""
    n = draw(st.integers(0, 8))
    columns = {}
    for name, kinds in COLUMNS.items():
        dtype, cells = draw(st.sampled_from(kinds))
        drawn = draw(st.lists(st.sampled_from(cells), min_size=n, max_size=n))
        columns[name] = pd.Series(np.array(drawn, dtype) if "64[" in dtype else drawn, dtype=dtype)
    return pd.DataFrame(columns)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed_tables(), SIZES)
def test_types_are_decided_by_all_pieces(frame: pd.DataFrame, size: int) -> None:
    for name in ("c",):
        if isinstance(frame[name].dtype, pd.CategoricalDtype):  # of which every piece has its own levels
            frame = frame.assign(**{name: pd.Categorical(frame[name], sorted(frame[name].dropna().unique()))})
    assert_same_repair(TYPED, frame, size)


def test_a_book_of_loans_on_one_and_two_threads() -> None:
    program = htdbu.compile("examples/loans/loans.htr")
    frame = load_loans(400, random_state=1)
    frame.loc[[3, 77, 100, 200], "age"] = [17, 15, 3, 200]
    frame.loc[250, "id"] = frame.loc[3, "id"]
    for threads in (1, 2):
        assert_same_repair(program, frame, 90, threads=threads)


def test_arrow_and_polars_pieces() -> None:
    program = htdbu.compile_text(
        'table t { a: date in 2020-01-02..2020-02-03  b: category { "x" }  c: decimal(1) in 0..1  d: int in 0..9 }'
    )
    columns = {
        "a": [date(2019, 1, 1), None, date(2020, 1, 5)],
        "b": ["y", "x", "x"],
        "c": [Decimal("0.5"), Decimal("7.5"), None],
        "d": [None, 12, 3],
        "other": [[1], None, [2, 3]],
    }
    table = pa.table(columns).append_column("e", pa.array(["p", None, "q"]).dictionary_encode())
    for size in (1, 2, 3):
        assert_same_repair(program, table, size)
    frames = pl.DataFrame(columns)
    with repair_pieces(program, lambda: [frames.slice(0, 1), frames.slice(1, 2)]) as streamed:
        assert 3 == streamed.report.rows
        assert [1, 2] == [len(part.frame) for part in streamed.parts()]


def test_progress_counts_rows() -> None:
    seen: list[int] = []
    with repair_pieces(SEVERAL, cut(pd.DataFrame(columns=list(CELLS), dtype="str"), 3), progress=seen.append):
        assert [0] == seen


def test_pieces_that_do_not_fit_are_refused() -> None:
    program = htdbu.compile_text("table t { a: int in 0..9 }")
    ones, floats = pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1.5]})
    with pytest.raises(DataError, match="int64 in one piece and float64 in another"):
        repair_pieces(program, lambda: [ones, floats])
    with pytest.raises(DataError, match="no pieces"):
        repair_pieces(program, list)
    with pytest.raises(DataError, match="no column `a`"):
        repair_pieces(program, lambda: [ones, ones.rename(columns={"a": "b"})])
    with pytest.raises(DataError, match="HTR704"):
        repair_pieces(program, lambda: [floats.rename(columns={"a": "b"})])
    with pytest.raises(UsageError, match="threads"):
        repair_pieces(program, lambda: [ones], threads=0)


def test_a_table_that_changes_between_its_readings_is_noticed() -> None:
    program = htdbu.compile_text("table t { a: int in 0..9 }")
    frames = [pd.DataFrame({"a": [1, 20]})]
    with repair_pieces(program, lambda: frames) as streamed:
        frames[0] = frames[0].iloc[:1]
        with pytest.raises(DataError, match="has changed"):
            list(streamed.parts())

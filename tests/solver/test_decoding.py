"""What a repair writes: changed cells spelled as their column spells them, all others exactly as they were read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import htdbu


def repaired(rules: str, cells: Any, **options: Any) -> pd.Series:
    """The column `a` after a repair."""
    return htdbu.compile_text(rules).repair(pd.DataFrame({"a": cells}), **options).data["a"]


def test_odd_spellings_that_nothing_changes_stay() -> None:
    program = htdbu.compile_text("table t { a: int in 0..200  b: bool  c: decimal(2) in 0..9  d: int in 0..9 null }")
    frame = pd.DataFrame(
        {
            "a": [" 7", "1e2", "007", "+5", "8.0", "300"],
            "b": ["YES", "no", "T", "0", " true", "1"],
            "c": ["1", "1.0", "1.005", "0.10000", ".5", "99"],
            "d": ["", "NA", "NaN", "null", "3", "77"],
        },
        dtype="str",
    )
    result = program.repair(frame)
    assert frame.iloc[:5].equals(result.data.iloc[:5])
    assert ["200", "1", "9.00", "9"] == result.data.iloc[5].tolist()
    assert [5, 5, 5] == result.changes["row"].tolist()


def test_a_valid_frame_comes_back_as_it_was() -> None:
    program = htdbu.compile_text('table t { a: int null  b: date format "%d/%m/%Y"  c: category { "x" } null }')
    frame = pd.DataFrame(
        {
            "extra": [1.5, 2.5],
            "c": pd.Categorical(["x", None], categories=["x", "unused"]),
            "a": pd.array([1, None], dtype="Int16"),
            "b": ["01/02/2024", " 03/04/2024"],
        }
    )
    result = program.repair(frame)
    pd.testing.assert_frame_equal(frame, result.data)
    assert 0 == len(result.changes)


def test_undeclared_columns_and_the_order_of_columns_stay() -> None:
    program = htdbu.compile_text('table t { a: int in 0..9  b: int in 0..9 as "B b" }')
    objects = [{"any": "thing"}, [1], None]
    frame = pd.DataFrame({"z": objects, "B b": [1, 20, 3], "y": ["007", "", "NA"], "a": [99, 2, 3]})
    result = program.repair(frame)
    assert ["z", "B b", "y", "a"] == result.data.columns.tolist()
    assert objects == result.data["z"].tolist()
    assert frame["y"].equals(result.data["y"])
    assert [9, 2, 3] == result.data["a"].tolist()
    assert [1, 9, 3] == result.data["B b"].tolist()
    assert [(0, "a"), (1, "B b")] == list(zip(result.changes["row"], result.changes["column"], strict=True))


def test_the_frame_that_is_repaired_stays_as_it_is() -> None:
    frame = pd.DataFrame({"a": [1, 99]}, index=[7, 7])
    copy = frame.copy()
    result = htdbu.compile_text("table t { a: int in 0..9 }").repair(frame)
    pd.testing.assert_frame_equal(copy, frame)
    assert [0, 1] == result.data.index.tolist()


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("true", "false"),
        ("TRUE", "FALSE"),
        ("True", "False"),
        ("yes", "no"),
        ("Yes", "No"),
        ("YES", "NO"),
        ("t", "f"),
        ("T", "F"),
        ("1", "0"),
        (True, False),
        (1, 0),
        (1.0, 0.0),
    ],
)
def test_changed_bools_are_spelled_as_their_column_does(true: Any, false: Any) -> None:
    rules = "table t { a: bool }\nhard no: not a"
    after = repaired(rules, [true, false, true])
    assert [false, false, false] == after.tolist()
    assert [type(false)] * 3 == [type(cell) for cell in after]
    assert [true, true] == repaired("table t { a: bool }\nhard yes: a", [true, false]).tolist()


def test_a_column_without_any_bool_gets_true_and_false() -> None:
    assert ["false", "false"] == repaired("table t { a: bool }", ["", "what"]).tolist()


def test_numbers_in_texts() -> None:
    assert ["5"] == repaired("table t { a: int in 5..9 }", ["1"]).tolist()
    assert ["0.50"] == repaired("table t { a: decimal(2) in 0.5..9 }", ["0.1"]).tolist()
    assert ["-0.50"] == repaired("table t { a: decimal(2) in -9..-0.5 }", ["3"]).tolist()
    assert ["-9.00"] == repaired("table t { a: decimal(2) in -9..-0.5 }", ["x"]).tolist()
    assert ["1e30"] == repaired("table t { a: int }", ["1e30"]).tolist()


def test_dates_in_texts() -> None:
    early = "in 2020-01-02..2020-12-31"
    assert ["2020-01-02"] == repaired(f"table t {{ a: date {early} }}", ["2019-01-01"]).tolist()
    form = 'format "%d/%m/%Y"'
    assert ["02/01/2020"] == repaired(f"table t {{ a: date {early} {form} }}", ["01/05/2019"]).tolist()
    late = "table t { a: datetime in 2020-01-02T03:04:05..2021-01-01T00:00:00 }"
    assert ["2020-01-02T03:04:05"] == repaired(late, ["2019-01-01T00:00:00"]).tolist()
    assert ["2020-01-02 03:04:05"] == repaired(late, ["2019-01-01 00:00:00"]).tolist()
    ancient = "table t { a: date in 0900-05-06..0999-01-01 }"
    assert ["0900-05-06"] == repaired(ancient, ["0900-01-01"]).tolist()


def test_nulls_that_are_made() -> None:
    rules = "table t {{ a: {} null }}\nhard none: a is null"
    assert [""] == repaired(rules.format("int"), ["5"]).tolist()
    whole = repaired(rules.format("int") + " or a > 5", np.array([9, 1], dtype="int64"))
    assert [9, 6] == whole.tolist()
    assert np.dtype("int64") == whole.dtype
    for kind, cells, dtype in (
        ("int", np.array([5, 6], dtype="int64"), "Int64"),
        ("int", pd.array([5, None], dtype="Int8"), "Int8"),
        ("bool", [True, False], "boolean"),
        ("decimal(1)", [0.5, 0.7], "float64"),
        ("date", np.array(["2020-01-01"], dtype="datetime64[ns]"), "datetime64[ns]"),
        ("date", [date(2020, 1, 1)], "object"),
        ('category { "x" }', pd.Categorical(["x"]), "category"),
    ):
        after = repaired(rules.format(kind), cells)
        assert after.isna().all(), kind
        assert dtype == after.dtype, kind


def test_a_made_null_is_spelled_as_no_level() -> None:
    rules = 'table t { a: category { "", "x" } null }\nhard none: a is null'
    after = repaired(rules, ["x", "", "NA"])
    assert ["NA", "NA", "NA"] == after.tolist()
    assert 0 == htdbu.compile_text(rules).check(pd.DataFrame({"a": after})).hard_violations
    every = 'table t { a: category { "", "NA", "NaN", "null" } null }\nhard none: a is null'
    assert repaired(every, ["NA", ""]).isna().all()


@pytest.mark.parametrize(
    ("kind", "cells", "expected", "dtype"),
    [
        ("decimal(2) in 0.5..0.75", np.array([0, 3], dtype="int64"), [0.5, 0.75], "float64"),
        ("decimal(1) in 0.1..0.2", np.array([5.0, 0.2], dtype="float32"), [np.float32(0.2)] * 2, "float32"),
        ("int in 300..400", np.array([1, 2], dtype="int8"), [300, 300], "int64"),
        ("int in 300..400", pd.array([1, None], dtype="Int8"), [300, 300], "Int64"),
        ("int in -5..-3", np.array([1, 2], dtype="uint8"), [-3, -3], "int64"),
        ("int in 5..6", [True, False], [5, 5], "object"),
        ("int in 1..1", [True, False], [1, 1], "object"),
        ("int in 5..9", [np.nan, 7.0], [5.0, 7.0], "float64"),
        ("int in 5..9", pd.Categorical(["1", "7"]), ["5", "7"], "category"),
        ("int in 5..9", pd.Categorical([1, 7]), [5, 7], "category"),
        ('category { "2" }', pd.Categorical([1, 2]), [2, 2], "category"),
        ('category { "2" }', [1, 2], [2, 2], "int64"),
        ('category { "false" }', [True, False], [False, False], "bool"),
        ('category { "x" }', [1, 2], ["x", "x"], "object"),
        ('category { "x" }', pd.Categorical(["q", "x"]), ["x", "x"], "category"),
        ("bool", pd.Categorical(["yes", None]), ["yes", "no"], "category"),
        ("int in 5..9", pd.array([1, None], dtype=pd.ArrowDtype(pa.int64())), [5, 5], "int64[pyarrow]"),
    ],
)
def test_a_column_is_widened_only_where_a_cell_does_not_fit(kind: str, cells: Any, expected: Any, dtype: str) -> None:
    after = repaired(f"table t {{ a: {kind} }}", cells)
    assert expected == after.tolist()
    assert [isinstance(cell, bool) for cell in expected] == [isinstance(cell, bool) for cell in after]
    assert dtype == after.dtype
    assert 0 == htdbu.compile_text(f"table t {{ a: {kind} }}").check(pd.DataFrame({"a": after})).hard_violations


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("int in 3..4", 3),
        ("decimal(2) in 0.25..1", 0.25),
        ('category { "x", "y" }', "x"),
        ("date in 2020-01-02..2020-02-03", date(2020, 1, 2)),
        ("datetime in 2020-01-02T00:00:00..2020-02-03T00:00:00", pd.Timestamp("2020-01-02")),
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "Int64", "Float64"])
def test_a_column_of_nulls_is_filled(kind: str, expected: Any, dtype: str) -> None:
    after = repaired(f"table t {{ a: {kind} }}", pd.Series([None, None], dtype=dtype))
    assert [expected, expected] == after.tolist()


def test_decimals_dates_and_moments_as_objects() -> None:
    after = repaired("table t { a: decimal(2) in 5..9 }", [Decimal("1.234"), Decimal("6.0")])
    assert ["5.00", "6.0"] == [str(cell) for cell in after]
    days = "table t { a: date in 2020-01-02..2020-02-03 }"
    assert [date(2020, 1, 2)] == repaired(days, [date(2019, 1, 1)]).tolist()
    assert [pd.Timestamp("2020-01-02")] == repaired(days, pd.to_datetime(pd.Series(["2019-01-01"]))).tolist()
    mixed = repaired("table t { a: int in 5..9 }", pd.Series([1, "abc", None, 7.0, "8"], dtype=object))
    assert [5, 5, 5, 7.0, "8"] == mixed.tolist()


def test_a_date_outside_the_range_of_nanoseconds() -> None:
    old = np.array(["2020-01-01"], dtype="datetime64[ns]")
    after = repaired("table t { a: date in 1500-01-01..1501-01-01 }", old)
    assert [pd.Timestamp("1501-01-01")] == after.tolist()
    assert "datetime64[s]" == after.dtype


def test_arrow_and_polars_tables() -> None:
    program = htdbu.compile_text('table t { a: date in 2020-01-02..2020-02-03  b: category { "x" }  c: decimal(1) }')
    columns = {"a": [date(2019, 1, 1)], "b": ["y"], "c": [Decimal("0.5")]}
    for table in (pa.table(columns), pl.DataFrame(columns)):
        after = program.repair(table).data
        assert isinstance(after, pd.DataFrame)
        assert ["2020-01-02", "x", Decimal("0.5")] == [str(after["a"][0])[:10], after["b"][0], after["c"][0]]


def test_arrow_columns_keep_their_types() -> None:
    cells = {
        "decimal(2) in 0.5..1": (Decimal("0.10"), Decimal("0.50"), pa.decimal128(5, 2)),
        "date in 2020-01-02..2020-02-03": (date(2019, 1, 1), date(2020, 1, 2), pa.date32()),
        "bool": (None, False, pa.bool_()),
        'category { "x" }': ("y", "x", pa.string()),
    }
    for kind, (before, expected, arrow) in cells.items():
        dtype = pd.ArrowDtype(arrow)
        after = repaired(f"table t {{ a: {kind} }}", pd.Series([before], dtype=dtype))
        assert [expected] == after.tolist(), kind
        assert dtype == after.dtype


def test_derived_columns_that_the_data_lack_are_made() -> None:
    program = htdbu.compile_text(
        "table t { a: int in 0..9 null  half: decimal(1) null = a / 2  late: bool null = a > 5 }"
    )
    textual = program.repair(pd.DataFrame({"a": ["3", "", "8"]}, dtype="str")).data
    assert ["1.5", "", "4.0"] == textual["half"].tolist()
    assert ["false", "", "true"] == textual["late"].tolist()
    typed = program.repair(pd.DataFrame({"a": pd.array([3, None, 8], dtype="Int64")})).data
    assert [1.5, None, 4.0] == [None if pd.isna(cell) else cell for cell in typed["half"]]
    assert [False, None, True] == [None if pd.isna(cell) else cell for cell in typed["late"]]
    assert ["a", "half", "late"] == typed.columns.tolist()


@pytest.mark.parametrize("cells", [pd.Series([], dtype="int64"), pd.Series([], dtype="str"), []])
def test_an_empty_table(cells: Any) -> None:
    program = htdbu.compile_text("table t { a: int in 0..9  b: int = a + 1 }\nunique (a)\nfd a -> b")
    result = program.repair(pd.DataFrame({"a": cells}))
    assert ["a", "b"] == result.data.columns.tolist()
    assert 0 == len(result.data) == len(result.changes) == len(result.unrepaired)
    assert ["row", "column", "before", "after", "rules"] == result.changes.columns.tolist()


def test_changes_tell_the_cell_and_the_rules() -> None:
    program = htdbu.compile_text('table t { a: int in 0..9 as "A"  b: int in 0..9 }\nhard above: a >= b')
    changes = program.repair(pd.DataFrame({"A": ["x", "3"], "b": ["5", "4"]}, dtype="str")).changes
    assert [0, 1] == changes["row"].tolist()
    assert ["A", "A"] == changes["column"].tolist()
    assert ["x", "3"] == changes["before"].tolist()
    assert ["5", "4"] == changes["after"].tolist()
    assert ["a.domain", "above"] == changes["rules"].tolist()


def test_moments_keep_their_type() -> None:
    kind = "table t { a: datetime in 2020-01-02T00:00:00..2021-01-01T00:00:00 }"
    after = repaired(kind, np.array(["2019-01-01T05", "2020-05-05T07"], dtype="datetime64[us]"))
    assert [datetime(2020, 1, 2), datetime(2020, 5, 5, 7)] == after.tolist()
    assert "datetime64[us]" == after.dtype

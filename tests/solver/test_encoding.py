"""Every spelling of every kind of cell, read into step counts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.errors import DataError
from htdbu.solver import encode
from htdbu.solver.table import BROKEN, NULL, VALUE

X = "broken"
"""Stands for a cell that is no value of its type."""


def steps(kind: str, cells: Any, nulls: tuple[str, ...] = ()) -> list[int | str | None]:
    """A column of one kind, read: steps, None for a null, `X` for a broken cell."""
    program = htdbu.compile_text(f"table t {{ a: {kind} null }}")
    frame = cells if isinstance(cells, pa.Table | pl.DataFrame) else pd.DataFrame({"a": cells})
    table = encode(program, frame, nulls)
    shown = {VALUE: lambda row: table.value(0, row), NULL: lambda row: None, BROKEN: lambda row: X}
    return [shown[int(state)](row) for row, state in enumerate(table.states[0])]


def rounded(kind: str, cells: Any) -> int:
    program = htdbu.compile_text(f"table t {{ a: {kind} null }}")
    return program.check(pd.DataFrame({"a": cells})).rounded


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("7", 7),
        (" 7", 7),
        ("7 ", 7),
        ("+7", 7),
        ("-7", -7),
        ("-0", 0),
        ("007", 7),
        ("1e2", 100),
        ("1E+2", 100),
        ("7.0", 7),
        ("7.", 7),
        (".5e1", 5),
        ("1_000", X),
        ("1,000", X),
        ("abc", X),
        ("7 8", X),
        (" ", X),
        ("0x10", X),
        ("inf", X),
        ("-Infinity", X),
        ("nan", X),
        ("1e999999999", X),
        ("0e999999999", 0),
        ("1e-999999999", 0),
        ("-1e-999999999", 0),
        ("9" * 5000, X),
        ("1" + "0" * 30, 10**30),
        ("", None),
        ("NA", None),
        ("NaN", None),
        ("null", None),
        ("na", X),
        ("NULL", X),
        ("None", X),
    ],
)
def test_int_texts(cell: str, expected: int | str | None) -> None:
    assert [expected] == steps("int", [cell])
    assert [expected] == steps("int", pd.Series([cell], dtype=object))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0.1", 10),
        ("1.005", 100),
        ("1.015", 102),
        ("-1.005", -100),
        ("-1.015", -102),
        ("1.0050000000000000000000000001", 101),
        ("1e-2", 1),
        ("2.50", 250),
        ("1e9", 10**11),
        ("12%", X),
        ("1.2.3", X),
    ],
)
def test_decimal_texts(cell: str, expected: int | str) -> None:
    assert [expected] == steps("decimal(2)", [cell])


@pytest.mark.parametrize(
    "cells",
    [
        [1, 0, 3],
        [1.0, 0.0, 3.0],
        [Decimal("1"), Decimal("0.0"), Decimal("3.00")],
        ["1", "0", "3"],
        [np.int8(1), np.uint16(0), np.float32(3)],
        np.array([1, 0, 3], dtype="uint8"),
        np.array([1, 0, 3], dtype="int16"),
        np.array([1, 0, 3], dtype="uint64"),
        np.array([1, 0, 3], dtype="float32"),
        pd.array([1, 0, 3], dtype="Int64"),
        pd.array([1, 0, 3], dtype="UInt8"),
        pd.array([1, 0, 3], dtype="Float64"),
        pd.array(["1", "0", "3"], dtype="string"),
        pd.Categorical(["1", "0", "3"]),
        pd.Categorical([1, 0, 3]),
        pd.array([1, 0, 3], dtype=pd.ArrowDtype(pa.int32())),
        pd.array([1, 0, 3], dtype=pd.ArrowDtype(pa.float64())),
        pd.array([Decimal(1), Decimal(0), Decimal(3)], dtype=pd.ArrowDtype(pa.decimal128(5, 2))),
        pd.array(["1", "0", "3"], dtype=pd.ArrowDtype(pa.string())),
    ],
    ids=lambda cells: f"{type(cells).__name__}-{getattr(cells, 'dtype', '')}",
)
def test_numbers_of_every_dtype(cells: Any) -> None:
    assert [1, 0, 3] == steps("int", cells)
    assert [100, 0, 300] == steps("decimal(2)", cells)


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "float64", "float32", "object", "string", "boolean"])
@pytest.mark.parametrize("kind", ["int", "decimal(2)", "bool", 'category { "x" }', "date", "datetime", "text"])
def test_a_column_of_nulls(kind: str, dtype: str) -> None:
    assert [None, None] == steps(kind, pd.Series([None, None], dtype=dtype))


def test_missing_values_of_nullable_columns() -> None:
    assert [1, None] == steps("int", pd.array([1, None], dtype="Int64"))
    assert [1, None] == steps("int", [1.0, np.nan])
    assert [5, None] == steps("decimal(1)", pd.array([0.5, None], dtype="Float64"))
    assert [1, None, 0] == steps("bool", pd.array([True, None, False], dtype="boolean"))
    assert [None, None, None, 1] == steps("int", pd.Series([None, np.nan, pd.NA, 1], dtype=object))
    assert [0, None] == steps('category { "x" }', pd.Categorical(["x", None]))
    assert [None, 0] == steps("date", pd.to_datetime(pd.Series([None, "1970-01-01"])))


def test_floats_are_read_by_their_shortest_decimal() -> None:
    assert [1, 2, 3, -7] == steps("decimal(1)", [0.1, 0.2, 0.3, -0.7])
    assert [7_999_999_999_999_999] == steps("decimal(16) in 0.79..0.8", [0.7 + 0.1])
    assert [29] == steps("decimal(2)", [0.29])
    assert [113] == steps("decimal(2)", [1.125 + 0.005])
    assert [10**22 * 10] == steps("decimal(1)", [1e22])
    assert 0 == rounded("decimal(2)", [0.29, 0.57, 1.13, 8.41])


@pytest.mark.parametrize("dtype", ["float16", "float32", "Float32", "float[pyarrow]"])
def test_narrow_floats_too(dtype: str) -> None:
    cells = pd.Series([0.1, 0.2, 16.3], dtype=dtype)
    assert [1, 2, 163] == steps("decimal(1)", cells)
    assert 0 == rounded("decimal(1)", cells)
    assert [1] == steps("decimal(1)", pd.Series([np.float32(0.1)], dtype=object))


def test_infinities_are_broken() -> None:
    assert [X, X, 1] == steps("int", [np.inf, -np.inf, 1.0])
    assert [X] == steps("decimal(2)", pd.Series([Decimal("Infinity")], dtype=object))


def test_numbers_of_other_types_are_broken() -> None:
    assert [X, X] == steps("int", [True, False])
    assert [X] == steps("int", pd.Series([[1, 2]], dtype=object))
    assert [X] == steps("int", pd.Series([date(2024, 1, 1)], dtype=object))


def test_halves_are_rounded_to_even_and_counted() -> None:
    assert [0, 2, 2, -2, 3] == steps("int", ["0.5", "1.5", "2.5", "-2.5", "2.500001"])
    assert 5 == rounded("int", ["0.5", "1.5", "2.5", "-2.5", "2.500001"])
    assert [0, 2, 2] == steps("int", [0.5, 1.5, 2.5])
    assert 3 == rounded("int", [0.5, 1.5, 2.5])
    assert 2 == rounded("decimal(1)", ["0.10", "0.25", "0.25", "", "abc"])
    assert [0, 2] == steps("int", pd.Series([Decimal("0.5"), Decimal("1.5")], dtype=object))


def test_huge_numbers_keep_every_digit() -> None:
    cells = [10**30 + 1, -(10**30), 2**62, 2**62 - 1, 2**63, -(2**63)]
    assert cells == steps("int", pd.Series(cells, dtype=object))
    assert cells == steps("int", [str(cell) for cell in cells])
    assert [2**64 - 1, 1] == steps("int", np.array([2**64 - 1, 1], dtype="uint64"))
    assert [(2**63 - 1) * 100, -(2**63) * 100] == steps("decimal(2)", np.array([2**63 - 1, -(2**63)]))
    assert [10**25] == steps("int", [1e25])


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("true", "false"),
        ("TRUE", "FALSE"),
        ("True", "False"),
        ("yes", "no"),
        ("Yes", "NO"),
        ("t", "f"),
        ("T", "F"),
        ("1", "0"),
        (" yes", "no "),
        (1, 0),
        (1.0, 0.0),
        (True, False),
        (np.True_, np.False_),
        (np.int64(1), np.int64(0)),
    ],
)
def test_bools(true: Any, false: Any) -> None:
    assert [1, 0, 1] == steps("bool", [true, false, true])
    assert [1, 0, None] == steps("bool", pd.Series([true, false, None], dtype=object))


@pytest.mark.parametrize("cell", ["maybe", "y", "2", "1.0", 2, 0.5, -1])
def test_no_bools(cell: Any) -> None:
    assert [X] == steps("bool", [cell])


def test_categories() -> None:
    kind = 'category { "a", "b c", "1", "true" }'
    assert [0, 1, 2, 3] == steps(kind, ["a", "b c", "1", "true"])
    assert [X, X, X] == steps(kind, ["A", " a", "d"])
    assert [2, 2, 3, 2, X] == steps(kind, pd.Series([1, 1.0, True, np.int8(1), 1.5], dtype=object))
    assert [1, 0, X, None] == steps(kind, pd.Categorical(["b c", "a", "z", None]))
    assert [2, X] == steps(kind, [1, 2])
    assert [2, None] == steps(kind, [1.0, np.nan])


def test_a_level_that_spells_a_null_is_a_level() -> None:
    kind = 'category { "x", "NA", "" }'
    assert [1, 2, 0, None, None] == steps(kind, ["NA", "", "x", "null", "NaN"])
    assert [1, None] == steps(kind, pd.Series(["NA", None], dtype=object))
    assert [1, 2, None] == steps(kind, pd.Categorical(["NA", "", "null"]))
    assert [0, None] == steps('category { "x" }', ["x", "?"], nulls=("?",))
    assert [1, 0] == steps('category { "x", "?" }', ["?", "x"], nulls=("?",))


def test_further_null_texts() -> None:
    assert [None, None, None, 1] == steps("int", ["-", "n/a", "NA", "1"], nulls=("-", "n/a"))
    assert [X, 1] == steps("int", ["-", "1"])
    assert [None, 3] == steps("int", ["99", "3"], nulls=("99",))


@pytest.mark.parametrize(
    "cell",
    [
        "1970-01-11",
        " 1970-01-11 ",
        date(1970, 1, 11),
        datetime(1970, 1, 11),
        pd.Timestamp("1970-01-11"),
        np.datetime64("1970-01-11"),
        np.datetime64("1970-01-11T00:00:00"),
    ],
)
def test_dates(cell: Any) -> None:
    assert [10] == steps("date", pd.Series([cell], dtype=object))


@pytest.mark.parametrize(
    "cell",
    [
        "11/01/1970",
        "1970-1-11",
        "1970-02-30",
        "19700111",
        "1970-01-11T00:00:00",
        "10",
        10,
        10.5,
        datetime(1970, 1, 11, 5),
        pd.Timestamp("1970-01-11", tz="UTC"),
        True,
    ],
)
def test_no_dates(cell: Any) -> None:
    assert [X] == steps("date", pd.Series([cell], dtype=object))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_date_columns_of_machine_type(unit: str) -> None:
    column = pd.Series(np.array(["1970-01-03", "NaT", "1969-12-31"], dtype=f"datetime64[{unit}]"))
    assert [2, None, -1] == steps("date", column)
    assert [172_800, None, -86_400] == steps("datetime", column)
    assert [0, X] == steps("date", pd.Series(np.array(["1970-01-01", "1970-01-01T05"], dtype=f"datetime64[{unit}]")))


def test_dates_of_a_format() -> None:
    assert [10, X, X, None] == steps('date format "%d/%m/%Y"', ["11/01/1970", "1970-01-11", "31/02/1970", ""])
    assert [10] == steps('date format "%d.%m.%y"', ["11.01.70"])
    assert [61] == steps('datetime format "%d/%m/%Y %H:%M:%S"', ["01/01/1970 00:01:01"])


def test_datetimes() -> None:
    cells = ["1970-01-01T00:01:01", "1970-01-01 00:01:01", "1970-01-02", "1970-01-01T00:01", "1970-01-01T00:00:00Z"]
    assert [61, 61, 86_400, 60, X] == steps("datetime", cells)
    assert [61] == steps("datetime", pd.Series([datetime(1970, 1, 1, 0, 1, 1)], dtype=object))
    assert [X, X] == steps("datetime", ["noon", "25:00"])


def test_moments_finer_than_a_second_are_rounded_and_counted() -> None:
    cells = ["1970-01-01T00:00:00.5", "1970-01-01T00:00:01.5", "1970-01-01T00:00:02.25"]
    assert [0, 2, 2] == steps("datetime", cells)
    assert 3 == rounded("datetime", cells)
    assert [0, 2, 2] == steps("datetime", pd.to_datetime(pd.Series(cells), format="ISO8601"))


def test_texts_share_a_number_where_they_are_equal() -> None:
    first, second, third, missing = steps("text", ["b", "a", "b", ""])
    assert first == third != second
    assert missing is None
    assert [None, None] == steps("text", ["NA", "null"])


def test_polars_and_arrow_tables() -> None:
    cells: list[Any] = [1, None, 3]
    assert cells == steps("int", pl.DataFrame({"a": cells}))
    assert cells == steps("int", pa.table({"a": cells}))
    assert [5, None] == steps("decimal(1)", pa.table({"a": pa.array([Decimal("0.50"), None], pa.decimal128(6, 2))}))
    assert [5, None] == steps("decimal(1)", pl.DataFrame({"a": pl.Series([Decimal("0.50"), None])}))
    assert [1] == steps("decimal(1)", pl.DataFrame({"a": pl.Series([0.1], dtype=pl.Float32)}))
    days: list[Any] = [date(1970, 1, 3), None]
    assert [2, None] == steps("date", pl.DataFrame({"a": days}))
    assert [2, None] == steps("date", pa.table({"a": pa.array(days, pa.date32())}))
    moments: list[Any] = [datetime(1970, 1, 1, 0, 1), None]
    assert [60, None] == steps("datetime", pl.DataFrame({"a": moments}))
    assert [60, None] == steps("datetime", pa.table({"a": moments}))
    levels: list[Any] = ["y", None, "x"]
    kind = 'category { "x", "y" }'
    assert [1, None, 0] == steps(kind, pl.DataFrame({"a": pl.Series(levels, dtype=pl.Categorical)}))
    assert [1, None, 0] == steps(kind, pl.DataFrame({"a": pl.Series(levels, dtype=pl.Enum(["y", "x"]))}))
    assert [1, None, 0] == steps(kind, pa.table({"a": pa.array(levels).dictionary_encode()}))
    assert [1, None, 0] == steps("bool", pl.DataFrame({"a": [True, None, False]}))
    assert [1, None, 0] == steps("bool", pa.table({"a": [True, None, False]}))


@pytest.mark.parametrize("data", [[1, 2], {"a": [1]}, None, pd.Series([1]), "t.csv"])
def test_what_is_no_table(data: Any) -> None:
    with pytest.raises(DataError) as caught:
        htdbu.compile_text("table t { a: int }").check(data)
    assert "table" in caught.value.message
    assert "pass a pandas, polars or Arrow table" == caught.value.hint


def test_numbers_as_headers() -> None:
    program = htdbu.compile_text('table t { a: int as "0" }')
    assert [0] == program.check(pd.DataFrame([["x"], [2]])).rows["row"].tolist()


def test_missing_columns_name_their_neighbours() -> None:
    program = htdbu.compile_text("table t { income: int  age: int  job: text  double: int = 2 * age }")
    with pytest.raises(DataError) as caught:
        program.check(pd.DataFrame({"incme": [1], "age": [2]}))
    assert 'HTR704: the data have no column "income", "job"' == caught.value.message
    assert '"income": did you mean "incme"? say so with `as "incme"`' == caught.value.hint
    with pytest.raises(DataError) as caught:
        program.repair(pd.DataFrame({"zzzz": [1], "age": [2], "job": ["x"]}))
    assert 'HTR704: the data have no column "income"' == caught.value.message
    assert 'the data have "zzzz", "age", "job"' == caught.value.hint


def test_headers_that_stand_twice() -> None:
    program = htdbu.compile_text("table t { a: int }")
    with pytest.raises(DataError) as caught:
        program.check(pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"]))
    assert 'the data have the header "a" twice' == caught.value.message
    assert caught.value.hint is not None


def _halfway(draw: tuple[int, int]) -> float:
    """Floats about the middle of two steps, where rounding is hardest."""
    middle, nudges = draw
    value = (middle + 0.5) / 100
    for _ in range(abs(nudges)):
        value = float(np.nextafter(value, np.inf if nudges > 0 else -np.inf))
    return value


FLOATS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300),
    st.tuples(st.integers(-(10**12), 10**12), st.integers(-3, 3)).map(_halfway),
    st.integers(-(10**9), 10**9).map(lambda n: n / 1000),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(FLOATS, min_size=1, max_size=8))
def test_columns_of_floats_are_read_like_their_decimals(cells: list[float]) -> None:
    expected = [round(Fraction(repr(cell)) * 100) for cell in cells]
    assert expected == steps("decimal(2)", cells)
    assert expected == steps("decimal(2)", pd.Series(cells, dtype=object))
    assert expected == steps("decimal(2)", [repr(cell) for cell in cells])
    finer = sum((Fraction(repr(cell)) * 100).denominator != 1 for cell in cells)
    assert [finer] * 2 == [rounded("decimal(2)", cells), rounded("decimal(2)", [repr(cell) for cell in cells])]


NUMERALS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25).map(str),
    st.from_regex(r"\A ?[+-]?[0-9]{1,21}(\.[0-9]{0,5})? ?\Z"),
    st.from_regex(r"\A[+-]?[0-9.e+-]{1,5}\Z"),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(NUMERALS, min_size=1, max_size=8))
def test_columns_of_texts_are_read_like_their_decimals(cells: list[str]) -> None:
    def expected(cell: str) -> int | str:
        try:
            number = Decimal(cell)
        except ArithmeticError:
            return X
        return X if number and number.adjusted() > 400 else round(Fraction(number) * 100)

    assert [expected(cell) for cell in cells] == steps("decimal(2)", cells)
    assert [expected(cell) for cell in cells] == steps("decimal(2)", pd.Categorical(cells))

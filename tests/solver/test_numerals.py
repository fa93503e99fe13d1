"""Numbers read all at once are those that are read one by one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import htdbu
from htdbu.solver import encode
from htdbu.solver.numerals import decimal_steps, float_steps, text_days, text_steps
from htdbu.solver.reading import exact_number, reader
from htdbu.solver.table import HUGE

SCALES = st.integers(0, 12)
NEAR_TIES = st.builds(lambda whole, scale: (whole + 0.5) / 10**scale, st.integers(-(10**7), 10**7), SCALES)
SHORT = st.builds(lambda whole, scale: whole / 10**scale, st.integers(-(10**15), 10**15), SCALES)


def one_by_one(cell: float | str, scale: int) -> tuple[int, bool] | None:
    number = exact_number(cell)
    if number is None:
        return None
    return round(number * 10**scale), (number * 10**scale).denominator != 1


@given(st.lists(st.floats() | NEAR_TIES | SHORT, min_size=1), SCALES)
def test_floats(cells: list[float], scale: int) -> None:
    steps, finer, left = float_steps(np.array(cells), scale)
    for cell, step, rounded, undecided in zip(cells, steps.tolist(), finer.tolist(), left.tolist(), strict=True):
        assert undecided or one_by_one(cell, scale) == (step, rounded)


@given(st.lists(st.integers(-(10**14), 10**14), min_size=1), st.integers(0, 6))
def test_no_float_of_fifteen_digits_or_less_is_left_undecided(steps: list[int], scale: int) -> None:
    found, finer, left = float_steps(np.array(steps) / 10**scale, scale)
    assert (steps, False, False) == (found.tolist(), bool(finer.any()), bool(left.any()))


@given(
    st.lists(st.from_regex(r"\A\s?[+-]?\d{0,20}[._,]?\d{0,6}(e\d)?\s?\Z") | st.text(max_size=4), min_size=1),
    st.integers(0, 25),
)
def test_texts(cells: list[str], scale: int) -> None:
    steps, left = text_steps(cells, scale)
    for cell, step, undecided in zip(cells, steps.tolist(), left.tolist(), strict=True):
        assert undecided or one_by_one(cell, scale) == (step, False)


@pytest.mark.parametrize("cell", ["0", "-0", "+12", "12.5", "-12.50", "00012.05", "9999999999999999", "-0.01"])
def test_plain_texts_are_not_left_undecided(cell: str) -> None:
    steps, left = text_steps([cell], 2)
    assert ([Fraction(cell) * 100], [False]) == (steps.tolist(), left.tolist())


@pytest.mark.parametrize("cell", ["", ".", "1e2", " 1", "1 ", "1\n", "x", "1.234", "9" * 18, "１", "\ud800"])
def test_other_texts_are_left_undecided(cell: str) -> None:
    assert [True] == text_steps([cell], 2)[1].tolist()


def test_numbers_that_64_bit_arithmetic_does_not_hold_are_left_undecided() -> None:
    edge = (HUGE - 1) // 10**3
    assert [False, True] == text_steps([str(edge), str(edge + 1)], 3)[1].tolist()


DATES = st.dates().map(str) | st.from_regex(r"\A\s?\d{4}-\d\d-\d\d\s?\Z") | st.text(max_size=12)


@given(st.lists(DATES, min_size=1))
def test_dates(cells: list[str]) -> None:
    read = reader(htdbu.compile_text("table t { a: date }").columns[0])
    days, left = text_days(cells)
    for cell, day, undecided in zip(cells, days.tolist(), left.tolist(), strict=True):
        assert undecided or read(cell) == (day, False)


@pytest.mark.parametrize("cell", ["0001-01-01", "1969-12-31", "2000-02-29", "9999-12-31"])
def test_plain_dates_are_not_left_undecided(cell: str) -> None:
    assert ([(date.fromisoformat(cell) - date(1970, 1, 1)).days], [False]) == tuple(
        part.tolist() for part in text_days([cell])
    )


@pytest.mark.parametrize(
    "cell", ["", "2023-02-29", "2024-00-01", "2024-13-01", "2024-01-32", "0000-01-01", "2024/01/01"]
)
def test_other_dates_are_left_undecided(cell: str) -> None:
    assert [True] == text_days([cell])[1].tolist()


DECIMALS = st.builds(
    lambda whole, scale: Decimal(whole).scaleb(-scale), st.integers(-(10**30), 10**30), st.integers(0, 6)
)


@given(st.lists(DECIMALS | st.none(), min_size=1), st.integers(0, 8), st.integers(0, 3))
def test_decimals_of_arrow(cells: list[Decimal | None], scale: int, cut: int) -> None:
    array = pa.array(cells, pa.decimal128(38, 6))
    steps, finer, left = decimal_steps(pa.chunked_array([array.slice(0, cut), array.slice(cut)]), scale)
    for cell, step, rounded, undecided in zip(cells, steps.tolist(), finer.tolist(), left.tolist(), strict=True):
        if cell is None:
            assert (0, False) == (step, rounded)
        elif not undecided:
            number = Fraction(cell) * 10**scale
            assert (round(number), number.denominator != 1) == (step, rounded)


def test_decimals_of_arrow_are_read_as_those_of_python() -> None:
    program = htdbu.compile_text("table t { a: decimal(2) null  b: int null }")
    cells = [Decimal("1.005"), None, Decimal("-0.015"), Decimal("12345678901234567890.125"), Decimal(2)]
    kind = pa.decimal128(38, 3)
    arrow = pd.DataFrame({name: pd.array(pa.array(cells, kind), dtype=pd.ArrowDtype(kind)) for name in "ab"})
    one, two = encode(program, arrow), encode(program, pd.DataFrame(dict.fromkeys("ab", cells)))
    assert (one.values == two.values).all()
    assert (one.states == two.states).all()
    assert (one.huge, one.rounded) == (two.huge, two.rounded)


def test_nothing() -> None:
    assert ([], []) == tuple(part.tolist() for part in text_steps([], 2))
    assert ([], []) == tuple(part.tolist() for part in text_days([]))
    assert ([], [], []) == tuple(part.tolist() for part in decimal_steps(pa.chunked_array([], pa.decimal128(9, 2)), 2))
    assert ([], [], []) == tuple(part.tolist() for part in float_steps(np.array([]), 2))


def test_a_number_that_means_null_is_null() -> None:
    program = htdbu.compile_text("table t { a: int null  b: decimal(1) null }")
    table = encode(program, pd.DataFrame({"a": ["-999", "1"], "b": ["9.9", "1.0"]}), nulls=("-999", "9.9"))
    assert [[None, 1], [None, 10]] == [[table.value(i, row) for row in range(2)] for i in range(2)]


@pytest.mark.parametrize("library", [pl.DataFrame, pa.table])
def test_tables_of_other_libraries_keep_every_digit_beside_nulls(library: type) -> None:
    program = htdbu.compile_text("table t { a: int null  b: bool null }")
    table = encode(program, library({"a": [2**53 + 1, None], "b": [True, None]}))
    assert [[2**53 + 1, None], [1, None]] == [[table.value(i, row) for row in range(2)] for i in range(2)]

"""Cells of one type as cells of another: what the real rows say, and the value where they say nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htdbu.compiler.program import ColumnType, Program
from htdbu.generators.schema import column_of
from htdbu.generators.texture import texture_frame
from htdbu.generators.translation import Side
from htdbu.solver.encoding import encode

INT, MONEY, DATE, MOMENT = (
    ColumnType(kind="int"),
    ColumnType(kind="decimal", scale=2),
    ColumnType(kind="date"),
    ColumnType(kind="datetime"),
)


def levels(*names: str) -> ColumnType:
    return ColumnType(kind="category", levels=names)


def side(cells: list[Any], kind: ColumnType) -> Side:
    """A column of these cells under a type."""
    column = column_of("x", kind)
    program = Program(columns=(column,))
    table = encode(program, pd.DataFrame({"x": pd.Series(cells, dtype=object)}))
    return Side.of(column, texture_frame(program, table, [0])["x"])


def carried(cells: list[Any], source: ColumnType, goal: ColumnType, real: list[Any]) -> list[Any]:
    """The cells of a source column as those of a goal column, both of which the real cells tell."""
    own, other = side(real, source), side(real, goal)
    found = own.carry(side(cells, source).cells, other)
    assert len(found) == len(cells)
    assert isinstance(found.dtype, pd.CategoricalDtype) or found.dtype == other.cells.dtype
    return [None if gone else cell for cell, gone in zip(found, found.isna(), strict=True)]


@pytest.mark.parametrize(
    ("cells", "source", "goal", "real", "expected"),
    [
        (["2", "1", None], INT, levels("1", "2"), ["1", "2", None], ["2", "1", None]),
        (["2", "1"], levels("1", "2", "x"), INT, ["1", "2", "x"], [2, 1]),
        (["x", None], levels("1", "x"), INT, ["1", "x", ""], [None, None]),
        (["07"], INT, levels("07", "7"), ["07", "7"], ["07"]),
        (["1.25", "3.50"], MONEY, INT, ["1.25"], [1, 4]),
        (["3"], INT, MONEY, ["1.25"], [3.0]),
        (["2020-01-02"], DATE, MOMENT, ["2020-01-01"], [1577923200]),
        (["2020-01-02T00:00:00", "2020-01-02T00:00:01"], MOMENT, DATE, ["2020-01-01"], [18263, None]),
        (["2020-01-02"], DATE, INT, ["5"], [None]),
        (["4"], levels("1", "4"), INT, ["1"], [4]),
        (["east"], levels("east", "west"), levels("west"), ["west"], ["east"]),
        (["4"], INT, levels("1"), ["1"], ["4"]),
        ([], INT, MONEY, ["1"], []),
    ],
)
def test_cells_are_carried_over(
    cells: list[Any], source: ColumnType, goal: ColumnType, real: list[Any], expected: list[Any]
) -> None:
    assert expected == carried(cells, source, goal, real)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-(2**40), 2**40) | st.none(), min_size=1, max_size=20), st.integers(-(2**40), 2**40))
def test_numbers_come_back_from_another_type(real: list[int | None], new: int) -> None:
    own, other = side(real, INT), side(real, MONEY)
    cells = side([*real, new], INT).cells
    assert cells.equals(other.carry(own.carry(cells, other), own))


def test_values_beyond_all_numbers_are_missing() -> None:
    own, other = side(["1"], DATE), side(["1"], MOMENT)
    assert other.made(pd.Series([2.0**60, np.inf, np.nan]), own.column).isna().all()

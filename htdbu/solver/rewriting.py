"""A column of a frame with some cells written anew; cells of machine types without a look at each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.program import Column
from htdbu.solver.dtypes import fitting
from htdbu.solver.spelling import EXACT_POWER, EXACT_WHOLE
from htdbu.solver.table import VALUE, EncodedTable, Indices

_FAR = 100_000
"""Every type of moments, nanoseconds too, holds the dates that are nearer than so many days to 1970."""


def rewritten(column: Column, series: pd.Series, table: EncodedTable, i: int, rows: Indices) -> pd.Series | None:
    """The series with some cells replaced by those of a table; None where that needs a closer look.

    Where there is an answer, it is that of `spell` and `replaced`.
    """
    if not isinstance(series.dtype, np.dtype) or any(place == i for place, _ in table.huge):
        return None
    steps, known = table.values[i, rows], table.states[i, rows] == VALUE
    cells = _cells(column, series.dtype, steps, bool(known.all()))
    if cells is None:
        return None
    if not known.all():
        cells[~known] = np.nan if cells.dtype.kind == "f" else np.datetime64("NaT")
    new = series.to_numpy(copy=True)
    new[rows] = cells
    return pd.Series(new, index=series.index, copy=False)


def _cells(column: Column, dtype: np.dtype[Any], steps: Indices, known: bool) -> NDArray[Any] | None:
    """Step counts as cells of a machine type that holds each of them, and a null unless all are known."""
    kind, scale = column.type.kind, column.type.scale
    if dtype == np.float64 and kind in ("int", "decimal") and scale <= EXACT_POWER:
        # A quotient of two whole numbers that are floats is rounded once, and so is the nearest float of that decimal.
        return steps / 10.0**scale if _within(steps, EXACT_WHOLE) else None
    if dtype.kind == "M" and kind == "date":
        return steps.astype("datetime64[D]").astype(dtype) if _within(steps, _FAR) else None
    if known and dtype == np.int64 and kind in ("int", "decimal") and scale == 0:
        return steps
    if known and dtype == np.bool_ and kind == "bool":
        return steps.astype(bool)
    return None


def _within(steps: Indices, bound: int) -> bool:
    """Whether all step counts are nearer to 0 than a bound."""
    return not steps.size or bool(max(-int(steps.min()), int(steps.max())) < bound)


def replaced(
    series: pd.Series, rows: NDArray[np.int64], cells: list[Any], codes: NDArray[np.int64] | None = None
) -> pd.Series:
    """The series with some cells replaced; its type is widened only where a new cell does not fit.

    Args:
        codes: for each row the place of its cell among the cells; in their order by default.
    """
    dtype = fitting(series, cells)
    new = series.astype(dtype) if dtype != series.dtype else series.copy()
    made = pd.Series(cells, dtype=dtype)
    new.iloc[rows] = (made if codes is None else made.take(codes)).set_axis(new.index[rows])
    return new

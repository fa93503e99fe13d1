"""The types of repaired columns: those that one piece would decide on, although no piece holds all cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from htdbu.compiler.program import Column
from htdbu.solver.dtypes import fitting_parts
from htdbu.solver.spelling import is_textual
from htdbu.solver.table import NULL, VALUE, EncodedTable, Indices

_EXACT_FLOATS = 10**15
"""Below this every decimal number of up to 15 digits is another float."""
_NANOSECONDS = 9_000_000_000
"""Seconds from 1970 that a count of nanoseconds reaches to."""


@dataclass
class Extent:
    """The new cells of a column: whether a null is among them, and between which steps the others lie."""

    null: bool = False
    low: int = 0
    high: int = 0

    def add(self, table: EncodedTable, i: int, rows: Indices) -> None:
        """Take in some cells of a table."""
        states, values = table.states[i, rows], table.values[i, rows][table.states[i, rows] == VALUE]
        self.null |= bool((states == NULL).any())
        if values.size:
            self.low, self.high = min(self.low, int(values.min())), max(self.high, int(values.max()))
        for (column, _), value in table.huge.items():
            if column == i:
                self.low, self.high = min(self.low, value), max(self.high, value)


def final_type(
    column: Column,
    like: pd.Series,
    extent: Extent,
    cells: Callable[[], Iterable[list[Any]]],
    held: Callable[[], Iterable[pd.Series]],
) -> Any:
    """The type of a column with its new cells.

    Args:
        like: a short column that is spelled and typed as it.
        cells: gives the new cells, part by part; only asked where their extent does not tell.
        held: gives the column as it was, part by part; only asked where the new cells do not fit it.
    """
    return like.dtype if _surely_fits(column, like, extent) else fitting_parts(like.dtype, cells, held)


def _surely_fits(column: Column, like: pd.Series, extent: Extent) -> bool:
    """Whether it is plain, without a look at the cells one by one, that a column's own type holds the new ones."""
    dtype, kind, scale = like.dtype, column.type.kind, column.type.scale
    if isinstance(dtype, pd.CategoricalDtype):
        return False
    if dtype == np.dtype(object) or is_textual(like):
        return True
    missing_fits = not extent.null or pd.api.types.is_extension_array_dtype(dtype)
    if pd.api.types.is_bool_dtype(dtype):
        return kind == "bool" and missing_fits
    if pd.api.types.is_integer_dtype(dtype):
        bounds = np.iinfo(getattr(dtype, "numpy_dtype", dtype))
        whole = kind in ("int", "decimal") and scale == 0
        return whole and missing_fits and bounds.min <= extent.low and extent.high <= bounds.max
    if pd.api.types.is_float_dtype(dtype):
        near = extent.low > -_EXACT_FLOATS and extent.high < _EXACT_FLOATS
        return kind in ("int", "decimal") and near and getattr(dtype, "itemsize", 0) == 8
    if pd.api.types.is_datetime64_dtype(dtype):
        day = 86_400 if kind == "date" else 1
        return kind in ("date", "datetime") and day * extent.low > -_NANOSECONDS and day * extent.high < _NANOSECONDS
    return False

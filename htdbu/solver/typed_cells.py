"""Cells of typed columns as metrics and generators read them: numbers as floats, everything else as integer codes.

A column counts as a *number* when its cells lie on a line (integers, decimals, dates, datetimes) and as a *level*
column otherwise (bools and categories).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

MISSING = "(missing)"
"""How a missing cell is called wherever levels are listed."""


def is_number(series: pd.Series) -> bool:
    """Whether the cells lie on a line."""
    dtype = series.dtype
    if types.is_bool_dtype(dtype):
        return False
    return bool(types.is_numeric_dtype(dtype) or types.is_datetime64_any_dtype(dtype))


def numbers(series: pd.Series) -> Floats:
    """The cells of a number column as floats, NaN where missing; dates as seconds since 1970."""
    if types.is_datetime64_any_dtype(series.dtype):
        seconds = series.to_numpy(dtype="datetime64[s]")
        return np.where(np.isnat(seconds), np.nan, seconds.astype(np.int64).astype(np.float64))
    floats: Floats = series.to_numpy(dtype=np.float64, na_value=np.nan)
    return floats


def level_name(level: Any) -> str:
    """A level as the rules spell it."""
    return str(level).lower() if isinstance(level, bool | np.bool_) else str(level)


def level_codes(*columns: pd.Series) -> tuple[tuple[str, ...], list[Codes]]:
    """The same column of several tables as codes of shared levels; the last level is `MISSING`.

    Levels keep the declared order of a category; those that only a later table knows follow in order of appearance.
    """
    known: dict[Any, int] = {}
    for column in columns:
        for level in _levels(column):
            known.setdefault(level, len(known))
    coded = [_coded(column, known) for column in columns]
    return (*(level_name(level) for level in known), MISSING), coded


def _levels(column: pd.Series) -> list[Any]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.categories)
    if types.is_bool_dtype(column.dtype):
        return [False, True]
    return list(pd.unique(column.dropna()))


def _coded(column: pd.Series, known: dict[Any, int]) -> Codes:
    if isinstance(column.dtype, pd.CategoricalDtype):
        places = np.array([known[level] for level in column.cat.categories] + [len(known)], dtype=np.int64)
        categories: Codes = places[column.cat.codes.to_numpy(dtype=np.int64)]
        return categories
    missing = column.isna().to_numpy(dtype=bool)
    cells = column.astype(object).tolist()
    pairs = zip(cells, missing.tolist(), strict=True)
    return np.array([len(known) if gone else known[cell] for cell, gone in pairs], dtype=np.int64)

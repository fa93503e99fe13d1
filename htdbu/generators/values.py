"""Cells of a pandas column as lookup keys, as points on a line, and in another column's dtype."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

TICKS = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
"""How many of the ticks that dates and durations are counted in make a second, by their unit."""
_NUMERIC_OBJECTS = {"integer", "floating", "mixed-integer-float", "decimal"}
_DATE_OBJECTS = {"date", "datetime", "datetime64"}
_MIXED_OBJECTS = {"mixed", "mixed-integer", "unknown-array"}


def lookup_keys(series: pd.Series[Any]) -> pd.Series[Any]:
    """Hashable stand-ins of the cells, equal exactly where the cells are equal; missing stays missing.

    In columns of mixed Python objects 1, 1.0 and True are kept apart, and lists or dicts go by their text.
    """
    if isinstance(series.dtype, (pd.CategoricalDtype, pd.IntervalDtype)):
        return series.astype(object)
    if not types.is_object_dtype(series.dtype) or _inferred(series) not in _MIXED_OBJECTS:
        return series
    keys = [None if gone else _key(cell) for cell, gone in zip(series, series.isna(), strict=True)]
    return pd.Series(keys, index=series.index, dtype=object)


def _key(cell: Any) -> tuple[str, Hashable]:
    return type(cell).__name__, cell if isinstance(cell, (str, int, float, bytes)) else repr(cell)


def _inferred(series: pd.Series[Any]) -> str:
    return types.infer_dtype(series, skipna=True)


def symbol_ids(series: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Per cell the number of its value, from 0 in order of appearance; -1 where it is missing."""
    keys = lookup_keys(series)
    # A Series would be turned into an Index, which older pandas cannot make of integers beyond a float.
    values = keys.array if types.is_extension_array_dtype(keys.dtype) else keys.to_numpy()
    return pd.factorize(values)[0].astype(np.int64)


def find(keys: pd.Series[Any], among: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """For each key its place in `among` (no duplicates there), -1 where it is not; dtypes may differ."""
    dtype = among.dtype if among.dtype == keys.dtype else np.dtype(object)
    index = pd.Index(among.astype(dtype), dtype=dtype, tupleize_cols=False)
    return index.get_indexer(pd.Index(keys.astype(dtype), dtype=dtype, tupleize_cols=False))


def is_ordered(series: pd.Series[Any]) -> bool:
    """Whether the cells (none missing) lie on a line: numbers, dates, durations, ordered categories."""
    return positions(series) is not None


def positions(series: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Points on a line for cells that have an order (none missing), else None.

    Numbers stand for themselves, dates for seconds since 1970, durations for seconds, ordered categories
    for their place among the levels.
    """
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return np.asarray(series.cat.codes, dtype=np.float64) if dtype.ordered else None
    if types.is_bool_dtype(dtype) or types.is_complex_dtype(dtype):
        return None
    if types.is_numeric_dtype(dtype):
        return np.asarray(series, dtype=np.float64)
    if types.is_datetime64_any_dtype(dtype):
        return _seconds(pd.DatetimeIndex(series))
    if types.is_timedelta64_dtype(dtype):
        return _seconds(pd.TimedeltaIndex(series))
    if isinstance(dtype, pd.PeriodDtype):
        return np.asarray(pd.PeriodIndex(series).asi8, dtype=np.float64)
    return _object_positions(series) if types.is_object_dtype(dtype) else None


def _seconds(index: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(index.asi8, dtype=np.float64) / TICKS[index.unit]


def _object_positions(series: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    kind = _inferred(series)
    try:
        if kind in _NUMERIC_OBJECTS:
            return np.asarray(series, dtype=np.float64)
        if kind in _DATE_OBJECTS:
            return _seconds(pd.DatetimeIndex(series.to_numpy()))
    except (OverflowError, ValueError, TypeError):  # an integer beyond a float, time zones that differ
        return None
    return None


def cast_to(series: pd.Series[Any], dtype: Any) -> pd.Series[Any]:
    """The same cells in `dtype` where it holds every one of them unchanged, else the series as it is."""
    levels = dtype.categories if isinstance(dtype, pd.CategoricalDtype) else None
    if series.dtype == dtype or (levels is not None and not series.dropna().isin(levels).all()):
        return series
    try:
        cast = series.astype(dtype)
        there = series.notna()
        same = cast.notna().equals(there) and bool((cast[there].astype(object) == series[there].astype(object)).all())
    except (TypeError, ValueError, OverflowError, NotImplementedError):
        return series
    return cast if same else series

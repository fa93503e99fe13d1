"""Which type of column can hold new cells: its own where they fit, else the narrowest that keeps every cell exactly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from htdbu.solver.frames import doubles


def fitting(series: pd.Series, cells: list[Any]) -> Any:
    """The type that holds a series and some new cells (None is a null) without changing either.

    It is the series' own, a wider one of its family, the one of the cells where the series is all null, or object.
    """
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        added = [c for c in dict.fromkeys(cells) if c is not None and c not in dtype.categories]
        return pd.CategoricalDtype([*dtype.categories, *added], dtype.ordered) if added else dtype
    distinct = list(dict.fromkeys((type(cell), cell) for cell in cells))
    new = pd.Series([cell for _, cell in distinct], dtype=object)
    for candidate in _candidates(series, new):
        if _holds(candidate, new) and (candidate == dtype or _holds(candidate, series)):
            return candidate
    return np.dtype(object)


def _candidates(series: pd.Series, new: pd.Series) -> Iterator[Any]:
    dtype = series.dtype
    extension = pd.api.types.is_extension_array_dtype(dtype)
    yield dtype
    if pd.api.types.is_bool_dtype(dtype) and not extension:
        yield pd.BooleanDtype()
    if pd.api.types.is_integer_dtype(dtype):
        if not extension:
            yield np.dtype("int64")
        yield pd.Int64Dtype()
    if pd.api.types.is_integer_dtype(dtype) or pd.api.types.is_float_dtype(dtype):
        yield pd.Float64Dtype() if extension else np.dtype("float64")
    if pd.api.types.is_datetime64_dtype(dtype):
        yield np.dtype("datetime64[s]")
    if series.isna().all():
        yield new.infer_objects().dtype


def _holds(dtype: Any, cells: pd.Series) -> bool:
    """Whether the cells stay what they are in a column of that type; a truth value is no number here."""
    if not pd.api.types.is_bool_dtype(dtype) and pd.api.types.is_bool_dtype(cells.dtype):
        return bool(dtype == np.dtype(object))
    try:
        held = cells.astype(dtype)
    except (TypeError, ValueError, OverflowError):
        return False
    return all(_same(a, b) for a, b in zip(_plain(cells), _plain(held), strict=True))


def _plain(series: pd.Series) -> list[Any]:
    floats = pd.api.types.is_float_dtype(series.dtype)
    cells = doubles(series).tolist() if floats else series.tolist()
    return [None if missing else cell for cell, missing in zip(cells, series.isna().tolist(), strict=True)]


def _same(before: Any, after: Any) -> bool:
    if before is None or after is None:
        return before is after
    return isinstance(before, bool | np.bool_) == isinstance(after, bool | np.bool_) and bool(before == after)

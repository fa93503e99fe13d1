"""Which type of column can hold new cells: its own where they fit, else the narrowest that keeps every cell exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from htdbu.solver.frames import doubles


def fitting(series: pd.Series, cells: list[Any]) -> Any:
    """The type that holds a series and some new cells (None is a null) without changing either.

    It is the series' own, a wider one of its family, the one of the cells where the series is all null, or object.
    """
    return fitting_parts(series.dtype, lambda: (cells,), lambda: (series,))


def fitting_parts(dtype: Any, cells: Callable[[], Iterable[list[Any]]], held: Callable[[], Iterable[pd.Series]]) -> Any:
    """The same for a long column that is looked at in parts, as often as needed.

    Args:
        dtype: the type of the column.
        cells: gives the new cells, part by part.
        held: gives the column itself, part by part; only asked where new cells do not fit.
    """
    if isinstance(dtype, pd.CategoricalDtype):
        new = dict.fromkeys(cell for part in cells() for cell in dict.fromkeys(part))
        added = [c for c in new if c is not None and c not in dtype.categories]
        return pd.CategoricalDtype([*dtype.categories, *added], dtype.ordered) if added else dtype
    for candidate in _candidates(dtype, cells, held):
        fits = all(_holds(candidate, distinct_cells(part)) for part in cells())
        if fits and (candidate == dtype or all(_holds(candidate, part) for part in held())):
            return candidate
    return np.dtype(object)


def distinct_cells(cells: list[Any]) -> pd.Series:
    """The different ones among some cells, as objects; 1, 1.0 and True are three."""
    return pd.Series([cell for _, cell in dict.fromkeys((type(cell), cell) for cell in cells)], dtype=object)


def _candidates(
    dtype: Any, cells: Callable[[], Iterable[list[Any]]], held: Callable[[], Iterable[pd.Series]]
) -> Iterator[Any]:
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
    if all(part.isna().all() for part in held()):
        yield _natural(cells)


def _natural(cells: Callable[[], Iterable[list[Any]]]) -> Any:
    """The type that cells have by themselves; of each kind of cell the least and the greatest tell it."""
    ends: dict[type, list[Any]] = {}
    for part in cells():
        for kind in {type(cell) for cell in part}:
            own = [*ends.get(kind, ()), *(cell for cell in part if type(cell) is kind)]
            ends[kind] = own[:1] if kind is type(None) else [min(own), max(own)]
    return pd.Series([cell for pair in ends.values() for cell in pair], dtype=object).infer_objects().dtype


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

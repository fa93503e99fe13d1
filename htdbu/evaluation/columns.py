"""Typed columns as metrics read them: numbers as floats, everything else as small integer codes.

A column counts as a *number* when its cells lie on a line (integers, decimals, dates, datetimes) and as a *level*
column otherwise (bools and categories). A missing cell is a level of its own, and for numbers the lowest value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


def bin_starts(values: Floats, bins: int) -> Floats:
    """Where the bins of a number column start, from the quantiles of its present cells; ascending.

    A value's bin is `bins` times its mid-rank (the mean of its CDF from the left and from the right), rounded down, so
    that a value which fills many cells is set apart from its neighbours. A column of at most `bins` distinct values
    gives each a bin of its own.
    """
    present = values[~np.isnan(values)]
    distinct, counts = np.unique(present, return_counts=True)
    if len(distinct) <= bins:
        return distinct
    ends = np.cumsum(counts)
    place = np.floor(bins * (ends - counts / 2) / ends[-1])
    return distinct[np.flatnonzero(np.diff(place, prepend=-1))]


def number_codes(values: Floats, starts: Floats) -> Codes:
    """The bin of every cell; cells below the first start belong to the first bin, missing ones to the last code."""
    codes = np.clip(np.searchsorted(starts, values, side="right") - 1, 0, None)
    return np.where(np.isnan(values), max(len(starts), 1), codes).astype(np.int64)


@dataclass(frozen=True)
class CodedTables:
    """The same columns of several tables as codes.

    Attributes:
        sizes: how many codes each column has, the last one for missing cells.
        tables: one array a table, shape (columns, rows).
    """

    sizes: tuple[int, ...]
    tables: tuple[Codes, ...]


def code_tables(names: Sequence[str], bins: int, edges_from: pd.DataFrame, *others: pd.DataFrame) -> CodedTables:
    """Codes of some columns of several tables, the edges of all bins taken from the first one."""
    frames = (edges_from, *others)
    tables = [np.empty((len(names), len(frame)), np.int64) for frame in frames]
    sizes = []
    for i, name in enumerate(names):
        columns = [frame[name] for frame in frames]
        if is_number(columns[0]):
            starts = bin_starts(numbers(columns[0]), bins)
            coded = [number_codes(numbers(column), starts) for column in columns]
            sizes.append(max(len(starts), 1) + 1)
        else:
            levels, coded = level_codes(*columns)
            sizes.append(len(levels))
        for table, codes in zip(tables, coded, strict=True):
            table[i] = codes
    return CodedTables(tuple(sizes), tuple(tables))

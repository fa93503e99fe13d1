"""Typed columns as metrics read them: numbers as floats, everything else as small integer codes.

A column counts as a *number* when its cells lie on a line (integers, decimals, dates, datetimes) and as a *level*
column otherwise (bools and categories). A missing cell is a level of its own, and for numbers the lowest value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from htdbu.solver.typed_cells import Codes, Floats, is_number, level_codes, numbers


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

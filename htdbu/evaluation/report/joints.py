"""The joint distribution of two columns in both tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api import types

from htdbu.evaluation.columns import bin_starts, number_codes
from htdbu.evaluation.report.bins import spoken
from htdbu.evaluation.report.levels import MOST_LEVELS, folded, level_shares
from htdbu.solver.typed_cells import MISSING, Codes, Floats, is_number, level_codes, numbers

BINS = 10
"""As many as the trend and XModal cut a number into."""


@dataclass(frozen=True)
class Joint:
    """The joint shares of two columns in both tables, each of shape (rows, columns)."""

    rows: list[str]
    columns: list[str]
    real: Floats
    synthetic: Floats


def joint_table(real: pd.DataFrame, synthetic: pd.DataFrame, names: Sequence[str], most: int = MOST_LEVELS) -> Joint:
    """The joint of the first two named columns, numbers cut as XModal cuts them, at most `most` levels of each."""
    coded = [_coded(real[name], synthetic[name]) for name in names[:2]]
    (rows, (left, left_new)), (columns, (right, right_new)) = coded
    tables = [
        level_shares(one * len(columns) + two, len(rows) * len(columns)).reshape(len(rows), len(columns))
        for one, two in ((left, right), (left_new, right_new))
    ]
    both = tables[0] + tables[1]
    row_names, row_places = folded(rows, both.sum(axis=1), most)
    column_names, column_places = folded(columns, both.sum(axis=0), most)
    before, after = (
        np.array([[table[np.ix_(i, j)].sum() for j in column_places] for i in row_places]) for table in tables
    )
    return Joint(row_names, column_names, before, after)


def _coded(real: pd.Series, synthetic: pd.Series) -> tuple[tuple[str, ...], list[Codes]]:
    """Levels, the last of them for missing cells, and the codes of both columns."""
    if not is_number(real):
        return level_codes(real, synthetic)
    values = numbers(real)
    starts = bin_starts(values, BINS)
    dated = types.is_datetime64_any_dtype(real.dtype)
    alone = len(np.unique(values[~np.isnan(values)])) <= BINS
    return (*_bin_names(starts, dated, alone), MISSING), [
        number_codes(numbers(side), starts) for side in (real, synthetic)
    ]


def _bin_names(starts: Floats, dated: bool, alone: bool) -> list[str]:
    """What bins are called: by their value where each holds one `alone`, else by where they start, in round numbers.

    The first start is the least real value, which a single row may hold; it is not told.
    """
    words = [spoken(float(start), dated, digits=3) for start in starts]
    if alone:
        return words or ["any"]
    return [f"< {words[1]}", *(f"≥ {word}" for word in words[1:])] if len(words) > 1 else ["any"]

"""Copies: synthetic rows that equal a real row in every column that is no key and no text.

In a table of few or coarse columns some rows agree by chance. Where test rows are given, `copied_rows_floor` says how
many copies to expect of rows that no one copied: the share of test rows that equal a real row, times the number of
synthetic rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from htdbu.evaluation.comparison import Comparison, Measured, Metric
from htdbu.evaluation.distances import joint_codes
from htdbu.solver.typed_cells import Codes, is_number, level_codes


def copied(real: pd.DataFrame, synthetic: pd.DataFrame, names: Sequence[str]) -> int:
    """How many rows of `synthetic` equal a row of `real` in all of the named columns; a missing cell equals another."""
    columns, sizes = [], []
    for name in names:
        codes, size = _exact_codes(real[name], synthetic[name])
        columns.append(codes)
        sizes.append(size)
    rows, _ = joint_codes(np.array(columns), sizes)
    return int(np.isin(rows[len(real) :], rows[: len(real)]).sum())


def _exact_codes(real: pd.Series, synthetic: pd.Series) -> tuple[Codes, int]:
    """Codes of the cells of both columns, equal exactly where the cells are."""
    if is_number(real):
        codes, distinct = pd.factorize(pd.concat([real, synthetic], ignore_index=True))
        return np.where(codes < 0, len(distinct), codes).astype(np.int64), len(distinct) + 1
    levels, parts = level_codes(real, synthetic)
    return np.concatenate(parts), len(levels)


def measure(comparison: Comparison) -> Measured:
    """`copied_rows` and `copied_rows_floor`."""
    if not comparison.columns:
        return METRIC.nothing("no column can be compared")
    real, names, unseen = comparison.real, comparison.columns, comparison.test
    floor = None
    if unseen is not None and len(unseen):
        floor = copied(real, unseen, names) / len(unseen) * len(comparison.synthetic)
    return Measured({"copied_rows": copied(real, comparison.synthetic, names), "copied_rows_floor": floor})


METRIC = Metric("copies", ("copied_rows", "copied_rows_floor"), measure, section="privacy")

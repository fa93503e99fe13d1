"""Shape: how far the marginals of the synthetic table are from the real ones, column by column.

The mean over all columns of the Kolmogorov-Smirnov statistic (numbers and dates; a missing cell is the lowest value) or
the total variation distance (categories and bools; missing is a level). This is 1 - "Column Shapes" of sdmetrics where
nothing is missing. The floor is the mean error of tables drawn from the real rows; `_unseen` compares with the test
rows, which no generator can have learned by heart, and its floor is what drawn real rows score there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.distances import joint_variation, kolmogorov_smirnov
from htdbu.solver.typed_cells import Codes, is_number, level_codes, numbers

REPEATS = 5


def column_distance(real: pd.Series, synthetic: pd.Series) -> float:
    """KS or total variation distance of one column; neither side empty."""
    if is_number(real):
        return kolmogorov_smirnov(numbers(real), numbers(synthetic))
    levels, (left, right) = level_codes(real, synthetic)
    return joint_variation(left[None], right[None], [len(levels)])


def shape_error(real: pd.DataFrame, synthetic: pd.DataFrame, names: Sequence[str]) -> float:
    """The mean distance over some columns of two typed tables."""
    return float(np.mean([column_distance(real[name], synthetic[name]) for name in names]))


def _floor(real: pd.DataFrame, against: pd.DataFrame, names: Sequence[str], draws: Sequence[Codes]) -> float:
    return float(np.mean([shape_error(against, real.iloc[drawn], names) for drawn in draws]))


def measure(comparison: Comparison) -> Measured:
    """The errors against the real and the test rows, each with its floor."""
    why = need_rows(comparison)
    names, real, unseen = comparison.columns, comparison.real, comparison.test
    if why is None and not names:
        why = "no column can be compared"
    if why is not None:
        return METRIC.nothing(why)
    draws = comparison.resampled(METRIC.name, REPEATS)
    values: dict[str, float | None] = {
        "shape_error": shape_error(real, comparison.synthetic, names),
        "shape_floor": _floor(real, real, names, draws),
        "shape_error_unseen": None,
        "shape_floor_unseen": None,
    }
    if unseen is not None and len(unseen):
        values["shape_error_unseen"] = shape_error(unseen, comparison.synthetic, names)
        values["shape_floor_unseen"] = _floor(real, unseen, names, draws)
    return Measured(values)


METRIC = Metric(
    "shape", ("shape_error", "shape_floor", "shape_error_unseen", "shape_floor_unseen"), measure, section="fidelity"
)

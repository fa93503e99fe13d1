"""XModal: how far the synthetic joint distribution of target and sentiment is from the real one.

The total variation distance, 1/2 sum |p(cell) - q(cell)|, between the joint tables of two or more columns; missing
cells are a level, numbers and dates are cut at the quantiles of the real column. Its noise floor is the mean distance
of tables of as many rows, drawn from the real rows with replacement.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from htdbu.evaluation.columns import code_tables
from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.distances import joint_variation
from htdbu.solver.typed_cells import Codes

BINS = 10
REPEATS = 20


def joint_distance(real: pd.DataFrame, synthetic: pd.DataFrame, names: Sequence[str]) -> float:
    """XModal of any columns of two typed tables, neither of them empty."""
    coded = code_tables(names, BINS, real, synthetic)
    return joint_variation(coded.tables[0], coded.tables[1], coded.sizes)


def noise_floor(real: pd.DataFrame, names: Sequence[str], draws: Sequence[Codes]) -> float:
    """The mean XModal of tables that are drawn from the real one; `draws` are their row numbers."""
    coded = code_tables(names, BINS, real)
    rows = coded.tables[0]
    return float(np.mean([joint_variation(rows, rows[:, drawn], coded.sizes) for drawn in draws]))


def measure(comparison: Comparison) -> Measured:
    """`xmodal` and `xmodal_floor`."""
    why = need_rows(comparison)
    if why is None and not comparison.joint:
        why = "the rules name no sentiment column beside the target"
    if why is not None:
        return METRIC.nothing(why)
    draws = comparison.resampled(METRIC.name, REPEATS)
    return Measured(
        {
            "xmodal": joint_distance(comparison.real, comparison.synthetic, comparison.joint),
            "xmodal_floor": noise_floor(comparison.real, comparison.joint, draws),
        }
    )


METRIC = Metric("xmodal", ("xmodal", "xmodal_floor"), measure)

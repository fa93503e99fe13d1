"""Trend: how far the relations between pairs of columns are from the real ones.

The mean over all pairs of columns of the total variation distance between their joint tables. Numbers and dates are cut
into ten bins at the quantiles of the *real* column, the same edges for both tables; binning each table by itself, as
sdmetrics does, lets one outlier move every cell. Missing is a level. Floors as for the shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from htdbu.evaluation.columns import code_tables
from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.distances import joint_variation
from htdbu.solver.typed_cells import Codes

BINS = 10
REPEATS = 3


def pair_distances(real: Codes, synthetic: Codes, sizes: Sequence[int]) -> dict[tuple[int, int], float]:
    """The distance of every pair of coded columns, shape (columns, rows)."""
    pairs = combinations(range(len(sizes)), 2)
    return {(a, b): joint_variation(real[[a, b]], synthetic[[a, b]], [sizes[a], sizes[b]]) for a, b in pairs}


def trend_error(real: Codes, synthetic: Codes, sizes: Sequence[int]) -> float:
    """The mean distance over all pairs of two or more coded columns, shape (columns, rows)."""
    return float(np.mean(list(pair_distances(real, synthetic, sizes).values())))


def measure(comparison: Comparison) -> Measured:
    """The errors against the real and the test rows, each with its floor."""
    why = need_rows(comparison)
    if why is None and len(comparison.columns) < 2:
        why = "fewer than two columns can be compared"
    if why is not None:
        return METRIC.nothing(why)
    unseen = comparison.test if comparison.test is not None and len(comparison.test) else None
    others = [comparison.synthetic, *([] if unseen is None else [unseen])]
    coded = code_tables(comparison.columns, BINS, comparison.real, *others)
    real, synthetic, *held_out = coded.tables
    draws = [real[:, rows] for rows in comparison.resampled(METRIC.name, REPEATS)]

    def error_and_floor(against: Codes) -> tuple[float, float]:
        floors = [trend_error(against, drawn, coded.sizes) for drawn in draws]
        return trend_error(against, synthetic, coded.sizes), float(np.mean(floors))

    found = [value for against in (real, *held_out) for value in error_and_floor(against)]
    return Measured(dict(zip(METRIC.keys, [*found, None, None], strict=False)))


METRIC = Metric(
    "trend", ("trend_error", "trend_floor", "trend_error_unseen", "trend_floor_unseen"), measure, section="fidelity"
)

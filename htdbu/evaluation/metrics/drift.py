"""Drift: what happened to the marginal of every column.

A number or date: the shift of the mean in standard deviations of the real column, and the Kolmogorov-Smirnov statistic.
A category or bool: the total variation distance, and the level whose share moved most. For both the change of the share
of missing cells.

Floor, by column: the mean distance (Kolmogorov-Smirnov or total variation) of five tables of as many rows, drawn from
the real rows with replacement.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.metrics.shape import column_distance
from htdbu.solver.typed_cells import is_number, level_codes, numbers

REPEATS = 5


def column_drift(real: pd.Series, synthetic: pd.Series) -> dict[str, Any]:
    """The drift of one column, neither side empty."""
    shift = {"missing_shift": float(synthetic.isna().mean()) - float(real.isna().mean())}
    if is_number(real):
        return {"kind": "number", **_number_drift(real, synthetic), **shift}
    return {"kind": "category", **_level_drift(real, synthetic), **shift}


def _number_drift(real: pd.Series, synthetic: pd.Series) -> dict[str, Any]:
    before, after = (values[~np.isnan(values)] for values in (numbers(real), numbers(synthetic)))
    shift: float | None = None
    if before.size and after.size:
        difference, spread = float(after.mean() - before.mean()), float(before.std())
        # Off a constant column, no number of standard deviations says how far.
        shift = difference / spread if spread > 0 else 0.0 if difference == 0 else None
    return {"ks": column_distance(real, synthetic), "mean_shift": shift}


def _level_drift(real: pd.Series, synthetic: pd.Series) -> dict[str, Any]:
    levels, (before, after) = level_codes(real, synthetic)
    shares = [np.bincount(codes, minlength=len(levels)) / len(codes) for codes in (before, after)]
    moved = shares[1] - shares[0]
    most = int(np.abs(moved).argmax())
    return {
        "tv": float(np.abs(moved).sum() / 2),
        "level": levels[most] if moved[most] else None,
        "level_shift": float(moved[most]),
    }


def measure(comparison: Comparison) -> Measured:
    """`drift`: by column, in the order of the rules."""
    why = need_rows(comparison)
    if why is not None:
        return METRIC.nothing(why)
    real, synthetic = comparison.real, comparison.synthetic
    draws = comparison.resampled(METRIC.name, REPEATS)

    def floor(name: str) -> float:
        return float(np.mean([column_distance(real[name], real[name].iloc[drawn]) for drawn in draws]))

    found = {name: {**column_drift(real[name], synthetic[name]), "floor": floor(name)} for name in comparison.columns}
    return Measured({"drift": found})


METRIC = Metric("drift", ("drift",), measure)

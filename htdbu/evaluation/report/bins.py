"""Bins of a number column that both tables share, and how their ends are spoken."""

from __future__ import annotations

import math

import numpy as np

from htdbu.solver.typed_cells import Floats

BINS = 30
_DAY = 86_400.0
_FAR = 2
"""A range this many times as wide as that of 99 % of the cells is cut there: the ends then hold what lies beyond."""


def common_bins(values: Floats, *, whole: bool, dated: bool = False) -> Floats:
    """The edges of about `BINS` bins that hold all values: round numbers, never a value's own extremes.

    Whole numbers lie in the middle of their bins; bins of moments (`dated`) are whole days wherever days are what
    the column holds or spans.
    """
    if not values.size:
        return np.array([0.0, 1.0])
    low, high = float(values.min()), float(values.max())
    core = np.quantile(values, [0.005, 0.995])
    if high - low > _FAR * (core[1] - core[0]) > 0:
        low, high = float(core[0]), float(core[1])
    unit = _moment_unit(values, high - low) if dated else 1.0
    step = unit * _round_step((high - low) / BINS / unit, whole or dated)
    first = math.floor(low / step) * step
    count = max(math.floor((high - first) / step) + 1, 1)
    edges: Floats = first + step * np.arange(count + 1, dtype=np.float64) - (0.5 if whole else 0.0)
    return edges


def _moment_unit(values: Floats, span: float) -> float:
    """Seconds in a day where all moments are days or the bins hold several, else 1."""
    return _DAY if span >= BINS * _DAY or bool(np.all(values % _DAY == 0)) else 1.0


def _round_step(width: float, whole: bool) -> float:
    """The least of 1, 2, 5 times a power of ten that is at least `width`; for whole numbers at least 1."""
    if width <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= width * (1 - 1e-9))
    return max(step, 1.0) if whole else step


def spoken(value: float, dated: bool, digits: int = 4) -> str:
    """A number or date (seconds since 1970) on an axis; a number with so many digits, and in full from 1,000 on."""
    if dated:
        return str(np.datetime64(round(value), "s").astype("datetime64[D]"))
    if abs(value) >= 1e9:
        return f"{value:.3g}"
    rounded = float(f"{value:.{digits}g}") if digits < 4 else value
    return f"{rounded:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}g}"

"""The distributions that the report shows: a chart for the marginal of a column, and the joint of XModal's columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from htdbu.evaluation.columns import bin_starts, number_codes
from htdbu.evaluation.metrics.xmodal import BINS as JOINT_BINS
from htdbu.evaluation.svg import paired_bars, paired_histogram, percent
from htdbu.solver.typed_cells import Codes, Floats, is_number, level_codes, numbers

MOST_LEVELS = 12
"""Rarer levels are shown as one."""
BINS = 30
_DAY = 86_400.0
_FAR = 2
"""A range this many times as wide as that of 99 % of the cells is cut there: the ends then hold what lies beyond."""


def marginal_chart(key: str, name: str, real: pd.Series, synthetic: pd.Series) -> str:
    """The marginal of a typed column in both tables."""
    title = f"{name}: real and synthetic rows"
    if is_number(real):
        return _histogram(key, title, real, synthetic)
    levels, coded = level_codes(real, synthetic)
    shares = [_shares(codes, len(levels)) for codes in coded]
    labels, kept = folded(levels, shares[0] + shares[1])
    before, after = ([float(share[places].sum()) for places in kept] for share in shares)
    return paired_bars(key, title, labels, before, after)


def _shares(codes: Codes, size: int) -> Floats:
    """The share of every code; zeros where there are no rows."""
    return np.bincount(codes, minlength=size) / max(len(codes), 1)


def folded(levels: Sequence[str], weights: Floats) -> tuple[list[str], list[NDArray[np.intp]]]:
    """At most `MOST_LEVELS` labels, and the levels behind each: the heaviest in their order, then all others.

    The last level is that of missing cells; it is left out where there are none.
    """
    shown = np.arange(len(levels) - (not weights[-1]))
    if len(shown) <= MOST_LEVELS:
        return [levels[int(k)] for k in shown], [np.array([k]) for k in shown]
    heaviest = shown[np.argsort(-weights[shown], kind="stable")]
    kept, rest = np.sort(heaviest[: MOST_LEVELS - 1]), np.sort(heaviest[MOST_LEVELS - 1 :])
    return [*(levels[int(k)] for k in kept), f"{len(rest)} others"], [*(np.array([k]) for k in kept), rest]


def _histogram(key: str, title: str, real: pd.Series, synthetic: pd.Series) -> str:
    dated = types.is_datetime64_any_dtype(real.dtype)
    sides = [numbers(real), numbers(synthetic)]
    present = [side[np.isfinite(side)] for side in sides]
    edges = common_bins(np.concatenate(present), whole=types.is_integer_dtype(real.dtype), dated=dated)
    before, after = (
        np.histogram(np.clip(known, edges[0], edges[-1]), edges)[0] / max(len(side), 1)
        for known, side in zip(present, sides, strict=True)
    )
    everything = np.concatenate(present)
    ends = [edges[0], (edges[0] + edges[-1]) / 2, edges[-1]]
    if types.is_integer_dtype(real.dtype):
        ends = [edges[0] + 0.5, (edges[0] + edges[-1]) / 2, edges[-1] - 0.5]
    ticks = [_spoken(end, dated) for end in ends]
    if everything.size and everything.min() < edges[0]:
        ticks[0] = f"≤ {ticks[0]}"
    if everything.size and everything.max() > edges[-1]:
        ticks[-1] = f"≥ {ticks[-1]}"
    said = "; ".join(
        f"{name} rows: {_summary(known, side, dated)}"
        for name, known, side in zip(("real", "synthetic"), present, sides, strict=True)
    )
    return paired_histogram(key, title, before.tolist(), after.tolist(), ticks if everything.size else [], said)


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


def _spoken(value: float, dated: bool) -> str:
    """A number or date (seconds since 1970) on an axis."""
    if dated:
        return str(np.datetime64(round(value), "s").astype("datetime64[D]"))
    if abs(value) >= 1e9:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _summary(known: Floats, side: Floats, dated: bool) -> str:
    """Where the cells of a column lie, and how many are missing, in words."""
    if not known.size:
        return "no value"
    marks = (_spoken(float(value), dated) for value in np.quantile(known, [0.05, 0.25, 0.5, 0.75, 0.95]))
    words = "median {2}, half lie between {1} and {3}, nine in ten between {0} and {4}".format(*marks)
    gone = len(side) - len(known)
    return f"{words}, {percent(gone / len(side))} missing" if gone else words


@dataclass(frozen=True)
class Joint:
    """The joint shares of two columns in both tables, each of shape (rows, columns)."""

    rows: list[str]
    columns: list[str]
    real: Floats
    synthetic: Floats


def joint_table(real: pd.DataFrame, synthetic: pd.DataFrame, names: Sequence[str]) -> Joint:
    """The joint of the first two named columns, numbers cut as XModal cuts them, rare levels as one."""
    coded = [_coded(real[name], synthetic[name]) for name in names[:2]]
    (rows, (left, left_new)), (columns, (right, right_new)) = coded
    tables = [
        _shares(one * len(columns) + two, len(rows) * len(columns)).reshape(len(rows), len(columns))
        for one, two in ((left, right), (left_new, right_new))
    ]
    both = tables[0] + tables[1]
    row_names, row_places = folded(rows, both.sum(axis=1))
    column_names, column_places = folded(columns, both.sum(axis=0))
    before, after = (
        np.array([[table[np.ix_(i, j)].sum() for j in column_places] for i in row_places]) for table in tables
    )
    return Joint(row_names, column_names, before, after)


def _coded(real: pd.Series, synthetic: pd.Series) -> tuple[tuple[str, ...], list[Codes]]:
    """Levels, the last of them for missing cells, and the codes of both columns."""
    if not is_number(real):
        return level_codes(real, synthetic)
    starts = bin_starts(numbers(real), JOINT_BINS)
    dated = types.is_datetime64_any_dtype(real.dtype)
    names = [f"from {_spoken(float(start), dated)}" for start in starts] or ["any"]
    return (*names, "(missing)"), [number_codes(numbers(side), starts) for side in (real, synthetic)]

"""The marginal of a column in both tables: its shares, and a chart of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from markupsafe import Markup
from pandas.api import types

from htdbu.evaluation.report.bars import paired_bars
from htdbu.evaluation.report.bins import common_bins, spoken
from htdbu.evaluation.report.histogram import paired_histogram
from htdbu.evaluation.report.levels import folded, level_shares
from htdbu.evaluation.report.svg import percent
from htdbu.solver.typed_cells import Floats, is_number, level_codes, numbers


@dataclass(frozen=True)
class Marginal:
    """A chart, and what it shows: the names of levels or bins, with the share of the rows of either table in each."""

    chart: Markup
    names: Sequence[str]
    real: Sequence[float]
    synthetic: Sequence[float]


def marginal(key: str, name: str, real: pd.Series, synthetic: pd.Series) -> Marginal:
    """The marginal of a typed column; `key` is the anchor of its chart."""
    title = f"{name}: real and synthetic rows"
    if is_number(real):
        return _of_numbers(key, title, real, synthetic)
    levels, coded = level_codes(real, synthetic)
    shares = [level_shares(codes, len(levels)) for codes in coded]
    names, kept = folded(levels, shares[0] + shares[1])
    before, after = ([float(share[places].sum()) for places in kept] for share in shares)
    return Marginal(paired_bars(key, title, names, before, after), names, before, after)


def _of_numbers(key: str, title: str, real: pd.Series, synthetic: pd.Series) -> Marginal:
    dated, whole = types.is_datetime64_any_dtype(real.dtype), types.is_integer_dtype(real.dtype)
    sides = [numbers(real), numbers(synthetic)]
    present = [side[np.isfinite(side)] for side in sides]
    everything = np.concatenate(present)
    edges = common_bins(everything, whole=whole, dated=dated)
    before, after = (
        (np.histogram(np.clip(known, edges[0], edges[-1]), edges)[0] / max(len(side), 1)).tolist()
        for known, side in zip(present, sides, strict=True)
    )
    said = "; ".join(
        f"{name} rows: {_summary(known, side, dated)}"
        for name, known, side in zip(("real", "synthetic"), present, sides, strict=True)
    )
    ticks = _ticks(everything, edges, whole=whole, dated=dated)
    chart = paired_histogram(key, title, before, after, ticks, said)
    return Marginal(chart, _bin_names(edges, whole=whole, dated=dated), before, after)


def _ticks(values: Floats, edges: Floats, *, whole: bool, dated: bool) -> list[str]:
    """What stands below the axis: its ends and its middle; nothing where there are no values."""
    if not values.size:
        return []
    inwards = 0.5 if whole else 0.0
    ends = (edges[0] + inwards, (edges[0] + edges[-1]) / 2, edges[-1] - inwards)
    low, middle, high = (spoken(float(end), dated) for end in ends)
    low = f"≤ {low}" if values.min() < edges[0] else low
    return [low, middle, f"≥ {high}" if values.max() > edges[-1] else high]


def _bin_names(edges: Floats, *, whole: bool, dated: bool) -> list[str]:
    """Each bin by its ends; of whole numbers by the first and last that it holds."""
    inwards = 0.5 if whole else 0.0
    ends = ((float(low) + inwards, float(high) - inwards) for low, high in pairwise(edges))
    spelled = ((spoken(low, dated), spoken(high, dated)) for low, high in ends)
    return [low if low == high else f"{low} to {high}" for low, high in spelled]


def _summary(known: Floats, side: Floats, dated: bool) -> str:
    """Where the cells of a column lie, and how many are missing, in words."""
    if not known.size:
        return "no value"
    marks = (spoken(float(value), dated) for value in np.quantile(known, [0.05, 0.25, 0.5, 0.75, 0.95]))
    words = "median {2}, half lie between {1} and {3}, nine in ten between {0} and {4}".format(*marks)
    gone = len(side) - len(known)
    return f"{words}, {percent(gone / len(side))} missing" if gone else words

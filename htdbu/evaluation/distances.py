"""Distances between distributions of columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.evaluation.context import amounts, is_label, labels

BINS = 20


def variation(left: pd.Series, right: pd.Series) -> float:
    """Total variation distance of two tables of counts (indexed alike or not): half the sum of share differences."""
    if not left.sum() or not right.sum():
        return float("nan")
    shares = (left / left.sum()).sub(right / right.sum(), fill_value=0.0)
    return float(shares.abs().sum() / 2)


def joint_counts(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """How many rows hold each combination of values of some columns."""
    return pd.DataFrame({name: labels(frame[name]) for name in columns}).value_counts()


def kolmogorov_smirnov(left: pd.Series, right: pd.Series) -> float:
    """The greatest difference of two distribution functions; missing values count as lying below all others."""
    a, b = (np.sort(amounts(side).fillna(-np.inf).to_numpy()) for side in (left, right))
    if not a.size or not b.size:
        return float("nan")
    points = np.concatenate([a, b])
    gaps = np.searchsorted(a, points, side="right") / a.size - np.searchsorted(b, points, side="right") / b.size
    return float(np.abs(gaps).max())


def edges(series: pd.Series, bins: int = BINS) -> NDArray[np.float64]:
    """Inner edges of bins of equal mass of a column of amounts; fewer where values repeat."""
    known = amounts(series).dropna().to_numpy()
    if not known.size:
        return np.zeros(0)
    return np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1]))


def binned(series: pd.Series, cuts: NDArray[np.float64]) -> pd.Series:
    """A column as a few codes: the bin of an amount, the label of a label; missing values are a code of their own."""
    if is_label(series):
        return labels(series)
    values = amounts(series)
    codes = np.searchsorted(cuts, values.fillna(0).to_numpy(), side="right")
    return pd.Series(np.where(values.isna(), -1, codes), index=series.index)

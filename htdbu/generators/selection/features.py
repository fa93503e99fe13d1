"""Two tables of the same columns as numbers: for trees, and as bins whose counts are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from htdbu.generators.arrays import Floats, Ints

FINE_BINS = 64
"""Bins of equally many rows in which a number's own distribution is compared."""
_WIDE_BINS, _EVEN_BINS = 10, 5
"""In pairs a number is cut at the ends of so many bins of one width, and of so many with equally many rows."""
MOST_LEVELS = 64


@dataclass(frozen=True, eq=False)
class Features:
    """The cells of two tables, real rows first.

    Attributes:
        n_real: how many of the rows are real.
        cells: (rows, columns), codes of levels or numbers; NaN is missing.
        kinds: "c" for a category, "q" for a number, as XGBoost calls them.
    """

    n_real: int
    cells: Floats
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, real: pd.DataFrame, pool: pd.DataFrame) -> Features:
        """Read both; columns are categories, or what floats can hold."""
        columns, kinds = [], []
        for name in real.columns:
            category = isinstance(real[name].dtype, pd.CategoricalDtype)
            parts = [_codes(table[name]) if category else _numbers(table[name]) for table in (real, pool)]
            columns.append(np.concatenate(parts))
            kinds.append("c" if category else "q")
        return cls(len(real), np.column_stack(columns), tuple(kinds))

    @property
    def numbers(self) -> Floats:
        """The numbers of the second table, (rows, numbers)."""
        return self.cells[self.n_real :, [kind == "q" for kind in self.kinds]]

    def bins(self, weights: Floats) -> tuple[Bins, Bins]:
        """Every column in bins: fine ones, and coarse ones for pairs; `weights` say how much a real row counts."""
        fine, coarse = [], []
        for cells, kind in zip(self.cells.T, self.kinds, strict=True):
            if kind == "c":
                codes = _levels(cells, self.n_real)
                fine.append(codes)
                coarse.append(codes)
            else:
                own = cells[: self.n_real]
                there = np.isfinite(own)
                fine.append(_cut(cells, _quantiles(own[there], weights[there], FINE_BINS)))
                coarse.append(_cut(cells, _coarse_edges(own[there], weights[there])))
        return Bins.of(fine), Bins.of(coarse)


@dataclass(frozen=True, eq=False)
class Bins:
    """(rows, columns) codes from 0, and how many codes each column has."""

    codes: np.ndarray[tuple[int, ...], np.dtype[np.int32]]
    sizes: Ints

    @classmethod
    def of(cls, columns: Sequence[Ints]) -> Bins:
        """From the codes of each column."""
        codes = np.ascontiguousarray(np.column_stack(columns).astype(np.int32))
        return cls(codes, np.array([int(column.max(initial=0)) + 1 for column in columns], dtype=np.int64))


def _codes(series: pd.Series) -> Floats:
    codes = series.cat.codes.to_numpy(dtype=np.float64)
    return np.where(codes < 0, np.nan, codes)


def _numbers(series: pd.Series) -> Floats:
    return series.to_numpy(dtype=np.float64, na_value=np.nan)


def _levels(cells: Floats, n_real: int) -> Ints:
    """Levels by falling frequency among real rows, the rare ones as one, missing cells as the first."""
    codes = np.where(np.isnan(cells), -1, cells).astype(np.int64) + 1
    counts = np.bincount(codes[:n_real], minlength=int(codes.max(initial=0)) + 1)
    places = np.empty(counts.size, np.int64)
    places[np.argsort(-counts, kind="stable")] = np.arange(counts.size)
    return np.minimum(places, MOST_LEVELS)[codes]


def _quantiles(values: Floats, weights: Floats, count: int) -> Floats:
    """Where weighted quantiles lie, each once."""
    if not values.size or not weights.sum():
        return np.zeros(0)
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    places = np.searchsorted(reached, np.arange(1, count) / count)
    return np.unique(values[order][np.minimum(places, values.size - 1)])


def _coarse_edges(values: Floats, weights: Floats) -> Floats:
    if not values.size:
        return np.zeros(0)
    wide = np.linspace(values.min(), values.max(), _WIDE_BINS + 1)[1:-1]
    return np.unique(np.concatenate([wide, _quantiles(values, weights, _EVEN_BINS)]))


def _cut(cells: Floats, edges: Floats) -> Ints:
    """The bin of each cell; an edge is a bin's last value, and missing cells have one of their own."""
    codes = np.searchsorted(edges, cells, side="left").astype(np.int64) + 1
    codes[np.isnan(cells)] = 0
    return codes

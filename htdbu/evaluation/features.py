"""Tables as matrices for models: amounts as numbers, labels one-hot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.evaluation.context import amounts, is_label, labels

Matrix = NDArray[np.float64]

MOST_LEVELS = 50
"""Rarer levels than the first so many share one column."""


class Encoder:
    """Learns from one table how to write rows as numbers, then writes any table so.

    An amount becomes its standardised value (a missing one the median) and, where the first table has missing ones, an
    indicator; a label becomes one column a level. Constant columns are left out.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)

    def fit(self, frame: pd.DataFrame) -> Encoder:
        """Learn medians, scales and levels."""
        self.amounts_: dict[str, tuple[float, float, float, bool]] = {}
        self.levels_: dict[str, list[str]] = {}
        for name in self.columns:
            if is_label(frame[name]):
                counts = labels(frame[name]).value_counts()
                order = sorted(counts.index, key=lambda level: (-int(counts[level]), level))
                if len(order) > 1:
                    self.levels_[name] = order[:MOST_LEVELS]
            else:
                self._fit_amount(name, amounts(frame[name]))
        return self

    def _fit_amount(self, name: str, values: pd.Series) -> None:
        known = values.dropna()
        spread = float(known.std(ddof=0)) if len(known) else 0.0
        holes = bool(values.isna().any())
        if spread > 0 or (holes and len(known)):
            self.amounts_[name] = (float(known.median()), float(known.mean()), spread or 1.0, holes)

    def transform(self, frame: pd.DataFrame) -> Matrix:
        """Rows as numbers, shape (rows, features)."""
        parts: list[Matrix] = []
        for name, (median, mean, spread, holes) in self.amounts_.items():
            values = amounts(frame[name])
            parts.append(((values.fillna(median) - mean) / spread).to_numpy(dtype=float))
            if holes:
                parts.append(values.isna().to_numpy(dtype=float))
        for name, levels in self.levels_.items():
            words = labels(frame[name]).to_numpy()
            parts.extend(np.asarray(words == level, dtype=float) for level in levels)
        return np.stack(parts, axis=1) if parts else np.zeros((len(frame), 0))

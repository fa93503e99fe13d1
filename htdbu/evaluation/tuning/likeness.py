"""How like real rows others are, by the three statistics that the channels are judged by; lower is more like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from htdbu.evaluation.columns import code_tables
from htdbu.evaluation.metrics.detection import FOLDS, detection_auc
from htdbu.evaluation.metrics.shape import shape_error
from htdbu.evaluation.metrics.trend import BINS, pair_distances

STATISTICS = ("c2st_auc", "trend_error", "shape_error")


@dataclass(frozen=True)
class Likeness:
    """The statistics of one table; `pairs` holds by column its mean distance in the tables of pairs."""

    values: Mapping[str, float]
    pairs: Mapping[str, float]

    @classmethod
    def mean(cls, found: Sequence[Likeness]) -> Likeness:
        """The means of several."""
        return cls(
            {name: float(np.mean([each.values[name] for each in found])) for name in found[0].values},
            {name: float(np.mean([each.pairs[name] for each in found])) for name in found[0].pairs},
        )


def likeness(real: pd.DataFrame, other: pd.DataFrame, seed: int) -> Likeness:
    """The statistics of two tables with the same columns, each of `FOLDS` rows or more; `seed` is that of the folds."""
    names = [str(name) for name in real]
    coded = code_tables(names, BINS, real, other)
    met: dict[str, list[float]] = {name: [] for name in names}
    for (a, b), distance in pair_distances(coded.tables[0], coded.tables[1], coded.sizes).items():
        met[names[a]].append(distance)
        met[names[b]].append(distance)
    pairs = {name: float(np.mean(distances)) if distances else 0.0 for name, distances in met.items()}
    rows = min(len(real), len(other))
    values = {
        "c2st_auc": detection_auc(real[:rows], other[:rows], names, seed) if rows >= FOLDS else 0.5,
        "trend_error": float(np.mean(list(pairs.values()))),
        "shape_error": shape_error(real, other, names),
    }
    return Likeness(values, pairs)

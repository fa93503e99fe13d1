"""Which pairs of numbers or dates are worth a closer look: those of which a corner of the plane stays empty.

Both columns are cut into bins of about equally many rows. An order, a ratio or a ceiling leaves at least one corner of
the table of counts empty; the pair's score is the number of rows that would lie in the corner by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from htdbu.generators.arrays import Floats
from htdbu.providers.mined import surprise
from htdbu.providers.mined.view import Field, View

_BINS = 16
_MOST_PAIRS = 600
_WIDE, _SCREENED_ROWS = 60, 5_000
"""Of tables with more columns than this, so many rows are screened."""

Corner = tuple[bool, bool]
"""Whether the first and the second column are high in a corner."""


@dataclass(frozen=True)
class Pair:
    """Two columns, and how many rows would lie in each corner that is empty; 0 where it is not."""

    one: Field
    other: Field
    corners: dict[Corner, float]

    @property
    def score(self) -> float:
        """That of the emptiest corner."""
        return max(self.corners.values())


def pairs(view: View) -> list[Pair]:
    """The pairs with an empty corner, those that are most surprising first; asked for once no more is derived."""
    return view.once("pairs", _pairs)


def _pairs(view: View) -> list[Pair]:
    fields = [*view.numbers(), *view.moments()]
    rows = np.arange(view.n)
    if len(fields) > _WIDE and view.n > _SCREENED_ROWS:
        rows = np.sort(np.random.default_rng(view.seed).choice(view.n, _SCREENED_ROWS, replace=False))
    binned = [_bins(field)[rows] for field in fields]
    tried = len(fields) * (len(fields) - 1) * 2
    least = surprise.needed(tried) * rows.size / max(view.n, 1)
    found = []
    for a, b in combinations(range(len(fields)), 2):
        corners = _corners(binned[a], binned[b])
        if max(corners.values()) >= least / 2:
            found.append(Pair(fields[a], fields[b], corners))
    return sorted(found, key=lambda pair: -pair.score)[:_MOST_PAIRS]


def _bins(field: Field) -> NDArray[np.int64]:
    """The bin of each row, from 0; -1 without a value."""
    cuts = np.unique(np.quantile(field.present, np.arange(1, _BINS) / _BINS))
    return np.where(field.there, np.searchsorted(cuts, field.steps, side="left"), -1)


def _corners(one: NDArray[np.int64], other: NDArray[np.int64]) -> dict[Corner, float]:
    there = (one >= 0) & (other >= 0)
    counts = np.bincount(one[there] * _BINS + other[there], minlength=_BINS * _BINS).reshape(_BINS, _BINS)
    return {
        (a, b): _emptiest(counts[:: -1 if a else 1, :: -1 if b else 1]) for a in (False, True) for b in (False, True)
    }


def _emptiest(counts: NDArray[np.int64]) -> float:
    """The most rows that chance would put into an empty corner around the first bins of both."""
    total = max(int(counts.sum()), 1)
    inside = counts.cumsum(axis=0).cumsum(axis=1)
    expected: Floats = np.outer(counts.sum(axis=1).cumsum(), counts.sum(axis=0).cumsum()) / total
    return float(np.where(inside == 0, expected, 0).max())

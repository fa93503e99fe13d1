"""The choice: likely rows first, then raking, then the ends of each number."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from htdbu.errors import UsageError
from htdbu.generators.arrays import Floats, Ints, Mask
from htdbu.generators.dependence import information
from htdbu.generators.draws import ranks_within, stream
from htdbu.generators.selection.density import density_ratios
from htdbu.generators.selection.features import Bins, Features
from htdbu.generators.selection.raking import Counters, rake
from htdbu.generators.selection.ranges import pin

Codes = np.ndarray[tuple[int, ...], np.dtype[np.int32]]

KEPT = 2.5
"""So many times the rows that are wanted are left to raking, once unlikely ones are gone."""
MOST_DRAWN = 2_000_000
"""No more rows are drawn than this, or than are wanted."""
MOST_PAIRS = 300
"""Pairs of columns whose counts are compared."""
COMPARED_ROWS = 5_000
FEW_ROWS = 1_000
"""Counts of fewer real rows than this are noise in part (measured: raking to them as they are makes rows less real)."""


@dataclass(frozen=True)
class Selection:
    """How rows are chosen.

    Attributes:
        factor: how many times the rows that are wanted are drawn; 1 leaves nothing to choose.
        weights: whether rows are the likelier to be chosen the likelier they are among real ones.
        raking: whether rows are exchanged until counts match those of the real rows.
        ranges: whether numbers must reach as far as so many drawn rows do; see `ranges`.
    """

    factor: float = 5.0
    weights: bool = True
    raking: bool = True
    ranges: bool = True

    def __post_init__(self) -> None:
        if not self.factor >= 1:
            raise UsageError(f"the selection's factor is {self.factor}", "give 1 or more")

    def drawn(self, n: int) -> int:
        """How many rows are drawn for so many that are wanted."""
        return max(n, min(int(np.ceil(self.factor * n)), MOST_DRAWN))

    @property
    def enough(self) -> float:
        """So many times the rows that are wanted are enough to choose from."""
        return min(self.factor, KEPT)


DEFAULT = Selection()


def choose(
    real: pd.DataFrame,
    weights: Floats,
    pool: pd.DataFrame,
    last: Mask,
    cells: Ints,
    quotas: Ints,
    seed: int,
    selection: Selection,
) -> Ints:
    """Rows of a pool, as many of each cell as its quota says, that look together like the real rows.

    Args:
        real: rows to look like, with the columns of the pool: categories, or what floats can hold.
        weights: how much each of them counts.
        last: rows of the pool that are only taken where there are too few others.
        cells: the cell of each row of the pool; every cell has at least as many rows as its quota.
    """
    if len(pool) == quotas.sum():
        return np.arange(len(pool))
    features = Features.of(real, pool)
    useful = bool(len(real)) and weights.sum() > 0
    ratios = density_ratios(features, weights, seed) if selection.weights and useful else np.ones(len(pool))
    chosen, spare = _likely(ratios, last, cells, quotas, seed)
    if selection.raking and useful:
        own = (quotas / np.maximum(np.bincount(cells, minlength=quotas.size), 1))[cells]
        counters, wanted = _counters(features, weights, own)
        starts = np.concatenate([[0], np.cumsum(np.bincount(cells[spare], minlength=quotas.size))])
        chosen = rake(counters, wanted, chosen, spare, starts, cells[chosen], seed)
    if selection.ranges:
        chosen = pin(features.numbers, chosen, last, cells, seed)
    return np.sort(chosen)


def _likely(ratios: Floats, last: Mask, cells: Ints, quotas: Ints, seed: int) -> tuple[Ints, Ints]:
    """Rows drawn by their ratios, as many as the quotas say; and the next ones of each cell, cell by cell."""
    keys = np.log(stream(seed, 101).random(ratios.size)) / ratios  # Efraimidis and Spirakis 2006
    keys[last] += keys.min(initial=0) - 1
    order = np.argsort(-keys, kind="stable")
    rank = np.empty(ratios.size, np.int64)
    rank[order] = ranks_within(cells[order])
    kept = np.flatnonzero((rank >= quotas[cells]) & (rank < KEPT * quotas[cells]) & ~last)
    return np.flatnonzero(rank < quotas[cells]), kept[np.argsort(cells[kept], kind="stable")]


def _counters(features: Features, weights: Floats, own: Floats) -> tuple[Counters, Floats]:
    """What is counted, and how many rows should be where.

    Args:
        own: how many of the wanted rows each row of the pool stands for.
    """
    fine, coarse = features.bins(weights)
    pairs = _pairs(coarse, features.n_real)
    places = [fine.codes[:, k] for k in range(fine.sizes.size)]
    places += [coarse.codes[:, a] * np.int32(coarse.sizes[b]) + coarse.codes[:, b] for a, b in pairs]
    sizes = np.array([*fine.sizes, *(coarse.sizes[a] * coarse.sizes[b] for a, b in pairs)], dtype=np.int64)
    n_real = features.n_real
    wanted = [
        _goal(place[:n_real], weights, place[n_real:], own, size) for place, size in zip(places, sizes, strict=True)
    ]
    pool = np.column_stack([place[n_real:] for place in places])
    starts = (np.cumsum(sizes) - sizes).astype(np.int64)
    return Counters(starts, np.ascontiguousarray(pool, np.int32)), np.concatenate(wanted) * own.sum()


def _goal(real: Codes, weights: Floats, pool: Codes, own: Floats, size: int) -> Floats:
    """The shares to reach: the real ones or, where few rows tell them, only a part of the way there from the pool's.

    The way is 1 - E / X, X being the chi-square distance of the two and E what chance alone would make of it, as James
    and Stein (1961) shrink a mean: a few rows say little that a model of many does not know better. Of many rows the
    counts themselves are wanted.
    """
    shares = [np.bincount(codes, mass / mass.sum(), size) for codes, mass in ((real, weights), (pool, own))]
    seen, drawn = (mass.sum() ** 2 / (mass**2).sum() for mass in (weights, own))
    both = (seen * shares[0] + drawn * shares[1]) / (seen + drawn)
    held = both > 0
    gap = shares[0] - shares[1]
    distance = seen * (gap[held] ** 2 / both[held]).sum()
    by_chance = (held.sum() - 1) * (1 + seen / drawn) * min(1, FEW_ROWS / seen)
    found: Floats = shares[1] + max(0.0, 1 - by_chance / max(distance, 1e-300)) * gap
    return found


def _pairs(coarse: Bins, n_real: int) -> list[tuple[int, int]]:
    """The pairs of columns that are counted: all or, of many, those that tell most about one another."""
    pairs = list(combinations(range(coarse.sizes.size), 2))
    if len(pairs) <= MOST_PAIRS:
        return pairs
    rows = coarse.codes[:n_real][:COMPARED_ROWS]
    told = [information(rows[:, a], rows[:, b], int(coarse.sizes[b])) for a, b in pairs]
    return [pairs[k] for k in np.sort(np.argsort(-np.array(told), kind="stable")[:MOST_PAIRS])]

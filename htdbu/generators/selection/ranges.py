"""Pinning: the chosen rows reach as far as so many drawn ones do, so that a choice cuts no tail off.

How far that is is told by the drawn rows, which lie inside the ranges of the schema and hold no number that one real
row alone holds; the ends of the real rows themselves would tell of single rows.
"""

from __future__ import annotations

import numpy as np

from htdbu.generators.arrays import Floats, Ints, Mask
from htdbu.generators.draws import stream

_MOST_SHARE = 100
"""One in so many rows may be exchanged."""


def pin(numbers: Floats, chosen: Ints, last: Mask, cells: Ints, seed: int) -> Ints:
    """Exchange a few chosen rows for others of their cells, so that every number's ends are among them; ascending.

    Of k times as many drawn rows as are chosen, one of the k outermost at either end of each number must be chosen.

    Args:
        numbers: (rows of the pool, numbers); NaN is missing.
        chosen: rows of the pool.
        last: rows of the pool that are not to be taken.
        cells: the cell of each row of the pool.
    """
    rng, left = stream(seed, 102), chosen.size // _MOST_SHARE
    taken = np.zeros(len(numbers), bool)
    taken[chosen] = True
    held = np.zeros(len(numbers), bool)
    for values in (side for column in numbers.T for side in (column, -column)):
        ends = _outermost(np.where(last, np.nan, values), len(numbers) // max(chosen.size, 1))
        if taken[ends].any() or not ends.size:
            held[ends[taken[ends]][:1]] = True
            continue
        for row in rng.permutation(ends)[: left > 0]:
            partners = np.flatnonzero(taken & ~held & (cells == cells[row]))
            if partners.size:
                taken[rng.choice(partners)] = False
                taken[row] = held[row] = True
                left -= 1
    return np.flatnonzero(taken)


def _outermost(values: Floats, count: int) -> Ints:
    """The rows of the `count` greatest values, and of all that equal the least of them."""
    there = values[~np.isnan(values)]
    if not there.size:
        return np.zeros(0, np.int64)
    at = max(there.size - max(count, 1), 0)
    return np.flatnonzero(values >= np.partition(there, at)[at])

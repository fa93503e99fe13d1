"""Raking by swaps: rows are exchanged for others of the pool until counts match those of the real rows.

Counted are the values of each column and of pairs of columns. What is made small is the sum over all counts of
`(count - wanted) ** 2 / (wanted + 1)`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from htdbu.generators.arrays import Floats, Ints

SWEEPS = 12
"""How often every chosen row is tried against others."""
_TRIES = 8
"""With how many others it is compared each time."""


@dataclass(frozen=True, eq=False)
class Counters:
    """What is counted of each row of a pool.

    Attributes:
        starts: where each counter begins among all counts.
        places: (rows, counters) the place within it.
    """

    starts: Ints
    places: np.ndarray[tuple[int, ...], np.dtype[np.int32]]


def rake(
    counters: Counters, wanted: Floats, chosen: Ints, spare: Ints, spare_start: Ints, cells: Ints, seed: int
) -> Ints:
    """Swap chosen rows for spare ones of the same cell; returns the chosen rows.

    Args:
        wanted: the counts asked for.
        chosen: rows of the pool.
        spare: other rows of the pool, cell by cell; those of cell c are `spare[spare_start[c]:spare_start[c + 1]]`.
        cells: the cell of each chosen row.
    """
    found: Ints = _swapped(
        counters.starts,
        counters.places,
        wanted,
        chosen.copy(),
        spare.copy(),
        spare_start,
        cells,
        seed % 2**32,
        SWEEPS,
        _TRIES,
    )
    return found


@numba.njit(cache=True)
def _swapped(starts, places, wanted, chosen, spare, spare_start, cells, seed, sweeps, tries):  # type: ignore[no-untyped-def]
    np.random.seed(seed)
    counts = np.zeros(wanted.size)
    for row in chosen:
        for t in range(starts.size):
            counts[starts[t] + places[row, t]] += 1
    for _ in range(sweeps):
        swaps = 0
        for k in np.random.permutation(chosen.size):
            low, high = spare_start[cells[k]], spare_start[cells[k] + 1]
            if low == high:
                continue
            best, gain = -1, -1e-9
            for _ in range(tries):
                other = np.random.randint(low, high)
                change = 0.0
                for t in range(starts.size):
                    a, b = starts[t] + places[chosen[k], t], starts[t] + places[spare[other], t]
                    if a != b:
                        change += (1 - 2 * (counts[a] - wanted[a])) / (wanted[a] + 1)
                        change += (1 + 2 * (counts[b] - wanted[b])) / (wanted[b] + 1)
                if change < gain:
                    best, gain = other, change
            if best >= 0:
                for t in range(starts.size):
                    counts[starts[t] + places[chosen[k], t]] -= 1
                    counts[starts[t] + places[spare[best], t]] += 1
                chosen[k], spare[best] = spare[best], chosen[k]
                swaps += 1
        if swaps < chosen.size * 0.002:
            break
    return chosen

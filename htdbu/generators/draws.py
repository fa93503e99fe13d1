"""Random streams that depend on nothing but a seed and a place, and draws from a cut unit interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from htdbu.errors import UsageError
from htdbu.generators.arrays import Floats, Ints, Ranks


class Conditional(Protocol):
    """A model of one column given others."""

    def draw(self, features: Ranks, rng: np.random.Generator) -> Ranks:
        """One rank per row of `features`, drawn from the conditional distribution."""


def entropy(random_state: int | None) -> int:
    """The root of all random streams: the seed itself, or a fresh one for None.

    Raises:
        UsageError: the seed is negative.
    """
    if random_state is None:
        return int(np.random.default_rng().integers(2**63))
    if random_state < 0:
        raise UsageError(f"random_state is {random_state}, but a seed is 0 or more")
    return int(random_state)


def stream(seed: int, *path: int) -> np.random.Generator:
    """The random stream of one thing (a column, a model); it depends on nothing drawn elsewhere."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=path))


def draw_by_uniform(ends: Floats, uniforms: Floats) -> Ints:
    """For each uniform in [0, 1] the part of the unit interval it falls in, given where the parts end."""
    return np.minimum(np.searchsorted(ends, uniforms, side="right"), len(ends) - 1)


@dataclass(frozen=True, eq=False)
class Buckets:
    """Places by their cells: those of cell c are `places[starts[c]:starts[c] + counts[c]]`, in their order."""

    places: Ints
    starts: Ints
    counts: Ints

    @classmethod
    def of(cls, cells: Ints, size: int) -> Buckets:
        """The places of some cells, which are below `size`."""
        counts = np.bincount(cells, minlength=size)
        return cls(np.argsort(cells, kind="stable"), np.cumsum(counts) - counts, counts)

    def pick(self, cells: Ints, ranks: Ints) -> Ints:
        """For each of these cells, none of them empty, the place of that rank; after its last place the first again."""
        found: Ints = self.places[self.starts[cells] + ranks % self.counts[cells]]
        return found


def ranks_within(cells: Ints) -> Ints:
    """For each row how many rows before it are of the same cell."""
    order = np.argsort(cells, kind="stable")
    sizes = np.bincount(cells)
    ranks = np.empty(cells.size, np.int64)
    ranks[order] = np.arange(cells.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return ranks

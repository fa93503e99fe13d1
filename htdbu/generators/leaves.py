"""Trees whose leaves hold real rows, the donors of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from htdbu.generators.arrays import Ints, Ranks

Features = np.ndarray[Any, np.dtype[np.float32]]
"""What trees see of rows, (rows, columns)."""


@dataclass(frozen=True, eq=False)
class Leaves:
    """One tree and the donors in its leaves: rows `order[start[leaf]:start[leaf] + count[leaf]]`."""

    tree: Any
    order: np.ndarray[Any, np.dtype[np.int32]]
    start: Ints
    count: Ints

    @classmethod
    def of(cls, tree: Any, features: Features) -> Leaves:
        """The donors with these features, sorted by the leaf they fall in."""
        leaf = tree.apply(features)
        count = np.bincount(leaf, minlength=tree.node_count)
        order = np.argsort(leaf, kind="stable").astype(np.int32)
        return cls(tree, order, np.cumsum(count) - count, count)

    def pick(self, features: Features, uniforms: Ranks) -> Ints:
        """For each row of features one donor of its leaf."""
        leaf = self.tree.apply(features)
        donors: Ints = self.order[self.start[leaf] + (uniforms * self.count[leaf]).astype(np.int64)]
        return donors


@dataclass(frozen=True, eq=False)
class Donors:
    """The trees of one column; `target` holds the donors' ranks."""

    target: Ranks
    trees: list[Leaves]

    def draw(self, features: Ranks, rng: np.random.Generator) -> Ranks:
        """One rank per row of features."""
        return self.target[self.pick(features.astype(np.float32), rng)]

    def pick(self, seen: Features, rng: np.random.Generator) -> Ints:
        """One donor per row of features."""
        chosen, uniforms = rng.integers(len(self.trees), size=len(seen)), rng.random(len(seen))
        donors = np.empty(len(seen), np.int64)
        for number, tree in enumerate(self.trees):
            rows = np.flatnonzero(chosen == number)
            donors[rows] = tree.pick(seen[rows], uniforms[rows])
        return donors

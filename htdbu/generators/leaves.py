"""Trees whose leaves hold real rows, the donors of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from htdbu.errors import DataError
from htdbu.generators.arrays import Ints, Ranks
from htdbu.generators.nodes import Trees
from htdbu.generators.stored import State, Stored

Features = np.ndarray[Any, np.dtype[np.float32]]
"""What trees see of rows, (rows, columns)."""


@dataclass(frozen=True, eq=False)
class Leaves:
    """One tree and the donors in its leaves: rows `order[start[leaf]:start[leaf] + count[leaf]]`."""

    tree: Trees
    order: np.ndarray[Any, np.dtype[np.int32]]
    start: Ints
    count: Ints

    @classmethod
    def of(cls, tree: Trees, features: Features) -> Leaves:
        """The donors with these features, sorted by the leaf they fall in.

        Raises:
            DataError: a leaf has no donor.
        """
        leaf = tree.apply(features)
        count = np.bincount(leaf, minlength=len(tree.nodes))
        if not count[tree.is_leaf].all():
            raise DataError("a tree has a leaf without a donor")
        order = np.argsort(leaf, kind="stable").astype(np.int32)
        return cls(tree, order, np.cumsum(count) - count, count)

    def pick(self, features: Features, uniforms: Ranks) -> Ints:
        """For each row of features one donor of its leaf."""
        leaf = self.tree.apply(features)
        return self.order[self.start[leaf] + (uniforms * self.count[leaf]).astype(np.int64)].astype(np.int64)


@dataclass(frozen=True, eq=False)
class Donors:
    """The trees of one column; `target` holds the donors' ranks."""

    target: Ranks
    trees: list[Leaves]

    def state(self) -> State:
        """The trees; donors come back with the rows."""
        return Trees.join([leaves.tree for leaves in self.trees]).state()

    @classmethod
    def restore(cls, stored: Stored, target: Ranks, features: Features) -> Donors:
        """The donors of these ranks and features in trees that a file kept."""
        trees = Trees.restore(stored, features.shape[1])
        if not trees.roots.size:
            raise stored.damaged("roots")
        return cls(target, [Leaves.of(tree, features) for tree in trees.split([1] * trees.roots.size)])

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

"""A column cut into parts of equal mass: a binary tree over its groups, in their order.

Every node is a run of neighbouring groups, split where its mass halves best; a group that holds much of the
mass soon stands alone. A draw is then a walk of yes/no questions from the root (design: "bits"), and the
leaves are bins for measuring dependence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htdbu.generators.arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class Dyadic:
    """The tree. A node is named by its first group.

    Attributes:
        starts: (levels + 1, groups) the node that holds each group, per level; the last row gives the leaves.
        shares: (levels, groups) the share of its node's mass that lies in the upper half; NaN in a leaf.
    """

    starts: Ints
    shares: Floats

    @property
    def levels(self) -> int:
        """How many questions the longest walk asks."""
        return len(self.starts) - 1

    @property
    def leaves(self) -> Ints:
        """Per group the number of its leaf, from 0 in order."""
        return np.unique(self.starts[-1], return_inverse=True)[1]

    def splits(self, level: int) -> Ints:
        """Per group the first group of the upper half of its node at this level; -1 in a leaf."""
        node, child = self.starts[level], self.starts[level + 1]
        upper = np.full(len(node), -1)
        moved = child != node
        upper[node[moved]] = child[moved]
        split: Ints = upper[node]
        return split


def dyadic(mass: Ints, levels: int) -> Dyadic:
    """Cut groups of the given positive masses at most `levels` times."""
    ends = np.concatenate([[0], np.cumsum(mass)])
    nodes = [(0, len(mass))]
    starts, shares = [np.zeros(len(mass), dtype=np.int64)], []
    for _ in range(levels):
        halves = [_halves(ends, low, high) for low, high in nodes]
        sizes = [high - low for low, high in nodes]
        shares.append(np.repeat([_upper_share(ends, parts) for parts in halves], sizes))
        nodes = [part for parts in halves for part in parts]
        starts.append(np.repeat([low for low, _ in nodes], [high - low for low, high in nodes]))
        if len(nodes) == len(halves):
            return Dyadic(np.array(starts[:-1]), np.array(shares[:-1]).reshape(-1, len(mass)))
    return Dyadic(np.array(starts), np.array(shares).reshape(-1, len(mass)))


def _halves(ends: Ints, low: int, high: int) -> list[tuple[int, int]]:
    """The two runs of the groups [low, high) whose masses are nearest to equal; one group stays whole."""
    if high - low == 1:
        return [(low, high)]
    cut = low + 1 + int(np.argmin(np.abs(2 * ends[low + 1 : high] - ends[low] - ends[high])))
    return [(low, cut), (cut, high)]


def _upper_share(ends: Ints, parts: list[tuple[int, int]]) -> float:
    if len(parts) == 1:
        return np.nan
    (low, cut), (_, high) = parts
    return float((ends[high] - ends[cut]) / (ends[high] - ends[low]))

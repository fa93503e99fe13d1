"""Grown trees as plain arrays: what training leaves, what a file keeps, and what compiled code walks down.

A row goes right where its feature is greater than the node's threshold, else left. Trees of scikit-learn
(`x <= threshold` goes left, the threshold a double) and of XGBoost (`x < threshold` goes left) are brought into this
form without moving any row, since features are single floats.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from htdbu.generators.arrays import Floats, Ints, Mask
from htdbu.generators.stored import State, Stored

NODE = np.dtype([("feature", np.int32), ("threshold", np.float32), ("left", np.int32), ("right", np.int32)])
"""A node of a tree. A leaf leads to itself on either side, and its threshold is the value that it adds to a sum."""

Singles = np.ndarray[Any, np.dtype[np.float32]]
_BLOCK = 64


@dataclass(frozen=True, eq=False)
class Trees:
    """Some trees, one after another.

    Attributes:
        nodes: (nodes,) of `NODE`; children are places in it, each after its parent.
        roots: where each tree begins, ascending from 0.
    """

    nodes: np.ndarray[Any, Any]
    roots: Ints

    @property
    def is_leaf(self) -> Mask:
        """Which nodes are leaves."""
        found: Mask = self.nodes["left"] == np.arange(len(self.nodes))
        return found

    def apply(self, features: Singles) -> Ints:
        """The leaf of the first tree that each row of features falls in."""
        return np.asarray(_leaves(self.nodes, np.ascontiguousarray(features, np.float32)), dtype=np.int64)

    def add(self, start: Singles, features: Singles) -> Singles:
        """Per row `start` and, tree by tree, the value of the leaf that it falls in; in single precision."""
        total = np.array(start, np.float32)
        _add(self.nodes, self.roots, np.ascontiguousarray(features, np.float32), total)
        return total

    @classmethod
    def join(cls, parts: Sequence[Trees]) -> Trees:
        """The trees of all parts."""
        starts = np.cumsum([0, *(len(part.nodes) for part in parts)])
        moved = [_moved(part.nodes, int(start)) for part, start in zip(parts, starts, strict=False)]
        roots = [part.roots + start for part, start in zip(parts, starts, strict=False)]
        return cls(np.concatenate([np.zeros(0, NODE), *moved]), np.concatenate([np.zeros(0, np.int64), *roots]))

    def split(self, counts: Sequence[int]) -> Iterator[Trees]:
        """The next so many trees, again and again; the opposite of `join`."""
        ends, first = np.append(self.roots, len(self.nodes)), 0
        for count in counts:
            low, high = int(ends[first]), int(ends[first + count])
            yield Trees(_moved(self.nodes[low:high], -low), self.roots[first : first + count] - low)
            first += count

    def state(self) -> State:
        """The arrays that a file keeps."""
        return {"roots": self.roots, **{name: np.ascontiguousarray(self.nodes[name]) for name in NODE.names or ()}}

    @classmethod
    def restore(cls, stored: Stored, features: int) -> Trees:
        """Trees that a file kept, which read so many features.

        Raises:
            DataError: walking down would not end, leave a tree, or read another feature.
        """
        left = stored.ints("left")
        nodes, places = np.zeros(left.size, NODE), np.arange(left.size)
        roots = stored.ints("roots", low=0, high=left.size)
        ends = np.append(roots, left.size)
        if ends[0] != 0 or (np.diff(ends) < 1).any():
            raise stored.damaged("roots")
        end = np.repeat(ends[1:], np.diff(ends))
        leaf = left == places
        for name in ("left", "right"):
            child = stored.ints(name, size=left.size)
            if not np.where(leaf, child == places, (child > places) & (child < end)).all():
                raise stored.damaged(name)
            nodes[name] = child
        nodes["feature"] = stored.ints("feature", low=0, high=max(features, 1), size=left.size)
        nodes["threshold"] = stored.floats("threshold", (left.size,))
        if not (features or leaf.all()):
            raise stored.damaged("feature")
        return cls(nodes, roots)


def of_scikit_learn(tree: Any) -> Trees:
    """The `tree_` of a fitted decision tree; its leaves keep their numbers."""
    leaf = tree.children_left < 0
    threshold = np.where(leaf, np.float32(0), _below_or_at(tree.threshold))
    return Trees(_nodes(tree.children_left, tree.children_right, tree.feature, threshold), np.zeros(1, np.int64))


def of_xgboost(booster: Any) -> Trees:
    """The trees of a booster of one output."""
    model = json.loads(bytes(booster.save_raw("json")))["learner"]["gradient_booster"]["model"]
    grown = []
    for tree in model["trees"]:
        left, right = (np.array(tree[f"{side}_children"], np.int64) for side in ("left", "right"))
        numbers = np.array(tree["split_conditions"], np.float32)
        threshold = np.where(left < 0, numbers, np.nextafter(numbers, np.float32(-np.inf)))
        nodes = _nodes(left, right, np.array(tree["split_indices"], np.int64), threshold)
        grown.append(Trees(nodes, np.zeros(1, np.int64)))
    return Trees.join(grown)


def _nodes(left: Ints, right: Ints, feature: Ints, threshold: Singles) -> np.ndarray[Any, Any]:
    """Nodes of one tree, from arrays in which a leaf has negative children."""
    leaf, places = left < 0, np.arange(left.size)
    made = np.zeros(left.size, NODE)
    made["left"], made["right"] = np.where(leaf, places, left), np.where(leaf, places, right)
    made["feature"], made["threshold"] = np.where(leaf, 0, feature), threshold
    return made


def _moved(nodes: np.ndarray[Any, Any], by: int) -> np.ndarray[Any, Any]:
    """The same nodes in another place."""
    moved = nodes.copy()
    moved["left"] += by
    moved["right"] += by
    return moved


def _below_or_at(numbers: Floats) -> Singles:
    """The greatest single floats that are not greater than these."""
    near = numbers.astype(np.float32)
    found: Singles = np.where(near > numbers, np.nextafter(near, np.float32(-np.inf)), near)
    return found


@numba.njit(cache=True, nogil=True)
def _leaves(nodes: Any, features: Singles) -> Any:
    found = np.empty(len(features), np.int32)
    for row in range(len(features)):
        at = 0
        while nodes[at]["left"] != at:
            node = nodes[at]
            at = node["right"] if features[row, node["feature"]] > node["threshold"] else node["left"]
        found[row] = at
    return found


@numba.njit(cache=True, nogil=True)
def _depth(nodes: Any, root: int, end: int) -> int:
    levels = np.zeros(end - root, np.int32)
    for at in range(root, end):
        for child in (nodes[at]["left"], nodes[at]["right"]):
            if child != at:
                levels[child - root] = levels[at - root] + 1
    return int(levels.max())


@numba.njit(cache=True, nogil=True)
def _add(nodes: Any, roots: Ints, features: Singles, total: Singles) -> None:
    # A block of rows walks down a tree together, one level at a time: their steps do not wait for one another.
    places = np.empty(_BLOCK, np.int32)
    depths = np.zeros(len(roots), np.int32)
    for k in range(len(roots)):
        depths[k] = _depth(nodes, roots[k], roots[k + 1] if k + 1 < len(roots) else len(nodes))
    for low in range(0, len(features), _BLOCK):
        size = min(_BLOCK, len(features) - low)
        for k in range(len(roots)):
            places[:size] = roots[k]
            for _ in range(depths[k]):
                for row in range(size):
                    node = nodes[places[row]]
                    places[row] = (
                        node["right"] if features[low + row, node["feature"]] > node["threshold"] else node["left"]
                    )
            for row in range(size):
                total[low + row] += nodes[places[row]]["threshold"]

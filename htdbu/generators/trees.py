"""Columns drawn one after another by a tree each: the value of a real row in the leaf that the new row falls in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from htdbu.generators.arrays import Floats, Ints, Ranks
from htdbu.generators.draws import Conditional
from htdbu.generators.leaves import Donors, Features, Leaves
from htdbu.generators.nodes import of_scikit_learn
from htdbu.generators.sequential import SequentialGenerator
from htdbu.generators.settings import whole
from htdbu.generators.stored import State, Stored
from htdbu.generators.table import Column

_PRIOR = 5.0
"""So many rows of the average weigh in where the levels of a category are put in order."""


class TreesGenerator(SequentialGenerator):
    """Draws each column from the leaf of one regression or classification tree (CART, Reiter 2005).

    A tree splits numbers by their place in the column's distribution and categories by how the drawn column goes with
    their levels, which finds the best two-way split of a category wherever the drawn column is a number or has two
    levels (Breiman et al. 1984, theorem 4.5).

    Args:
        min_leaf: real rows in a leaf, at least; fewer copy real rows more closely.
        max_rows: see `SequentialGenerator`.
        max_conditioning: see `SequentialGenerator`.
        identities: see `SequentialGenerator`.
        allow_unique: see `TableGenerator`.
        random_state: see `Generator`.
        threads: see `SequentialGenerator`.
    """

    def __init__(
        self,
        *,
        min_leaf: int = 20,
        max_rows: int | None = 100_000,
        max_conditioning: int = 30,
        identities: bool = True,
        allow_unique: bool = False,
        random_state: int | None = None,
        threads: int | None = None,
    ) -> None:
        super().__init__(
            max_rows=max_rows,
            max_conditioning=max_conditioning,
            identities=identities,
            allow_unique=allow_unique,
            random_state=random_state,
            threads=threads,
        )
        self.min_leaf = whole("min_leaf", min_leaf)

    def _train(
        self, column: Column, target: Ranks, conditions: Sequence[Column], features: Ranks, seed: int
    ) -> Conditional:
        symbols, number = target.astype(np.int64), column.kind == "number"
        response = column.shares[symbols] if number else _indicators(column.groups[symbols])
        scale = Scale.of(conditions, features, response)
        seen = scale.place(features)
        made = DecisionTreeRegressor if number else DecisionTreeClassifier
        tree = made(min_samples_leaf=self.min_leaf, random_state=seed).fit(
            seen, response if number else column.groups[symbols]
        )
        return Ordered(scale, Donors(target, [Leaves.of(of_scikit_learn(tree.tree_), seen)]))

    def _model_state(self, model: Ordered) -> State:
        return {"scale": model.scale.state(), "trees": model.donors.state()}

    def _restore_model(
        self, column: Column, target: Ranks, conditions: Sequence[Column], features: Ranks, stored: Stored
    ) -> Ordered:
        scale = Scale.restore(stored.part("scale"), conditions)
        return Ordered(scale, Donors.restore(stored.part("trees"), target, scale.place(features)))


@dataclass(frozen=True, eq=False)
class Scale:
    """An order for the levels of categories; `places` holds, by feature, the place of each level."""

    places: dict[int, Floats]

    @classmethod
    def of(cls, conditions: Sequence[Column], features: Ranks, response: Floats) -> Scale:
        """Levels in the order of their rows' mean response or, where that has several columns, of its main direction.

        The direction is the first principal component of the means, weighted by rows (Coppersmith et al. 1999).
        """
        tables = response.reshape(len(response), -1)
        places = {}
        for k, column in enumerate(conditions):
            if column.kind == "category":
                levels, size = features[:, k].astype(np.int64), int(column.groups[-1]) + 1
                rows = np.bincount(levels, minlength=size)
                sums = np.column_stack([np.bincount(levels, line, size) for line in tables.T])
                gaps = (sums - np.outer(rows, tables.mean(axis=0))) / (rows + _PRIOR)[:, None]
                _, _, directions = np.linalg.svd(gaps * np.sqrt(rows)[:, None], full_matrices=False)
                scores = gaps @ directions[0] if gaps.shape[1] > 1 else gaps[:, 0]
                places[k] = np.argsort(np.argsort(scores, kind="stable"), kind="stable").astype(np.float64)
        return cls(places)

    def state(self) -> State:
        """The places by feature."""
        return {str(k): places for k, places in self.places.items()}

    @classmethod
    def restore(cls, stored: Stored, conditions: Sequence[Column]) -> Scale:
        """A scale for these columns, from the places by feature."""
        named = [(k, column) for k, column in enumerate(conditions) if column.kind == "category"]
        return cls({k: stored.floats(str(k), (int(column.groups[-1]) + 1,)) for k, column in named})

    def place(self, features: Ranks) -> Features:
        """Features for the tree."""
        seen = features.astype(np.float32)
        for k, places in self.places.items():
            seen[:, k] = places[features[:, k].astype(np.int64)]
        return seen


@dataclass(frozen=True, eq=False)
class Ordered:
    """Donors found by features on a scale."""

    scale: Scale
    donors: Donors

    def draw(self, features: Ranks, rng: np.random.Generator) -> Ranks:
        """One rank per row of features."""
        ranks: Ranks = self.donors.target[self.donors.pick(self.scale.place(features), rng)]
        return ranks


def _indicators(groups: Ints) -> Floats:
    """One column a group, 1 where a row is of it."""
    found: Floats = (groups[:, None] == np.unique(groups)[None, :-1]).astype(np.float64)
    return found

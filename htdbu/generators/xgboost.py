"""Columns drawn by boosted trees: a walk of yes/no questions down a tree over the column's values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xgboost
from scipy.special import expit

from htdbu.generators.arrays import Ints, Ranks
from htdbu.generators.dyadic import Dyadic, dyadic
from htdbu.generators.nodes import Singles, Trees, of_xgboost
from htdbu.generators.sequential import SequentialGenerator
from htdbu.generators.settings import share, whole
from htdbu.generators.stored import State, Stored
from htdbu.generators.table import Column


class XGBoostGenerator(SequentialGenerator):
    """Draws each column by a chain of binary boosted classifiers.

    The column's values are cut into up to 2 ** `levels` parts of equal mass, frequent values alone; one model
    per level says which half of its part a row falls in, and the value is drawn within the last part as often
    as it occurs there. Defaults are the paper's: 80 trees of depth 6, 8,000 rows, 12 columns.

    Args:
        trees: boosting rounds of one model.
        depth: depth of a tree.
        learning_rate: how much of each tree is taken.
        levels: models of one column; 7 tell 128 parts apart.
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
        trees: int = 80,
        depth: int = 6,
        learning_rate: float = 0.1,
        levels: int = 7,
        max_rows: int | None = 8_000,
        max_conditioning: int = 12,
        identities: bool = False,
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
        self.trees = whole("trees", trees)
        self.depth = whole("depth", depth)
        self.learning_rate = share("learning_rate", learning_rate)
        self.levels = whole("levels", levels)

    def _train(self, column: Column, target: Ranks, conditions: Sequence[Column], features: Ranks, seed: int) -> Walk:
        tree = dyadic(column.group_counts, self.levels)
        groups = column.groups[target.astype(np.int64)]
        settings = {
            "objective": "binary:logistic",
            "tree_method": "hist",
            "max_depth": self.depth,
            "eta": self.learning_rate,
            "nthread": 1,  # sums of gradients round differently on two threads; the columns run in parallel
            "seed": seed,
        }
        boosters: list[Trees | None] = []
        for level in range(tree.levels):
            split = tree.splits(level)[groups]
            rows = np.flatnonzero(split >= 0)
            if not len(rows):  # the part is so rare that no training row is in it
                boosters.append(None)
                continue
            seen, margin = _view(features[rows], tree, level, groups[rows])
            data = xgboost.DMatrix(seen, base_margin=margin, label=groups[rows] >= split[rows], nthread=1)
            boosters.append(of_xgboost(xgboost.train(settings, data, self.trees)))
        return Walk(column, tree, boosters)

    def _model_state(self, model: Walk) -> State:
        trees = [Trees.join([]) if booster is None else booster for booster in model.boosters]
        counts = [booster.roots.size for booster in trees]
        return {"counts": np.array(counts, np.int64), **Trees.join(trees).state()}

    def _restore_model(
        self, column: Column, target: Ranks, conditions: Sequence[Column], features: Ranks, stored: Stored
    ) -> Walk:
        tree = dyadic(column.group_counts, self.levels)
        trees = Trees.restore(stored, len(conditions) + 1)
        counts = stored.ints("counts", low=0, high=trees.roots.size + 1, size=tree.levels).tolist()
        if sum(counts) != trees.roots.size:
            raise stored.damaged("counts")
        return Walk(column, tree, [booster if booster.roots.size else None for booster in trees.split(counts)])


@dataclass(frozen=True, eq=False)
class Walk:
    """The trained chain of one column.

    Attributes:
        column: the column.
        tree: its parts.
        boosters: per level the model that chooses the half, None where nothing could be learned.
    """

    column: Column
    tree: Dyadic
    boosters: list[Trees | None]

    def draw(self, features: Ranks, rng: np.random.Generator) -> Ranks:
        """One rank per row of features."""
        node = np.zeros(len(features), dtype=np.int64)
        for level, booster in enumerate(self.boosters):
            uniforms = rng.random(len(features))
            split = self.tree.splits(level)[node]
            rows = np.flatnonzero(split >= 0)
            upper = uniforms[rows] < self._chance(level, booster, features[rows], node[rows])
            node[rows[upper]] = split[rows[upper]]
        return self.column.within(self.tree.starts[-1], node, rng.random(len(features)))

    def _chance(self, level: int, booster: Trees | None, features: Ranks, node: Ints) -> Ranks:
        """Per row the probability of its part's upper half."""
        if booster is None or not len(node):
            shares: Ranks = self.tree.shares[level][node]
            return shares
        seen, margin = _view(features, self.tree, level, node)
        chances: Ranks = expit(booster.add(margin, seen).astype(np.float64))
        return chances


def _view(features: Ranks, tree: Dyadic, level: int, groups: Ints) -> tuple[Singles, Singles]:
    """What a level's model sees: the features and the part of each row; and that part's own odds to start from."""
    share = tree.shares[level][groups]
    seen = np.column_stack([features, tree.starts[level][groups]]).astype(np.float32)
    return seen, np.log(share / (1 - share)).astype(np.float32)

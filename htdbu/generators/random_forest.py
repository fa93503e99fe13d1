"""Columns drawn by a forest: a random tree, the row's leaf there, the value of a real row in that leaf."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from htdbu.generators.arrays import Ranks
from htdbu.generators.leaves import Donors, Leaves
from htdbu.generators.nodes import of_scikit_learn
from htdbu.generators.sequential import SequentialGenerator
from htdbu.generators.settings import whole
from htdbu.generators.stored import State, Stored
from htdbu.generators.table import Column


class RandomForestGenerator(SequentialGenerator):
    """Draws each column from real rows that a forest finds alike: donors.

    Trees split numbers by their place in the column's distribution (so outliers weigh no more than others) and
    categories by their groups. Defaults are the paper's: 30 trees, 5,000 rows, 12 columns; the donors are
    taken from more rows than the trees were grown on, which keeps detail at no cost.

    Args:
        trees: trees of one forest.
        min_leaf: training rows in a leaf, at least; fewer copy real rows more closely.
        max_donors: real rows that values are taken from (at least `max_rows`); None for all.
        max_rows: see `SequentialGenerator`.
        max_conditioning: see `SequentialGenerator`.
        allow_unique: see `TableGenerator`.
        random_state: see `Generator`.
        threads: see `SequentialGenerator`; forests are trained one after another all the same.
    """

    trains_in_threads = False  # scikit-learn's forests set the warning filters of the whole process while they train

    def __init__(
        self,
        *,
        trees: int = 30,
        min_leaf: int = 10,
        max_donors: int | None = 50_000,
        max_rows: int | None = 5_000,
        max_conditioning: int = 12,
        allow_unique: bool = False,
        random_state: int | None = None,
        threads: int | None = None,
    ) -> None:
        super().__init__(
            max_rows=max_rows,
            max_conditioning=max_conditioning,
            allow_unique=allow_unique,
            random_state=random_state,
            threads=threads,
        )
        self.trees = whole("trees", trees)
        self.min_leaf = whole("min_leaf", min_leaf)
        self.max_donors = None if max_donors is None else whole("max_donors", max_donors)

    def _kept_rows(self) -> int | None:
        if self.max_rows is None or self.max_donors is None:
            return None
        return max(self.max_rows, self.max_donors)

    def _train(self, column: Column, target: Ranks, conditions: Sequence[Column], features: Ranks, seed: int) -> Donors:
        seen, number = features.astype(np.float32), column.kind == "number"
        forest = (RandomForestRegressor if number else RandomForestClassifier)(
            n_estimators=self.trees, min_samples_leaf=self.min_leaf, max_features=1.0, random_state=seed
        )
        response = (column.shares if number else column.groups)[target.astype(np.int64)]
        forest.fit(seen[: self.max_rows], response[: self.max_rows])
        return Donors(target, [Leaves.of(of_scikit_learn(each.tree_), seen) for each in forest.estimators_])

    def _model_state(self, model: Donors) -> State:
        return model.state()

    def _restore_model(
        self, column: Column, target: Ranks, conditions: Sequence[Column], features: Ranks, stored: Stored
    ) -> Donors:
        return Donors.restore(stored, target, features.astype(np.float32))

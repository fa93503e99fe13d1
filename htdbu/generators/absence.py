"""Which texts are missing: learned from what else a row holds, as texts themselves are not.

One tree a column (CART) splits the real rows by their other cells; a drawn row lacks its text as often as the real rows
in its leaf do. So a text that is there exactly where a status is `closed` is there exactly then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from htdbu.compiler.program import Program
from htdbu.generators.arrays import Floats, Mask
from htdbu.solver.table import NULL, VALUE, EncodedTable

_MOST_ROWS = 50_000
_LEAF = 5
_MOST_LEAVES = 100


@dataclass(frozen=True, eq=False)
class Absence:
    """The texts that may be missing, in the order of the table.

    Attributes:
        given: the columns that decide, before them.
        trees: for each text the tree; of texts that no real row has none.
    """

    given: tuple[int, ...]
    trees: dict[int, DecisionTreeClassifier | None]

    @classmethod
    def of(cls, program: Program, real: EncodedTable, given: Sequence[int]) -> Absence:
        """Learn from the real rows.

        Args:
            given: the columns that are drawn.
        """
        texts = [i for i, c in enumerate(program.columns) if c.type.kind == "text" and c.nullable and not c.key]
        rows = np.linspace(0, real.n_rows - 1, min(real.n_rows, _MOST_ROWS)).astype(np.int64)
        some, made = real.take(rows) if texts else real, cls(tuple(given), {})
        for i in texts:
            there = some.states[i] == VALUE
            if not there.all():
                made.trees[i] = _grown(made._features(some, i), there) if there.any() else None
        return made

    def settle(self, table: EncodedTable, seed: Sequence[int]) -> None:
        """Take the text from drawn rows that lack it, and leave it to the others."""
        if not table.n_rows:
            return
        rng = np.random.default_rng(seed)
        for i, tree in self.trees.items():
            share = 0.0 if tree is None else tree.predict_proba(self._features(table, i))[:, 1]
            table.states[i] = np.where(rng.random(table.n_rows) < share, VALUE, NULL)

    def _features(self, table: EncodedTable, text: int) -> Floats:
        """The given cells as numbers, missing ones as NaN, and of the texts before this one which are there."""
        cells = [np.where(table.states[i] == VALUE, table.values[i], np.nan) for i in self.given]
        cells += [(table.states[i] == VALUE).astype(np.float64) for i in self.trees if i < text]
        return np.column_stack([np.zeros(table.n_rows), *cells])


def _grown(features: Floats, there: Mask) -> DecisionTreeClassifier:
    tree = DecisionTreeClassifier(min_samples_leaf=_LEAF, max_leaf_nodes=_MOST_LEAVES, random_state=0)
    return tree.fit(features, there)

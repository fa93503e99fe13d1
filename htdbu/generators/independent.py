"""The floor of every comparison: each column drawn by itself, as often as its values occur."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from htdbu.generators.arrays import Ranks
from htdbu.generators.base import TableGenerator
from htdbu.generators.draws import draw_by_uniform, stream
from htdbu.generators.stored import State, Stored


class IndependentGenerator(TableGenerator):
    """Draws every column from its own distribution; what is given changes nothing else."""

    def _learn(self, ranks: Ranks) -> None:
        """Nothing beyond the counts of the table."""

    def _state(self) -> State:
        return {}

    def _restore(self, ranks: Ranks, stored: Stored) -> None:
        """Nothing: the table has the counts."""

    def fill(
        self, ranks: Ranks, known: Mapping[int, pd.Series[Any]], seed: int, wanted: Collection[int]
    ) -> dict[int, pd.Series[Any]]:
        """Draw each column by itself; see `TableGenerator.fill`."""
        for at in wanted:
            ranks[:, at] = draw_by_uniform(self.table_.columns[at].ends, stream(seed, at).random(len(ranks)))
        return self._substituted(ranks, seed, wanted)

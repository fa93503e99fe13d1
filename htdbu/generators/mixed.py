"""A pool of two kinds of rows: half of them drawn by trees, half by bits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from htdbu.generators.arrays import Ranks
from htdbu.generators.base import TableGenerator
from htdbu.generators.bits import BitsGenerator
from htdbu.generators.draws import stream
from htdbu.generators.stored import State, Stored
from htdbu.generators.table import Table
from htdbu.generators.trees import TreesGenerator


class MixedGenerator(TableGenerator):
    """Draws each row by one of two generators, whose mistakes differ: what one never makes, the other may.

    Args:
        trees: parameters of `TreesGenerator`, beside the seed and the threads.
        bits: parameters of `BitsGenerator`, likewise.
        allow_unique: see `TableGenerator`.
        random_state: see `Generator`.
        threads: see `Generator`.
    """

    def __init__(
        self,
        *,
        trees: dict[str, Any] | None = None,
        bits: dict[str, Any] | None = None,
        allow_unique: bool = False,
        random_state: int | None = None,
        threads: int | None = None,
    ) -> None:
        super().__init__(allow_unique=allow_unique, random_state=random_state, threads=threads)
        self.trees, self.bits = trees, bits
        shared: dict[str, Any] = {"allow_unique": allow_unique, "random_state": random_state, "threads": threads}
        self.parts: tuple[TreesGenerator, BitsGenerator] = (
            TreesGenerator(**shared, **(trees or {})),
            BitsGenerator(**shared, **(bits or {})),
        )

    @property
    def trained(self) -> int:
        """How many models both have trained; see `Generator.trained`."""
        return sum(part.trained for part in self.parts)

    def _learn(self, ranks: Ranks) -> None:
        for part in self.parts:
            part.learn(self.table_, ranks)

    def hide(self, whole: Table) -> None:
        """Hide what is unique in a larger table; see `TableGenerator.hide`."""
        for part in self.parts:
            part.hide(whole)

    def _state(self) -> State:
        return {str(k): part.state() for k, part in enumerate(self.parts)}

    def _restore(self, ranks: Ranks, stored: Stored) -> None:
        for k, part in enumerate(self.parts):
            part.resume(self.table_, ranks, stored.part(k))

    def prepare(self, given: Iterable[Collection[str]], progress: Callable[[int, int], None] | None = None) -> None:
        """Train what both need; see `Generator.prepare`."""
        sets = list(given)
        for part in self.parts:
            part.prepare(sets, progress)

    def fill(
        self, ranks: Ranks, known: Mapping[int, pd.Series[Any]], seed: int, wanted: Collection[int]
    ) -> dict[int, pd.Series[Any]]:
        """Draw each row by one of the two; see `TableGenerator.fill`."""
        order, half = stream(seed, 3).permutation(len(ranks)), len(ranks) // 2
        made: dict[int, list[pd.Series[Any]]] = {}
        for part, rows in zip(self.parts, (np.sort(order[:half]), np.sort(order[half:])), strict=True):
            own = ranks[rows]
            given = {at: series.iloc[rows].reset_index(drop=True) for at, series in known.items()}
            for at, cells in (part.fill(own, given, seed, wanted) if rows.size else {}).items():
                made.setdefault(at, []).append(cells.set_axis(rows[cells.index.to_numpy(dtype=np.int64)]))
            ranks[rows] = own
        return {at: pd.concat(cells) for at, cells in made.items()}

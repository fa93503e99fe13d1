"""Real rows in two halves, each learned by a model of its own: for every synthetic row the other half is unseen."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from htdbu.compiler.program import Program
from htdbu.errors import DataError
from htdbu.generators.arrays import Floats, Ints
from htdbu.generators.base import Generator, TableGenerator
from htdbu.generators.gower import gower_cells, nearest
from htdbu.generators.table import Table
from htdbu.generators.texture import Texture
from htdbu.solver.table import EncodedTable
from htdbu.solver.typed import typed_column

MOST_COMPARED = 20_000
"""Rows of each half that synthetic rows are compared with; of larger halves so many, drawn at random."""
_NEIGHBOURS = 5


@dataclass(frozen=True, eq=False)
class Halves:
    """Two halves of the real rows.

    Attributes:
        rows: the rows of each; where there is an odd one the second half has it.
        compared: as many rows of each as synthetic rows are compared with.
    """

    program: Program
    real: EncodedTable
    rows: tuple[Ints, Ints]
    compared: tuple[Ints, Ints]
    threads: int | None = None

    @classmethod
    def of(cls, program: Program, real: EncodedTable, seed: int, threads: int | None = None) -> Halves:
        """Cut at random.

        Raises:
            DataError: there are less than two rows.
        """
        if real.n_rows < 2:
            raise DataError("one real row cannot be cut into two halves", "give more rows, or no --max-dcr-share")
        order, half = np.random.default_rng(seed).permutation(real.n_rows), real.n_rows // 2
        size = min(half, MOST_COMPARED)
        parts = (order[:half], order[half:])
        return cls(
            program,
            real,
            (np.sort(parts[0]), np.sort(parts[1])),
            (np.sort(parts[0][:size]), np.sort(parts[1][:size])),
            threads,
        )

    def learned(self, models: Sequence[Generator], texture: Texture) -> None:
        """Let each of two models learn one half, and keep secret what is unique among all rows."""
        whole, _ = Table.learn(texture.real)
        for model, rows in zip(models, self.rows, strict=True):
            model.fit(texture.real.iloc[rows].reset_index(drop=True))
            if isinstance(model, TableGenerator):
                model.hide(whole)

    def ratios(self, table: EncodedTable, halves: Ints) -> Floats:
        """By row how near the nearest row learned from is, compared with the fifth nearest: 0 for a copy, at most 1.

        It needs no unseen row. Compared are all columns but keys and texts, as `htdbu evaluate` does.

        Args:
            halves: by row the half that it was learned from, 0 or 1.
        """
        return self._measured(table, halves, gains=False)[1]

    def gains(self, table: EncodedTable, halves: Ints) -> tuple[Floats, Floats]:
        """By row how much farther the nearest unseen row is than the nearest one learned from; and `ratios`."""
        return self._measured(table, halves, gains=True)

    def _measured(self, table: EncodedTable, halves: Ints, gains: bool) -> tuple[Floats, Floats]:
        gain, ratio = np.zeros(table.n_rows), np.ones(table.n_rows)
        columns = [i for i, column in enumerate(self.program.columns) if not column.is_name]
        if not (columns and table.n_rows):
            return gain, ratio
        tables = [table, *(self.real.take(rows) for rows in self.compared)]
        frames = [{str(i): typed_column(self.program.columns[i], each, i) for i in columns} for each in tables]
        rows, *learned = gower_cells([pd.DataFrame(frame) for frame in frames], [str(i) for i in columns])
        for half in (0, 1):
            places = np.flatnonzero(halves == half)
            near = nearest(rows.take(places), learned[half], _NEIGHBOURS, self.threads)
            ratio[places] = (near[:, 0] + 1) / (near[:, -1] + 1)
            if gains:
                gain[places] = nearest(rows.take(places), learned[1 - half], 1, self.threads)[:, 0] - near[:, 0]
        return gain, ratio


def two_of(model: Generator) -> tuple[Generator, Generator]:
    """A model and another one of its kind, both unfitted or about to be fitted again."""
    return model, copy.deepcopy(model)

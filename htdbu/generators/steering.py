"""Steering: where few sampled rows obey the rules, draw their columns one by one, and none that leads nowhere.

Several values of a column are drawn for every row, those that no completion can follow are dropped, and among the
others as many are taken at random as there are rows of the cell: sequential Monte Carlo with a resampling after every
column (Doucet and Johansen 2009, section 3), whose rows come from the model given the rules as their number grows. What
a row costs is then the sum over the columns of one over the share of values that can be completed, no longer their
product. Where not one value of a column can be, the nearest completion gives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from htdbu.generators.arrays import Ints, Mask
from htdbu.generators.base import Generator
from htdbu.generators.completion import Completion
from htdbu.generators.draws import Buckets, ranks_within
from htdbu.generators.texture import Texture
from htdbu.solver.derive import derive
from htdbu.solver.solutions import Status
from htdbu.solver.table import EncodedTable

_TRIES = 4
"""So many values are drawn for every row, then for those of cells that have too few, and each time so much more."""
_MOST_DRAWS = 1_000_000
"""Values of one column that are drawn in all, unless that is fewer than one for every row."""


@dataclass
class Particles:
    """Rows under construction.

    Attributes:
        table: what is drawn of them; other cells are those of an earlier sample.
        cells: the cell of the plan of each.
        completed: which of them hold a value that was not drawn, but is the nearest that can be completed.
    """

    table: EncodedTable
    cells: Ints
    completed: Mask


class Steering:
    """Draws rows that obey the hard rules from a model that hardly ever does."""

    def __init__(self, texture: Texture, model: Generator, threads: int | None = None) -> None:
        self.texture, self.model = texture, model
        self.completion = Completion(texture.program, threads)

    def leads_somewhere(self, table: EncodedTable, cells: Ints) -> Mask:
        """Which rows are of a cell of the plan that any valid row is of; a cell that takes too long to tell counts."""
        _, first, which = np.unique(cells, return_index=True, return_inverse=True)
        found = self.completion.nearest(table.take(first), self.texture.plan.columns)
        leads: Mask = (found.statuses != Status.INFEASIBLE.code)[which]
        return leads

    def draw(self, table: EncodedTable, cells: Ints, broken: Sequence[int], seeds: Iterator[int]) -> Particles:
        """As many rows as the table has, of the same cells; not all of them may obey.

        Args:
            table: earlier samples of them.
            broken: columns whose samples break their own domain.
        """
        drawn = list(self.texture.plan.columns)
        rows = Particles(table, cells, np.zeros(cells.size, bool))
        for i in dict.fromkeys([*broken, *self.completion.bound]):
            if i not in drawn:
                self._extend(rows, drawn, i, seeds)
                drawn.append(i)
        given = self.texture.given(rows.cells, rows.table, self._free(drawn))
        self.texture.write(self.model.sample(cells.size, given, next(seeds)), rows.table)
        if self.texture.absence.trees:
            self.texture.absence.settle(rows.table, [next(seeds)])
        derive(self.texture.normal, rows.table)
        return rows

    def _free(self, drawn: Sequence[int]) -> list[int]:
        """The drawn columns that are not planned."""
        return [i for i in drawn if i not in self.texture.plan.columns]

    def _extend(self, rows: Particles, drawn: Sequence[int], i: int, seeds: Iterator[int]) -> None:
        """Draw one column more."""
        name = self.texture.program.columns[i].name
        given = self.texture.given(rows.cells, rows.table, self._free(drawn))
        wanted = np.bincount(rows.cells)
        parents, values, states = [], [], []
        left, size, drawn_so_far = np.arange(rows.cells.size), rows.cells.size, 0
        while drawn_so_far == 0 or (left.size and drawn_so_far < _MOST_DRAWS):
            size = min(size * _TRIES, max(_MOST_DRAWS, rows.cells.size))
            drawn_so_far += size
            tried = np.resize(left, size)
            sample = self.model.sample_columns(
                [name], tried.size, None if given is None else given.iloc[tried].reset_index(drop=True), next(seeds)
            )
            table = rows.table.take(tried)
            self.texture.write(sample, table)
            fine = np.flatnonzero(self.completion.possible(table, [*drawn, i]))
            parents.append(tried[fine])
            values.append(table.values[i, fine])
            states.append(table.states[i, fine])
            found = np.bincount(rows.cells[np.concatenate(parents)], minlength=wanted.size)
            left = left[(found < wanted)[rows.cells[left]]]
        self._resample(rows, i, np.concatenate(parents), np.concatenate(values), np.concatenate(states), next(seeds))
        self._complete(rows, drawn, i, np.flatnonzero((found == 0)[rows.cells]))

    def _resample(self, rows: Particles, i: int, parents: Ints, values: Ints, states: Ints, seed: int) -> None:
        """Go on with as many of the drawn values as there are rows of each cell that has any."""
        rng = np.random.default_rng(seed)
        order = rng.permutation(parents.size)
        drawn = Buckets.of(rows.cells[parents[order]], int(rows.cells.max()) + 1)
        living = np.flatnonzero(drawn.counts[rows.cells])
        cells = rows.cells[living]
        chosen = order[drawn.pick(cells, ranks_within(cells))]
        table = rows.table.take(parents[chosen])
        table.values[i], table.states[i] = values[chosen], states[chosen]
        rows.table.replace(living, table)
        rows.completed[living] = rows.completed[parents[chosen]]

    def _complete(self, rows: Particles, drawn: Sequence[int], i: int, dead: Ints) -> None:
        """Give rows of cells in which no drawn value can be completed the nearest one that can."""
        if dead.size:
            found = self.completion.nearest(rows.table.take(dead), drawn)
            rows.table.values[i, dead], rows.table.states[i, dead] = found.table.values[i], found.table.states[i]
            rows.completed[dead] = True

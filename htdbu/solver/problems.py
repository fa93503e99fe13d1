"""From encoded rows to the cells of a block, as arrays: what engines solve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.components import Component
from htdbu.solver.ranges import Ranges, bounded
from htdbu.solver.table import BROKEN, HUGE, NULL, VALUE, EncodedTable, Indices
from htdbu.solver.texts import TextCodes

Numbers = NDArray[np.int64]

_MODES = np.zeros(3, np.int8)
_MODES[[VALUE, NULL, BROKEN]] = Mode.VALUE, Mode.NULL, Mode.BROKEN


@dataclass(frozen=True)
class Problems:
    """Rows of a block that need a repair.

    Attributes:
        rows: their numbers in the table.
        modes: the `Mode` of every cell, shape (`Component.cells`, rows).
        values: the values of the cells, as `Cell` has them.
    """

    component: Component
    rows: Indices
    modes: NDArray[np.int8]
    values: Numbers

    @classmethod
    def of(cls, component: Component, rows: Sequence[Row]) -> Problems:
        """Rows that are spelled out."""
        shape = (len(component.cells), len(rows))
        modes = np.array([[cell.mode for cell in row] for row in rows], np.int8).T.reshape(shape)
        values = np.array([[cell.value for cell in row] for row in rows], np.int64).T.reshape(shape)
        return cls(component, np.arange(len(rows)), modes, values)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self.rows.size)

    def row(self, k: int) -> Row:
        """One row spelled out."""
        pairs = zip(self.modes[:, k].tolist(), self.values[:, k].tolist(), strict=True)
        return tuple(Cell(Mode(mode), value) for mode, value in pairs)

    def take(self, which: Indices) -> Problems:
        """Some of the rows, in that order."""
        modes, values = np.take(self.modes, which, axis=1), np.take(self.values, which, axis=1)
        return Problems(self.component, self.rows[which], modes, values)

    def slice(self, start: int, stop: int) -> Problems:
        """The rows from `start` up to but without `stop`, sharing memory."""
        window = slice(start, stop)
        return Problems(self.component, self.rows[window], self.modes[:, window], self.values[:, window])

    def distinct(self) -> tuple[Indices, Indices]:
        """The positions of the first of all equal rows, and for each row the place of its like among those."""
        if not len(self.modes):
            return np.zeros(min(self.size, 1), np.int64), np.zeros(self.size, np.int64)
        matrix = np.ascontiguousarray(np.vstack([self.modes.astype(np.int64), self.values]).T)
        keys = matrix.view(np.dtype((np.void, matrix.dtype.itemsize * matrix.shape[1]))).reshape(-1)
        _, first, which = np.unique(keys, return_index=True, return_inverse=True)
        return first, which.reshape(-1)


def fixed_cells_hold(problems: Problems) -> NDArray[np.bool_]:
    """Rows in which every cell that must not change is a value of its box, or a null where there may be one."""
    holds = np.ones(problems.size, dtype=bool)
    component = problems.component
    for line, i in zip(problems.modes, component.cells, strict=True):
        if i in component.fixed:
            holds &= (line == Mode.VALUE) | ((line == Mode.NULL) & component.column(i).nullable)
    return holds


def gather(component: Component, table: EncodedTable, rows: Indices) -> Problems:
    """The cells of some rows of a block."""
    shape = (len(component.cells), rows.size)
    modes, values = np.empty(shape, np.int8), np.empty(shape, np.int64)
    for k, i in enumerate(component.cells):
        modes[k], values[k] = _column(component, table, rows, i)
    return Problems(component, rows, modes, values)


def _column(
    component: Component, table: EncodedTable, rows: Indices, position: int
) -> tuple[NDArray[np.int8], Numbers]:
    """Modes and values of one column."""
    modes = _MODES[table.states[position, rows]]
    values = exact_values(table, rows, position)
    if component.column(position).kind == "text":
        values = _local_texts(component, table, rows, position)
    elif position not in component.derived:
        near = nearest_values(bounded(component.column(position).box), values)
        modes[(modes == Mode.VALUE) & (near != values)] = Mode.OUTSIDE
        values = near
    known = (modes == Mode.VALUE) | (modes == Mode.OUTSIDE)
    return modes, np.where(known, values, 0)


def exact_values(table: EncodedTable, rows: Indices, position: int) -> Numbers:
    """Values of a column; those beyond 64-bit arithmetic as the end of it that they lie beyond."""
    values: Numbers = table.values[position, rows].copy()
    far = {row: value for (column, row), value in table.huge.items() if column == position}
    if far:
        for place, row in enumerate(rows.tolist()):
            if row in far:
                values[place] = HUGE if far[row] > 0 else -HUGE
    return values


def nearest_values(box: Ranges, values: Numbers) -> Numbers:
    """For each value the nearest one of the box; of two as near, the smaller."""
    best: Numbers = np.clip(values, *box[0])
    for low, high in box[1:]:
        other = np.clip(values, low, high)
        best = np.where(np.abs(other - values) < np.abs(best - values), other, best)
    return best


def _local_texts(component: Component, table: EncodedTable, rows: Indices, position: int) -> Numbers:
    """Codes of a text column within its block: literals keep theirs, other texts get that of the first equal cell."""
    codes = TextCodes(component)
    own = table.values[position, rows]
    local = np.zeros(rows.size, np.int64)
    for other, number in sorted(codes.position.items(), key=lambda pair: -pair[1]):
        same = (table.values[other, rows] == own) & (table.states[other, rows] == VALUE)
        local[same & (other in component.cells)] = codes.literals + number
    return np.where(own < codes.literals, own, local)

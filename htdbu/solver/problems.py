"""From encoded rows to the cells of a block: equal problems found once, and their solutions put back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.components import Component
from htdbu.solver.ranges import Ranges, bounded
from htdbu.solver.table import BROKEN, HUGE, NULL, VALUE, EncodedTable, Indices
from htdbu.solver.texts import TextCodes

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Problems:
    """The rows of a block that need a repair.

    Attributes:
        rows: their numbers in the table.
        unique: the different problems among them.
        which: for each row the position of its problem in `unique`.
    """

    component: Component
    rows: Indices
    unique: tuple[Row, ...]
    which: Indices


def gather(component: Component, table: EncodedTable, rows: Indices) -> Problems:
    """The cells of some rows of a block, with equal ones joined."""
    columns = [_column(component, table, rows, i) for i in component.cells]
    lines = [line for pair in columns for line in pair]
    if not lines:
        return Problems(component, rows, ((),) if rows.size else (), np.zeros(rows.size, np.int64))
    matrix, which = np.unique(np.vstack(lines), axis=1, return_inverse=True)
    unique = tuple(_row(column) for column in matrix.T.tolist())
    return Problems(component, rows, unique, which.reshape(-1))


def _row(numbers: list[int]) -> Row:
    return tuple(Cell(Mode(mode), value) for mode, value in zip(numbers[::2], numbers[1::2], strict=True))


def _column(component: Component, table: EncodedTable, rows: Indices, position: int) -> tuple[Numbers, Numbers]:
    """Modes and values of one column."""
    state = table.states[position, rows]
    modes = np.select([state == NULL, state == BROKEN], [int(Mode.NULL), int(Mode.BROKEN)], int(Mode.VALUE))
    values = exact_values(table, rows, position)
    if component.column(position).kind == "text":
        values = _local_texts(component, table, rows, position)
    elif position not in component.derived:
        near = nearest_values(bounded(component.column(position).box), values)
        modes = np.where((modes == Mode.VALUE) & (near != values), int(Mode.OUTSIDE), modes)
        values = near
    known = (modes == Mode.VALUE) | (modes == Mode.OUTSIDE)
    return modes.astype(np.int64), np.where(known, values, 0)


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


class Restorer:
    """Puts solutions back into a table; a text that no data hold is made up as `text-1`, `text-2` and so on."""

    def __init__(self, table: EncodedTable) -> None:
        self._table = table
        self._made = 0
        self._codes: dict[tuple[int, ...], TextCodes] = {}

    def put(self, component: Component, row: int, values: tuple[int | None, ...]) -> None:
        """Write the mutable cells of one row of a block."""
        if component.columns not in self._codes:
            self._codes[component.columns] = TextCodes(component)
        codes = self._codes[component.columns]
        fresh: dict[int, int] = {}
        present = {number: int(self._table.values[i, row]) for i, number in codes.position.items()}
        for i, value in zip(component.mutable, values, strict=True):
            if value is not None and i in codes.position:
                value = self._text(codes, present, fresh, value)
            self._table.states[i, row] = NULL if value is None else VALUE
            self._table.values[i, row] = value or 0
            self._table.huge.pop((i, row), None)

    def _text(self, codes: TextCodes, present: dict[int, int], fresh: dict[int, int], local: int) -> int:
        """The table's code of a local code."""
        if local < codes.literals:
            return local
        if local < codes.fresh:
            return present[local - codes.literals]
        if local not in fresh:
            fresh[local] = self._new_text()
        return fresh[local]

    def _new_text(self) -> int:
        while True:
            self._made += 1
            text = f"text-{self._made}"
            if text not in self._table.texts.codes:
                return self._table.texts.code(text)

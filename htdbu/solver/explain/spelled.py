"""The cells of the row that is explained, as the table spells them and JSON can hold them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from htdbu.compiler.program import Program
from htdbu.solver.decoding import spell
from htdbu.solver.explain.story import Cell
from htdbu.solver.spelling import text_speller
from htdbu.solver.table import BROKEN, NULL, EncodedTable


class Speller:
    """Spells cells of one row.

    Args:
        frame: the whole table, whose cells show how each column is spelled.
        row: which row of it.
        one: that row alone, encoded.
    """

    def __init__(self, program: Program, frame: pd.DataFrame, row: int, one: EncodedTable) -> None:
        self._program, self._frame, self._row, self._one = program, frame, row, one

    def header(self, position: int) -> str:
        """What the data call a column."""
        return self._program.columns[position].header

    def old(self, position: int) -> Cell:
        """A cell as it is."""
        if not self._one.present[position]:
            return self.new(position, self._one, 0)
        if self._one.states[position, 0] == NULL:
            return None
        cell = self._frame[self.header(position)].iloc[self._row]
        return self._plain(position, cell, self._one, 0)

    def new(self, position: int, table: EncodedTable, row: int) -> Cell:
        """A cell of another table, as a repair would write it."""
        if table.states[position, row] == NULL:
            return None
        column = self._program.columns[position]
        series = self._frame[column.header] if self._one.present[position] else pd.Series([], dtype="str")
        (cell,) = spell(column, series, table, position, [row])
        return self._plain(position, cell, table, row)

    def _plain(self, position: int, cell: Any, table: EncodedTable, row: int) -> Cell:
        """A cell as JSON holds it; dates and other objects as text."""
        cell = cell.item() if hasattr(cell, "item") else cell
        if isinstance(cell, str | int | float):
            return cell
        column, value = self._program.columns[position], table.value(position, row)
        if table.states[position, row] == BROKEN or value is None or column.type.kind not in ("date", "datetime"):
            return str(cell)
        return str(text_speller(column, None)(value))

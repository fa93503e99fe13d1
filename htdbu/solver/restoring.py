"""Solutions put back into a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.components import Component
from htdbu.solver.solutions import Solutions
from htdbu.solver.table import NULL, VALUE, EncodedTable, Indices
from htdbu.solver.texts import TextCodes

FRESH = "text-"
"""How a text begins that is made up; a number follows."""


class Restorer:
    """Writes the cells of solved rows; a text that no data hold is made up as `text-1`, `text-2` and so on."""

    def __init__(self, table: EncodedTable) -> None:
        self._table = table
        self._made = 0

    def put(self, component: Component, rows: Indices, solutions: Solutions) -> None:
        """Write the mutable cells of some rows of a block, all of which are solved."""
        codes = TextCodes(component)
        if codes.position:
            solutions = self._with_texts(component, codes, rows, solutions)
        for i, values, nulls in zip(component.mutable, solutions.values, solutions.nulls, strict=True):
            self._table.states[i, rows] = np.where(nulls, NULL, VALUE)
            self._table.values[i, rows] = np.where(nulls, 0, values)
        if self._table.huge:
            written = set(component.mutable), set(rows.tolist())
            huge = self._table.huge.items()
            self._table.huge = {(i, row): v for (i, row), v in huge if i not in written[0] or row not in written[1]}

    def _with_texts(self, component: Component, codes: TextCodes, rows: Indices, solutions: Solutions) -> Solutions:
        """The same with the table's codes of texts instead of the block's."""
        values = solutions.values.copy()
        places = [(place, i) for place, i in enumerate(component.mutable) if i in codes.position]
        present = {number: self._table.values[i, rows] for i, number in codes.position.items()}
        for place, _ in places:
            local = solutions.values[place]  # not `values`, where codes of the table stand by and by
            for number, texts in present.items():
                values[place] = np.where(local == codes.literals + number, texts, values[place])
        self._invent(codes, [place for place, _ in places], solutions, values)
        return Solutions(solutions.statuses, values, solutions.nulls, solutions.prices)

    def _invent(self, codes: TextCodes, places: list[int], solutions: Solutions, values: NDArray[np.int64]) -> None:
        """Fresh texts, row by row and in the order of the columns."""
        fresh = (solutions.values[places] >= codes.fresh) & ~solutions.nulls[places]
        for k in np.flatnonzero(fresh.any(axis=0)).tolist():
            made: dict[int, int] = {}
            for place in places:
                local = int(solutions.values[place, k])
                if local >= codes.fresh and not solutions.nulls[place, k]:
                    if local not in made:
                        made[local] = self.new_text()
                    values[place, k] = made[local]

    def new_text(self) -> int:
        """The code of a text that no data hold."""
        while True:
            self._made += 1
            text = f"{FRESH}{self._made}"
            if text not in self._table.texts.codes:
                return self._table.texts.code(text)

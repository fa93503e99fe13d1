"""What mending rules over several rows changes in a table of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.solver.engine import GENERAL
from htdbu.solver.groups.mend import restored, rewritten
from htdbu.solver.solutions import UNTOUCHED, Codes, Status
from htdbu.solver.streaming.compact import recode
from htdbu.solver.table import EncodedTable, Indices
from htdbu.solver.table_repair import Failure, TableRepair


@dataclass(frozen=True)
class Mending:
    """What becomes of the rows that rules over several rows move or give up.

    Attributes:
        rows: their numbers in the table, ascending.
        program: the columns of `table`, which holds these rows.
        columns: their positions in the whole program.
        mutable: positions of those that may change.
        asked: which of the rows an engine was asked for.
        failures: of the rows that stay as the data have them, by row.
        marks: what stands for the texts that were made up.
    """

    rows: Indices
    program: Program
    columns: tuple[int, ...]
    mutable: frozenset[int]
    table: EncodedTable
    statuses: Codes
    asked: NDArray[np.bool_]
    failures: dict[int, Failure]
    marks: Sequence[str]

    def apply(self, program: Program, before: EncodedTable, repair: TableRepair, start: int) -> TableRepair:
        """The repair of a piece that begins at a row, mended.

        Args:
            before: the piece as the data have it.
        """
        places = slice(*np.searchsorted(self.rows, [start, start + before.n_rows]).tolist())
        rows, codes = self.rows[places] - start, self.statuses[places]
        moved = (codes != UNTOUCHED) & (codes <= Status.FEASIBLE.code)
        piece = repair.table.take(rows[moved])
        self._put(np.flatnonzero(moved) + places.start, piece)
        normal = normalise(program)
        changed = rewritten(normal, before, repair, rows[moved], piece)
        restored(normal, before, repair.table, changed, rows[~moved])
        statuses, engines = repair.statuses.copy(), repair.engines.copy()
        statuses[rows] = codes
        asked = rows[self.asked[places]]
        engines[asked] = np.maximum(engines[asked], repair.engine_names.index(GENERAL))
        failures = {failure.row: failure for failure in repair.failures}
        for row in rows.tolist():
            failures.pop(row, None)
            if row + start in self.failures:
                failures[row] = replace(self.failures[row + start], row=row)
        return replace(
            repair,
            changed=changed,
            statuses=statuses,
            engines=engines,
            failures=tuple(failures[row] for row in sorted(failures)),
        )

    def _put(self, places: Indices, piece: EncodedTable) -> None:
        """Write the cells of some of the rows into a piece that holds no others."""
        own = self.table.take(places)
        recode(self.program, own, piece.texts)
        for k, i in enumerate(self.columns):
            if i in self.mutable:
                piece.values[i], piece.states[i] = own.values[k], own.states[k]
        piece.huge = {place: value for place, value in piece.huge.items() if place[0] not in self.mutable}
        huge = ((self.columns[k], row, value) for (k, row), value in own.huge.items())
        piece.huge |= {(i, row): value for i, row, value in huge if i in self.mutable}

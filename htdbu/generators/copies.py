"""Real rows that no other equals, and synthetic rows that do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from htdbu.generators.arrays import Mask
from htdbu.solver.table import VALUE, EncodedTable


class UniqueRows:
    """The real rows that no other real one equals in some columns.

    Args:
        columns: the columns to compare; of none, no row counts as unique. Cells without a value are all alike.
    """

    def __init__(self, real: EncodedTable, columns: Sequence[int]) -> None:
        self.columns = list(columns)
        self.rows = frozenset(row for row, count in Counter(self._rows(real)).items() if count == 1)

    def copied(self, table: EncodedTable) -> Mask:
        """Which rows of a table equal one of them in all of the columns."""
        rows = self._rows(table)
        return (
            np.fromiter((row in self.rows for row in rows), bool, len(rows)) if rows else np.zeros(table.n_rows, bool)
        )

    def _rows(self, table: EncodedTable) -> list[bytes]:
        if not self.columns:
            return []
        known = table.states[self.columns] == VALUE
        values = np.where(known, table.values[self.columns], 0)
        for (i, row), value in table.huge.items():
            if i in self.columns:
                values[self.columns.index(i), row] = value % 2**63
        cells = np.ascontiguousarray(np.concatenate([values, known.astype(np.int64)]).T)
        data, width = cells.tobytes(), cells.shape[1] * cells.itemsize
        return [data[start : start + width] for start in range(0, len(data), width)]

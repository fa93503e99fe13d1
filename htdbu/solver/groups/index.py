"""Which rows of a table hold a tuple: looked up by hash, answered exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.mixing import mixed
from htdbu.solver.outcomes import SeveralRows
from htdbu.solver.table import VALUE, EncodedTable, Indices

Tuple = tuple[int, ...]
Numbers = NDArray[np.int64]


class Index:
    """The rows that hold a value in every column of a rule, by their left sides.

    Numbers beyond 64-bit arithmetic are left out: no repair leads to them.
    """

    def __init__(self, table: EncodedTable, rule: SeveralRows) -> None:
        known = np.all([table.states[i] == VALUE for i in rule.columns], axis=0)
        for i, row in table.huge:
            if i in rule.columns:
                known[row] = False
        rows = np.flatnonzero(known)
        self._values = table.values
        self._columns = list(rule.left)
        codes = _codes([table.values[i, rows] for i in rule.left])
        order = np.argsort(codes, kind="stable")
        self._sorted, self._rows = codes[order], rows[order]

    def find(self, tuples: Sequence[Tuple]) -> list[Indices]:
        """For each tuple the rows that hold it, ascending."""
        if not tuples:
            return []
        wanted = np.array(tuples, dtype=np.int64).reshape(len(tuples), len(self._columns))
        codes = _codes(list(wanted.T))
        starts = np.searchsorted(self._sorted, codes, "left").tolist()
        stops = np.searchsorted(self._sorted, codes, "right").tolist()
        return [
            self._rows[a:b] if a == b else self._exact(self._rows[a:b], line)
            for a, b, line in zip(starts, stops, wanted, strict=True)
        ]

    def _exact(self, rows: Indices, wanted: Numbers) -> Indices:
        """Those of some rows that do hold a tuple."""
        if len(self._columns) == 1:
            return rows
        pairs = zip(self._columns, wanted, strict=True)
        found: Indices = rows[np.all([self._values[i, rows] == value for i, value in pairs], axis=0)]
        return found


def _codes(columns: Sequence[Numbers]) -> Numbers:
    """A number for each tuple: its value where there is one column, else a hash."""
    if len(columns) == 1:
        return columns[0]
    total = np.zeros(columns[0].size, np.uint64)
    for values in columns:
        total = mixed(total * np.uint64(0x9E3779B97F4A7C15) + values.astype(np.int64).view(np.uint64))
    return total.view(np.int64)

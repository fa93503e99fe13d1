"""Which rows of a table hold a tuple: looked up by hash, answered exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.mixing import mixed
from htdbu.solver.outcomes import SeveralRows
from htdbu.solver.table import HUGE, VALUE, EncodedTable, Indices

Tuple = tuple[int, ...]
Numbers = NDArray[np.int64]


class Index:
    """The rows that hold a value in every column of a rule, by their left sides.

    Rows with a number beyond 64-bit arithmetic on the right are left out: no repair leads to it.
    """

    def __init__(self, table: EncodedTable, rule: SeveralRows) -> None:
        known = np.all([table.states[i] == VALUE for i in rule.columns], axis=0)
        far = sorted({row for i, row in table.huge if i in rule.columns and known[row]})
        known[far] = False
        self._far: dict[Tuple, list[int]] = {}
        for row in far:
            left = tuple(int(table.value(i, row) or 0) for i in rule.left)
            if all((i, row) not in table.huge for i in rule.right):
                self._far.setdefault(left, []).append(row)
        rows = np.flatnonzero(known)
        self._values = table.values
        self._columns = list(rule.left)
        codes = _codes([table.values[i, rows] for i in rule.left])
        order = np.argsort(codes, kind="stable")
        self._sorted, self._rows = codes[order], rows[order]

    def find(self, tuples: Sequence[Tuple]) -> list[Indices]:
        """For each tuple the rows that hold it, ascending."""
        near = [tuple_ for tuple_ in tuples if not _is_far(tuple_)]
        found = iter(self._near(near) if near else ())
        return [
            np.array(self._far.get(tuple_, []), dtype=np.int64) if _is_far(tuple_) else next(found) for tuple_ in tuples
        ]

    def _near(self, tuples: Sequence[Tuple]) -> list[Indices]:
        """The same for tuples of 64-bit numbers."""
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


def _is_far(tuple_: Tuple) -> bool:
    return any(abs(value) >= HUGE for value in tuple_)


def _codes(columns: Sequence[Numbers]) -> Numbers:
    """A number for each tuple: its value where there is one column, else a hash."""
    if len(columns) == 1:
        return columns[0]
    total = np.zeros(columns[0].size, np.uint64)
    for values in columns:
        total = mixed(total * np.uint64(0x9E3779B97F4A7C15) + values.astype(np.int64).view(np.uint64))
    return total.view(np.int64)

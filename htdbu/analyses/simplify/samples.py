"""Rows that tell most wrong candidates apart from right ones before a solver is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.normal import Bool, Intervals, Normal, NormalColumn, NormalProgram, Var, Within, operands
from htdbu.solver.derive import derive
from htdbu.solver.evaluate import Evaluator, inside
from htdbu.solver.table import NULL, VALUE, EncodedTable, Texts

_ROWS, _SPARE = 400, 100
"""Rows drawn at the beginning, and room for those that a solver finds."""

Mask = NDArray[np.bool_]


class Samples:
    """Rows of the declared domains; the newest take the places of the oldest that a solver found."""

    def __init__(self, normal: NormalProgram, nodes: Iterable[Bool]) -> None:
        self._normal = normal
        self._next = 0
        ends = _ends(nodes)
        random = np.random.default_rng(0)
        self._table = EncodedTable.blank(normal, _ROWS + _SPARE, Texts(normal.texts))
        for i, column in enumerate(normal.columns):
            if column.definition is None:
                values, known = _drawn(column, ends.get(i, ()), len(normal.texts), random)
                self._table.values[i], self._table.states[i] = np.where(known, values, 0), np.where(known, VALUE, NULL)
        self._renew()

    def _renew(self) -> None:
        derive(self._normal, self._table)
        self._evaluator = Evaluator(self._normal, self._table)
        self._rows = np.ones(self._table.n_rows, dtype=bool)
        for i, column in enumerate(self._normal.columns):
            if column.definition is not None:
                known = self._table.states[i] == VALUE
                allowed = inside(column.domain, self._table.values[i]) if column.kind != "text" else known
                self._rows &= np.where(known, allowed, column.nullable)

    def add(self, cells: Mapping[int, int | None]) -> None:
        """Keep a row, given the cells of one block in steps; its other cells stay what they are."""
        row = _ROWS + self._next % _SPARE
        self._next += 1
        for i, value in cells.items():
            if self._normal.columns[i].definition is None and self._normal.columns[i].kind != "text":
                self._table.states[i, row] = NULL if value is None else VALUE
                self._table.values[i, row] = value or 0
        self._renew()

    def differ(self, pairs: Sequence[tuple[Bool, Bool]], given: Sequence[Bool]) -> bool:
        """Whether a row that keeps some rules breaks just one of a pair."""
        rows = self._rows
        for rule in given:
            rows = rows & ~self._evaluator.truth(rule)[1]
        return any(bool(((self._evaluator.truth(a)[1] != self._evaluator.truth(b)[1]) & rows).any()) for a, b in pairs)


def _drawn(
    column: NormalColumn, ends: Iterable[int], texts: int, random: np.random.Generator
) -> tuple[NDArray[np.int64], Mask]:
    """Values of a column and where there are any: the ends of its domain, those that rules name, and any others."""
    count = _ROWS + _SPARE
    box: Intervals = ((0, texts),) if column.kind == "text" else column.box
    ranges = [(int(a or 0), int(b or 0)) for a, b in box]
    special = {value for pair in ranges for value in pair}
    special |= {value for end in ends for value in (end - 1, end, end + 1)}
    allowed = [value for value in sorted(special) if any(a <= value <= b for a, b in ranges)]
    parts = random.integers(0, len(ranges), count)
    lows, highs = (np.array([pair[k] for pair in ranges], dtype=np.int64)[parts] for k in (0, 1))
    values = np.where(random.random(count) < 0.6, random.choice(allowed, count), random.integers(lows, highs + 1))
    return values, (random.random(count) > 0.2) | (not column.nullable)


def _ends(nodes: Iterable[Bool]) -> dict[int, set[int]]:
    """The ends of intervals that a column is compared with."""
    found: dict[int, set[int]] = {}
    for node in nodes:
        for part in _parts(node):
            if isinstance(part, Within) and isinstance(part.term, Var):
                numbers = {end for pair in part.intervals for end in pair if end is not None}
                found.setdefault(part.term.column, set()).update(n for n in numbers if abs(n) < 2**60)
    return found


def _parts(node: Normal) -> Iterator[Normal]:
    yield node
    for part in operands(node):
        yield from _parts(part)

"""A table of step counts: what every later step works on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.normal import NormalProgram

VALUE, NULL, BROKEN = 0, 1, 2
"""States of a cell: a value (inside its domain or not), a null, no value of its type."""

HUGE = 2**62
"""Values of at least this magnitude are kept apart as Python integers."""

Indices = NDArray[np.int64]


class Texts:
    """Numbers for texts: those of the program's literals first, then those of the data as they are met."""

    def __init__(self, literals: Mapping[str, int]) -> None:
        self.codes: dict[str, int] = dict(literals)
        self.words: list[str] = sorted(literals, key=literals.__getitem__)

    def code(self, text: str) -> int:
        """The number of a text; a new one for a text that has none."""
        found = self.codes.get(text)
        if found is None:
            found = self.codes[text] = len(self.words)
            self.words.append(text)
        return found

    def text(self, code: int) -> str:
        """The text of a number."""
        return self.words[code]


@dataclass
class EncodedTable:
    """Cells as integers.

    Attributes:
        values: step counts, shape (columns, rows), one contiguous line a column; 0 where a cell holds none.
        states: `VALUE`, `NULL` or `BROKEN`, same shape.
        huge: values that 64-bit arithmetic could not hold safely, by (column, row).
        texts: the dictionary of all text columns.
        present: which columns the data hold (derived ones may be missing).
        rounded: how many cells were finer than their column's scale.
    """

    values: NDArray[np.int64]
    states: NDArray[np.int8]
    texts: Texts
    present: tuple[bool, ...]
    huge: dict[tuple[int, int], int] = field(default_factory=dict)
    rounded: int = 0

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.values.shape[1])

    @classmethod
    def blank(cls, normal: NormalProgram, n: int, texts: Texts | None = None) -> EncodedTable:
        """`n` rows of nulls."""
        shape = (len(normal.columns), n)
        known = Texts(normal.texts) if texts is None else texts
        return cls(np.zeros(shape, np.int64), np.full(shape, NULL, np.int8), known, (True,) * shape[0])

    def empty(self, n: int) -> EncodedTable:
        """`n` rows of nulls with the same columns and texts."""
        shape = (self.values.shape[0], n)
        present = (True,) * shape[0]
        return EncodedTable(np.zeros(shape, np.int64), np.full(shape, NULL, np.int8), self.texts, present)

    def copy(self) -> EncodedTable:
        """The same cells as a table of their own; the dictionary of texts is shared."""
        return EncodedTable(
            self.values.copy(), self.states.copy(), self.texts, self.present, dict(self.huge), self.rounded
        )

    def slice(self, start: int, stop: int) -> EncodedTable:
        """The rows from `start` up to but without `stop`, sharing memory."""
        huge = {(i, row - start): v for (i, row), v in self.huge.items() if start <= row < stop}
        window = slice(start, stop)
        return EncodedTable(self.values[:, window], self.states[:, window], self.texts, self.present, huge)

    def column(self, i: int) -> EncodedTable:
        """One column as a table that shares its memory, but counts what is huge or rounded by itself."""
        return EncodedTable(self.values[i : i + 1], self.states[i : i + 1], self.texts, self.present[i : i + 1])

    def count_in(self, i: int, column: EncodedTable) -> None:
        """Take over what a column counted by itself."""
        self.huge.update({(i, row): value for (_, row), value in column.huge.items()})
        self.rounded += column.rounded

    def take(self, rows: Indices) -> EncodedTable:
        """The given rows, in that order, as a table of their own."""
        huge: dict[tuple[int, int], int] = {}
        if self.huge:
            places: dict[int, list[int]] = {}
            for new, old in enumerate(np.asarray(rows).tolist()):
                places.setdefault(old, []).append(new)
            huge = {(i, new): v for (i, old), v in self.huge.items() for new in places.get(old, ())}
        return EncodedTable(
            np.take(self.values, rows, axis=1),
            np.take(self.states, rows, axis=1),
            self.texts,
            self.present,
            huge,
        )

    def replace(self, rows: Indices, other: EncodedTable, keep: Collection[int] = ()) -> None:
        """Put the rows of another table in the place of some of these; columns in `keep` stay."""
        columns = np.array([i for i in range(self.values.shape[0]) if i not in keep], dtype=np.int64)
        self.values[np.ix_(columns, rows)] = other.values[columns]
        self.states[np.ix_(columns, rows)] = other.states[columns]
        gone = set(np.asarray(rows).tolist())
        self.huge = {(i, row): v for (i, row), v in self.huge.items() if row not in gone or i in keep}
        numbers = np.asarray(rows).tolist()
        self.huge.update({(i, numbers[row]): v for (i, row), v in other.huge.items() if i not in keep})

    def value(self, column: int, row: int) -> int | None:
        """The exact value of a cell; None where it holds none."""
        if self.states[column, row] != VALUE:
            return None
        return self.huge.get((column, row), int(self.values[column, row]))

    def put(self, column: int, values: Iterable[int | None]) -> None:
        """Set a whole column; None is null."""
        for row, value in enumerate(values):
            self.states[column, row] = NULL if value is None else VALUE
            self.huge.pop((column, row), None)
            if value is not None and abs(value) >= HUGE:
                self.huge[column, row] = value
                value = 0
            self.values[column, row] = value or 0

    def column_texts(self, column: int) -> list[str | None]:
        """The cells of a text column; None where there is none."""
        known = self.states[column] == VALUE
        pairs = zip(self.values[column].tolist(), known.tolist(), strict=True)
        return [self.texts.text(code) if k else None for code, k in pairs]

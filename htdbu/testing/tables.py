"""Drawing tables: rows one after another, each in keeping with those before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hypothesis import reject
from hypothesis import strategies as st

from htdbu.compiler.program import Program
from htdbu.solver.outcomes import hard_failures
from htdbu.solver.table import VALUE, EncodedTable
from htdbu.testing.sampler import Sampler
from htdbu.testing.values import Row, python_row

if TYPE_CHECKING:
    import pandas as pd

_TRIES = 5
"""How often a row that does not fit is drawn anew."""

Tuple = tuple[int | str | None, ...]


def draw_table(draw: st.DrawFn, program: Program, sampler: Sampler, least: int, most: int) -> list[Row]:
    """Rows that satisfy the rules about one row and those over several."""
    size = draw(st.integers(least, most))
    kept, book = list[Row](), _Book(program)
    for _ in range(size):
        for _ in range(_TRIES):
            table = sampler.draw(draw)
            row = book.fitting(table)
            if row is not None:
                kept.append(row)
                break
    if len(kept) < least:
        reject()
    return kept


class _Book:
    """The tuples that keys, `unique` and `fd` have seen so far; tuples with a null are left out."""

    def __init__(self, program: Program) -> None:
        self._program = program
        keys = [(column.name,) for column in program.columns if column.key]
        self._uniques = [self._places(names) for names in (*keys, *(u.columns for u in program.uniques))]
        self._sides = [(self._places(fd.left), self._places(fd.right)) for fd in program.dependencies]
        self._seen: list[set[Tuple]] = [set() for _ in self._uniques]
        self._right: list[dict[Tuple, Tuple]] = [{} for _ in self._sides]

    def _places(self, names: Sequence[str]) -> tuple[int, ...]:
        return tuple(self._program.column_index[name] for name in names)

    def fitting(self, table: EncodedTable) -> Row | None:
        """The row, with the right sides that its left sides have already; None where it does not fit."""
        for (left, right), groups in zip(self._sides, self._right, strict=True):
            known = groups.get(self._tuple(table, left))
            if known is not None:
                _write(table, right, known)
        if self._sides and not self._sound(table):
            return None
        tuples = [self._tuple(table, places) for places in self._uniques]
        if any(each in seen for each, seen in zip(tuples, self._seen, strict=True)):
            return None
        self._note(table, tuples)
        return python_row(self._program, table)

    def _sound(self, table: EncodedTable) -> bool:
        """Whether the row satisfies its rules, after what was written, and every group's right side is its own."""
        table.present = (True,) * len(table.present)
        if hard_failures(self._program, table)[0]:
            return False
        pairs = zip(self._sides, self._right, strict=True)
        return all(
            None in (mine := self._tuple(table, right)) or groups.get(self._tuple(table, left), mine) == mine
            for (left, right), groups in pairs
        )

    def _tuple(self, table: EncodedTable, places: Sequence[int]) -> Tuple:
        """The cells of a row; texts as themselves, since every row numbers its own."""
        kinds = ((i, self._program.columns[i].type.kind) for i in places)
        return tuple(table.column_texts(i)[0] if kind == "text" else table.value(i, 0) for i, kind in kinds)

    def _note(self, table: EncodedTable, tuples: Sequence[Tuple]) -> None:
        for each, seen in zip(tuples, self._seen, strict=True):
            if None not in each:
                seen.add(each)
        for (left, right), groups in zip(self._sides, self._right, strict=True):
            if None not in (*self._tuple(table, left), *self._tuple(table, right)):
                groups.setdefault(self._tuple(table, left), self._tuple(table, right))


def _write(table: EncodedTable, places: Sequence[int], cells: Tuple) -> None:
    for i, cell in zip(places, cells, strict=True):
        table.states[i, 0] = VALUE
        table.values[i, 0] = table.texts.code(cell) if isinstance(cell, str) else cell or 0


def frame(program: Program, drawn: Sequence[Row]) -> pd.DataFrame:
    """Rows as a frame."""
    import pandas as pd

    return pd.DataFrame(
        {
            column.header: pd.Series([row[column.header] for row in drawn], dtype=_DTYPES[column.type.kind])
            for column in program.columns
        }
    )


_DTYPES: dict[str, Any] = {
    "int": "Int64",
    "decimal": "object",
    "bool": "boolean",
    "category": "object",
    "date": "datetime64[s]",
    "datetime": "datetime64[s]",
    "text": "object",
}

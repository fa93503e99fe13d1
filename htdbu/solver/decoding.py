"""From step counts back to frames: only changed cells are written, each as its column spells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.program import Column, Program
from htdbu.solver.chunks import in_order
from htdbu.solver.dtypes import fitting
from htdbu.solver.frames import COPIES_ON_WRITE
from htdbu.solver.rewriting import replaced, rewritten
from htdbu.solver.spelling import Speller, is_textual, machine_numbers, null_text, text_speller, typed_speller
from htdbu.solver.table import VALUE, EncodedTable
from htdbu.solver.typed import typed_column


def speller(column: Column, series: pd.Series, table: EncodedTable) -> Speller:
    """How step counts of a column are written into a series."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = pd.Series(series.cat.categories)
    if column.type.kind == "text":
        return table.texts.text
    return text_speller(column, series) if is_textual(series) else typed_speller(column, series)


def spell(column: Column, series: pd.Series, table: EncodedTable, i: int, rows: Sequence[int]) -> list[Any]:
    """The given cells of a column as its series spells them; a null is a null text or missing."""
    null = null_text(column) if is_textual(series) else None
    known, values = table.states[i, rows] == VALUE, table.values[i, rows]
    numbers = machine_numbers(column, series, values)
    if any(place == i for place, _ in table.huge):
        write = speller(column, series, table)
        return [null if value is None else write(value) for value in (table.value(i, row) for row in rows)]
    if numbers is None:
        words, codes = spell_distinct(column, series, table, i, rows)
        return [words[code] for code in codes.tolist()]
    return numbers if known.all() else [cell if k else null for cell, k in zip(numbers, known.tolist(), strict=True)]


def spell_distinct(
    column: Column, series: pd.Series, table: EncodedTable, i: int, rows: Sequence[int] | NDArray[np.int64]
) -> tuple[list[Any], NDArray[np.int64]]:
    """The different ones among the given cells, none of them huge, and for each row the place of its own."""
    known, write = table.states[i, rows] == VALUE, speller(column, series, table)
    numbers, distinct = pd.factorize(table.values[i, rows][known])
    words = [write(value) for value in distinct.tolist()]
    codes = np.full(known.size, len(words), np.int64)
    codes[known] = numbers
    null = null_text(column) if is_textual(series) else None
    return (words if known.all() else [*words, null]), codes


def write_cells(
    program: Program,
    frame: pd.DataFrame,
    table: EncodedTable,
    changed: dict[int, NDArray[np.int64]],
    threads: int | None = 1,
) -> pd.DataFrame:
    """A copy of a frame with some cells replaced by those of a table.

    Args:
        changed: per column position the rows whose cells are written; a derived column that the frame lacks is added.
        threads: how many columns are written at a time; all processors by default.
    """
    result = frame.copy(deep=not COPIES_ON_WRITE)
    columns, textual = program.columns, all_textual(frame)

    def written(i: int) -> pd.Series:
        return _written(columns[i], frame[columns[i].header], table, i, changed[i])

    places = [i for i, rows in changed.items() if rows.size and columns[i].header in frame.columns]
    for i, series in zip(places, in_order(written, places, threads), strict=True):
        result[columns[i].header] = series
    for i, column in enumerate(columns):
        if column.header not in frame.columns:
            result[column.header] = make_column(column, table, i, Making.of(table, i, textual)).set_axis(frame.index)
    return result


def _written(column: Column, series: pd.Series, table: EncodedTable, i: int, rows: NDArray[np.int64]) -> pd.Series:
    """One column with its changed cells."""
    made = rewritten(column, series, table, i, rows)
    if made is not None:
        return made
    if any(place == i for place, _ in table.huge) or pd.api.types.is_numeric_dtype(series.dtype):
        return replaced(series, rows, spell(column, series, table, i, rows.tolist()))
    return replaced(series, rows, *spell_distinct(column, series, table, i, rows))


@dataclass(frozen=True)
class Making:
    """What decides the type of a derived column that the data lack.

    Attributes:
        textual: whether the data have columns, all of texts.
        huge: whether a value leaves 64 bits; `null` whether a cell is null, and `value` whether one is not.
    """

    textual: bool
    huge: bool = False
    null: bool = False
    value: bool = False

    @classmethod
    def of(cls, table: EncodedTable, i: int, textual: bool) -> Making:
        """What a table tells of one of its columns."""
        known = table.states[i] == VALUE
        return cls(textual, any(place == i for place, _ in table.huge), not known.all(), bool(known.any()))

    def join(self, other: Making) -> Making:
        """What two parts of a table tell together."""
        return Making(
            self.textual and other.textual, self.huge or other.huge, self.null or other.null, self.value or other.value
        )


def all_textual(frame: pd.DataFrame) -> bool:
    """Whether a frame has columns and all of them hold texts."""
    return bool(len(frame.columns)) and all(is_textual(frame[header]) for header in frame.columns)


def make_column(column: Column, table: EncodedTable, i: int, making: Making) -> pd.Series:
    """A derived column that the data lack: texts among texts, else of the machine type of its kind."""
    if making.textual or making.huge or column.type.kind in ("category", "text"):
        blank = pd.Series([], dtype="str" if making.textual else "float64")
        cells = spell(column, blank, table, i, range(table.n_rows))
        natural = pd.Series(["text"]).dtype if making.value else np.dtype(object)
        return pd.Series(cells, dtype="str" if making.textual else object if making.huge else natural)
    made = typed_column(column, table, i)
    if column.type.kind not in ("int", "bool") or making.null:
        return made
    return made.astype(np.dtype("int64" if column.type.kind == "int" else "bool"))


def decode_like(program: Program, table: EncodedTable, like: pd.DataFrame) -> pd.DataFrame:
    """A fresh frame of a table's rows with the headers, order, spelling and types of another frame.

    Columns that the program does not declare are left out; derived ones that `like` lacks come last.
    """
    positions = {column.header: i for i, column in enumerate(program.columns)}
    textual = all_textual(like.iloc[:0].reindex(range(table.n_rows)))
    data: dict[str, pd.Series] = {}
    for header in like.columns:
        if header in positions:
            i = positions[header]
            data[header] = _fresh(program.columns[i], table, i, like[header])
    for i, column in enumerate(program.columns):
        if column.header not in data:
            data[column.header] = make_column(column, table, i, Making.of(table, i, textual))
    return pd.DataFrame(data)


def _fresh(column: Column, table: EncodedTable, i: int, like: pd.Series) -> pd.Series:
    cells = spell(column, like, table, i, range(table.n_rows))
    made: pd.Series = pd.Series(cells, dtype=fitting(like.iloc[:0], cells))
    return made

"""Completions: as the rules spell them, and as rows that can be judged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from htdbu.compiler.program import Column, Program
from htdbu.solver.spelling import text_speller
from htdbu.solver.table import NULL, VALUE, EncodedTable, Texts

Steps = Mapping[int, int | None]
"""Cells in steps (texts by their codes in the table), by position; None is null."""


def spelt_cells(program: Program, table: EncodedTable, steps: Steps) -> dict[str, str]:
    """Cells as a rule file writes them, by the names of their columns."""
    return {program.columns[i].name: _spelt(program.columns[i], table.texts, value) for i, value in steps.items()}


def _spelt(column: Column, texts: Texts, value: int | None) -> str:
    if value is None:
        return "null"
    if column.type.kind == "text":
        return f'"{texts.text(value)}"'
    try:
        cell = str(text_speller(column.model_copy(update={"format": None}), None)(value))
    except OverflowError:  # computed from dates and numbers, and beyond the calendar
        return f"{value} days after 1970-01-01" if column.type.kind == "date" else f"{value} s after 1970-01-01"
    return f'"{cell}"' if column.type.kind == "category" else cell


def row_with(table: EncodedTable, row: int, steps: Steps) -> EncodedTable:
    """The row of a table with some cells put in."""
    made = table.take(np.array([row]))
    for i, value in steps.items():
        made.states[i, 0] = NULL if value is None else VALUE
        made.values[i, 0] = value or 0
    return made


def fresh_text(texts: Texts, number: int) -> int:
    """The code of a made-up text that neither the rules nor the examples hold."""
    while (text := f"text-{number}") in texts.codes:
        number += 1
    return texts.code(text)

"""Encoded tables cut down to what has to be kept of a piece."""

from __future__ import annotations

import numpy as np

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.solver.table import VALUE, EncodedTable, Indices, Texts


def compact_table(program: Program, table: EncodedTable, rows: Indices) -> EncodedTable:
    """Some rows of a table, with no texts but their own and the program's."""
    kept = table.take(rows)
    recode(program, kept, Texts(normalise(program).texts))
    return kept


def made_columns(program: Program, table: EncodedTable) -> dict[int, EncodedTable]:
    """The derived columns that the data lack, each as a table of its own, by position."""
    return {i: _alone(program, table, i) for i, present in enumerate(table.present) if not present}


def _alone(program: Program, table: EncodedTable, i: int) -> EncodedTable:
    huge = {(0, row): value for (column, row), value in table.huge.items() if column == i}
    values, states = table.values[i : i + 1].copy(), table.states[i : i + 1].copy()
    kept, texts = EncodedTable(values, states, table.texts, (True,), huge), Texts({})
    if program.columns[i].type.kind == "text":
        _recode_column(kept, 0, texts)
    kept.texts = texts
    return kept


def recode(program: Program, table: EncodedTable, texts: Texts) -> None:
    """Give the texts of a table the codes of another dictionary, which they are added to."""
    for i, column in enumerate(program.columns):
        if column.type.kind == "text":
            _recode_column(table, i, texts)
    table.texts = texts


def _recode_column(table: EncodedTable, i: int, texts: Texts) -> None:
    known = table.states[i] == VALUE
    old, which = np.unique(table.values[i, known], return_inverse=True)
    new = np.array([texts.code(table.texts.text(code)) for code in old.tolist()], np.int64)
    table.values[i, known] = new[which.reshape(-1)]

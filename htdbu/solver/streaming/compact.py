"""Encoded tables cut down to what has to be kept of a piece."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.solver.table import VALUE, EncodedTable, Indices, Texts


def compact_table(program: Program, table: EncodedTable, rows: Indices) -> EncodedTable:
    """Some rows of a table, with no texts but their own and the program's."""
    kept = table.take(rows)
    kept.texts = Texts(normalise(program).texts)
    _recode(kept, table.texts, [i for i, column in enumerate(program.columns) if column.type.kind == "text"])
    return kept


def made_columns(program: Program, table: EncodedTable) -> dict[int, EncodedTable]:
    """The derived columns that the data lack, each as a table of its own, by position."""
    return {i: _alone(program, table, i) for i, present in enumerate(table.present) if not present}


def _alone(program: Program, table: EncodedTable, i: int) -> EncodedTable:
    huge = {(0, row): value for (column, row), value in table.huge.items() if column == i}
    values, states = table.values[i : i + 1].copy(), table.states[i : i + 1].copy()
    kept = EncodedTable(values, states, Texts({}), (True,), huge)
    _recode(kept, table.texts, [0] if program.columns[i].type.kind == "text" else [])
    return kept


def _recode(table: EncodedTable, texts: Texts, columns: Sequence[int]) -> None:
    """Give the texts of some columns the codes of the table's own dictionary; `texts` is the one of their codes."""
    for i in columns:
        known = table.states[i] == VALUE
        old, which = np.unique(table.values[i, known], return_inverse=True)
        new = np.array([table.texts.code(texts.text(code)) for code in old.tolist()], np.int64)
        table.values[i, known] = new[which.reshape(-1)]

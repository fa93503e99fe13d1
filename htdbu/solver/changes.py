"""The list of changed cells, each with what it was, what it is, and the rules that asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.program import Program
from htdbu.solver.decoding import spell
from htdbu.solver.faults import Fault
from htdbu.solver.reasons import Reasons
from htdbu.solver.spelling import is_textual
from htdbu.solver.table import EncodedTable, Indices
from htdbu.solver.table_repair import TableRepair

_CELLS = ("column", "before", "after", "rules")


def changed_rows(outcome: TableRepair) -> dict[int, Indices]:
    """The rows whose cell changed, by the position of the column."""
    return {i: np.flatnonzero(line) for i, line in enumerate(outcome.changed) if line.any()}


def change_frame(
    program: Program, frame: pd.DataFrame, before: EncodedTable, outcome: TableRepair, found: Sequence[Fault]
) -> pd.DataFrame:
    """One line a changed cell, by row and then by column: `row, column, before, after, rules`."""
    reasons = Reasons(program, before, outcome.table, outcome.changed, found, outcome.blocks)
    parts = [
        _column(program, frame[program.columns[i].header], outcome, reasons, i, rows)
        for i, rows in changed_rows(outcome).items()
    ]
    numbers = np.concatenate([np.zeros(0, np.int64), *(part["row"] for part in parts)])
    order = np.argsort(numbers, kind="stable")
    cells = {name: np.concatenate([np.zeros(0, object), *(part[name] for part in parts)])[order] for name in _CELLS}
    return pd.DataFrame({"row": numbers[order], **{name: pd.Series(cells[name], dtype="object") for name in _CELLS}})


def _column(
    program: Program, series: pd.Series, outcome: TableRepair, reasons: Reasons, i: int, rows: Indices
) -> dict[str, NDArray[Any]]:
    """The lines of one column."""
    column, told = program.columns[i], series.iloc[rows]
    empty = "" if is_textual(series) else None
    before = told.astype(object).to_numpy(copy=True)
    before[told.isna().to_numpy()] = empty
    after = spell(column, series, outcome.table, i, rows.tolist())
    header = np.full(rows.size, column.header, dtype=object)
    lines = (header, before, _objects(after), reasons.of(i, rows))
    return {"row": rows, **dict(zip(_CELLS, lines, strict=True))}


def _objects(cells: list[Any]) -> NDArray[np.object_]:
    """Cells as an array that leaves each of them as it is."""
    made: NDArray[np.object_] = np.empty(len(cells), dtype=object)
    made[:] = cells
    return made

"""The list of changed cells, each with what it was, what it is, and the rules that asked for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.program import Program
from htdbu.solver.decoding import spell
from htdbu.solver.faults import Fault
from htdbu.solver.reasons import Beside, Names, Reasons
from htdbu.solver.spelling import is_textual
from htdbu.solver.table import EncodedTable, Indices
from htdbu.solver.table_repair import TableRepair

_CELLS = ("column", "before", "after", "rules")


def changed_rows(outcome: TableRepair) -> dict[int, Indices]:
    """The rows whose cell changed, by the position of the column."""
    return {i: np.flatnonzero(line) for i, line in enumerate(outcome.changed) if line.any()}


def new_cells(
    program: Program, outcome: TableRepair, like: Mapping[str, pd.Series]
) -> dict[str, tuple[Indices, list[Any]]]:
    """The changed cells, by header: their rows, ascending, and the cells as the column spells them.

    Args:
        like: by header the columns that they are spelled like.
    """
    headers = ((i, rows, program.columns[i].header) for i, rows in changed_rows(outcome).items())
    return {
        header: (rows, spell(program.columns[i], like[header], outcome.table, i, rows.tolist()))
        for i, rows, header in headers
    }


def change_frame(
    program: Program,
    frame: pd.DataFrame,
    before: EncodedTable,
    outcome: TableRepair,
    found: Sequence[Fault],
    like: Mapping[str, pd.Series] | None = None,
    beside: Beside | None = None,
    targets: Sequence[str] = (),
) -> pd.DataFrame:
    """One line a changed cell, by row and then by column: `row, column, before, after, rules`.

    Args:
        like: by header the columns that cells are spelled like; those of the frame by default.
        beside, targets: see `Reasons`.
    """
    models = {str(header): frame[header] for header in frame.columns} if like is None else like
    reasons = Reasons(program, before, outcome.table, outcome.changed, found, outcome.blocks, beside, targets)
    cells = new_cells(program, outcome, models)
    parts = [
        _column(column.header, frame[column.header], models[column.header], reasons.of(i, rows), cells[column.header])
        for i, rows in changed_rows(outcome).items()
        for column in (program.columns[i],)
    ]
    numbers = np.concatenate([np.zeros(0, np.int64), *(part["row"] for part in parts)])
    order = np.argsort(numbers, kind="stable")
    texts = {name: np.concatenate([np.zeros(0, object), *(part[name] for part in parts)])[order] for name in _CELLS}
    return pd.DataFrame({"row": numbers[order], **{name: pd.Series(texts[name], dtype="object") for name in _CELLS}})


def _column(
    header: str, series: pd.Series, model: pd.Series, reasons: Names, cells: tuple[Indices, list[Any]]
) -> dict[str, NDArray[Any]]:
    """The lines of one column."""
    rows, after = cells
    told = series.iloc[rows]
    before = told.astype(object).to_numpy(copy=True)
    before[told.isna().to_numpy()] = "" if is_textual(model) else None
    lines = (np.full(rows.size, header, dtype=object), before, _objects(after), reasons)
    return {"row": rows, **dict(zip(_CELLS, lines, strict=True))}


def _objects(cells: list[Any]) -> NDArray[np.object_]:
    """Cells as an array that leaves each of them as it is."""
    made: NDArray[np.object_] = np.empty(len(cells), dtype=object)
    made[:] = cells
    return made

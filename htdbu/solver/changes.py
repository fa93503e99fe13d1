"""The list of changed cells, each with what it was, what it is, and the rules that it failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from htdbu.compiler.program import Program
from htdbu.solver.decoding import spell
from htdbu.solver.faults import Fault, by_row, named, of_columns
from htdbu.solver.spelling import is_textual
from htdbu.solver.table import Indices
from htdbu.solver.table_repair import TableRepair


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
    outcome: TableRepair,
    found: Sequence[Fault],
    like: Mapping[str, pd.Series] | None = None,
    cells: Mapping[str, tuple[Indices, list[Any]]] | None = None,
) -> pd.DataFrame:
    """One line a changed cell, by row and then by column: `row, column, before, after, rules`.

    Args:
        like: by header the columns that cells are spelled like; those of the frame by default.
        cells: the new cells, where they are spelled already.
    """
    models = {str(header): frame[header] for header in frame.columns} if like is None else like
    cells = new_cells(program, outcome, models) if cells is None else cells
    failed = by_row(found, np.flatnonzero(outcome.changed.any(axis=0)))
    blocks = {i: frozenset(block.columns) for block in outcome.blocks for i in block.columns}
    lines: list[tuple[int, int, Any, Any, str]] = []
    for i, rows in changed_rows(outcome).items():
        header = program.columns[i].header
        old = frame[header].iloc[rows]
        empty = "" if is_textual(models[header]) else None
        before = (empty if missing else cell for cell, missing in zip(old, old.isna(), strict=True))
        reason = _Reasons(_related(program, i, blocks))
        for row, was, new in zip(rows.tolist(), before, cells[header][1], strict=True):
            lines.append((row, i, was, new, reason.of(failed.get(row, []))))
    lines.sort(key=lambda line: line[:2])
    return pd.DataFrame(
        {
            "row": pd.Series([line[0] for line in lines], dtype="int64"),
            "column": pd.Series([program.columns[line[1]].header for line in lines], dtype="object"),
            "before": pd.Series([line[2] for line in lines], dtype="object"),
            "after": pd.Series([line[3] for line in lines], dtype="object"),
            "rules": pd.Series([line[4] for line in lines], dtype="object"),
        }
    )


def _related(program: Program, position: int, blocks: dict[int, frozenset[int]]) -> tuple[frozenset[int], ...]:
    """Where the reason of a change is looked for: the column itself, its block, what its texts hang on."""
    column = program.columns[position]
    near = (frozenset((position,)), blocks[position])
    if column.pool_by is None:
        return near
    by = program.column_index[column.pool_by]
    return (*near, frozenset((by,)), blocks[by])


class _Reasons:
    """Why cells of a column changed, by the faults of their rows; rows with the same faults share it.

    Args:
        near: where a reason is looked for, nearest first.
    """

    def __init__(self, near: Sequence[frozenset[int]]) -> None:
        self._near = near
        self._known: dict[tuple[str, ...], str] = {}

    def of(self, failed: Sequence[Fault]) -> str:
        """The rules that failed and read the cell; where none did, those of the nearest surroundings that did."""
        key = tuple(fault.name for fault in failed)
        if key not in self._known:
            found = (named(of_columns(failed, columns)) for columns in self._near)
            self._known[key] = next((names for names in found if names), "")
        return self._known[key]

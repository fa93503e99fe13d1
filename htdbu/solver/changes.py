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


def change_frame(
    program: Program,
    frame: pd.DataFrame,
    outcome: TableRepair,
    found: Sequence[Fault],
    like: Mapping[str, pd.Series] | None = None,
) -> pd.DataFrame:
    """One line a changed cell, by row and then by column: `row, column, before, after, rules`.

    Args:
        like: by header the columns that new cells are spelled like; those of the frame by default.
    """
    failed = by_row(found, np.flatnonzero(outcome.changed.any(axis=0)))
    blocks = {i: frozenset(block.columns) for block in outcome.blocks for i in block.columns}
    lines: list[tuple[int, int, Any, Any, str]] = []
    for i, rows in changed_rows(outcome).items():
        column = program.columns[i]
        series = frame[column.header]
        model = series if like is None else like[column.header]
        empty = "" if is_textual(model) else None
        before = [
            empty if missing else cell
            for cell, missing in zip(series.iloc[rows], series.iloc[rows].isna(), strict=True)
        ]
        after = spell(column, model, outcome.table, i, rows.tolist())
        near = _related(program, i, blocks)
        for row, old, new in zip(rows.tolist(), before, after, strict=True):
            lines.append((row, i, old, new, _reasons(failed.get(row, []), near)))
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


def _reasons(failed: Sequence[Fault], near: Sequence[frozenset[int]]) -> str:
    """The rules that failed and read the cell; where none did, those of the nearest surroundings that did."""
    return next((names for columns in near if (names := named(of_columns(failed, columns)))), "")

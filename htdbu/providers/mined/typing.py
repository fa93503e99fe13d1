"""The columns with the levels that enough rows have; a category of mostly rare levels is a text."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.program import Column, ColumnType, Program
from htdbu.providers.declaration import declare
from htdbu.solver.encoding import encode
from htdbu.solver.table import BROKEN, VALUE, EncodedTable

_MOST_RARE = 0.01
"""A category may leave so large a share of its rows to levels that are not named."""

_LARGEST = 2**43
"""Steps of decimals stay below this."""
_UNBOUNDED_DIGITS = 6
"""So many digits may a decimal have that has no range."""


def typed(frame: Any, nulls: Collection[str], table: str, min_count: int) -> tuple[Program, EncodedTable]:
    """A program of columns and the cells; the cells of a level that is not named are no values."""
    program = declare(frame, nulls, table)
    cells = encode(program, frame, sorted(nulls))
    columns = tuple(_named(column, cells, i, min_count) for i, column in enumerate(program.columns))
    if columns == program.columns:
        return program, cells
    program = program.model_copy(update={"columns": columns})
    program = Program.model_validate(program.model_dump())
    return program, encode(program, frame, sorted(nulls))


def _named(column: Column, cells: EncodedTable, i: int, min_count: int) -> Column:
    there = cells.states[i] == VALUE
    if column.type.kind == "decimal":
        return _coarser(column, cells.values[i][there], min_count)
    if column.type.kind != "category":
        return column
    levels = column.type.levels
    counts = np.bincount(cells.values[i][there], minlength=len(levels))
    kept = tuple(level for level, count in zip(levels, counts, strict=True) if count >= min_count)
    rare = int(counts[counts < min_count].sum())
    if not kept or rare > _MOST_RARE * counts.sum():
        return column.model_copy(update={"type": ColumnType(kind="text")})
    return column.model_copy(update={"type": column.type.model_copy(update={"levels": kept})})


def _coarser(column: Column, steps: NDArray[np.int64], min_count: int) -> Column:
    """A decimal of no more digits than leave room for arithmetic; measurements have them by chance."""
    scale = column.type.scale
    largest = int(np.abs(steps).max()) if steps.size else 0
    while scale and largest >= _LARGEST:
        scale, largest = scale - 1, largest // 10
    if steps.size < min_count:
        scale = min(scale, _UNBOUNDED_DIGITS)
    kind = ColumnType(kind="decimal", scale=scale) if scale else ColumnType(kind="int")
    return column.model_copy(update={"type": kind})


def unnamed(cells: EncodedTable, i: int) -> int:
    """In how many rows a category has a level that is not named."""
    return int((cells.states[i] == BROKEN).sum())

"""A typical row: the medians and most frequent values of real rows, or the middle of what the columns declare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.domains import declared
from htdbu.compiler.normal import NormalColumn
from htdbu.compiler.program import Column, Program
from htdbu.solver.derive import derive
from htdbu.solver.ranges import bounded, contains, nearest
from htdbu.solver.table import NULL, VALUE, EncodedTable

Typical = Mapping[int, int | None]
"""Cells in steps, by position; None is null. Texts have none: they are made up."""

_DAY = (date(2020, 1, 1) - date(1970, 1, 1)).days
_FAR = {"date": (_DAY, 3_650), "datetime": (_DAY * 86_400, 3_650 * 86_400)}
"""Where a column without bounds has its middle, and how far from its only bound a column with one has it."""
_NUMBERS = ("int", "decimal", "date", "datetime")


def typical_row(program: Program, real: EncodedTable | None = None) -> Typical:
    """A row in the middle of some real rows, or of the domains; rules play no part, and derived columns follow."""
    normal, cells = normalise(program), dict[int, int | None]()
    for i, column in enumerate(normal.columns):
        if column.kind != "text" and column.definition is None:
            cells[i] = middle(program.columns[i], column) if real is None else _of_data(program, column, real, i)
    row = EncodedTable.blank(normal, 1)
    for i, value in cells.items():
        row.put(i, [value])
    derive(normal, row)
    return cells | {i: row.value(i, 0) for i, c in enumerate(normal.columns) if c.definition is not None}


def middle(column: Column, normal: NormalColumn) -> int:
    """The middle of a range, the first level of a category; some way off the only bound of a column that has one."""
    box = bounded(normal.box)
    if not box:
        return 0  # it declares no value, as an int in 0.2..0.4 does
    if column.type.kind not in _NUMBERS:
        return box[0][0]
    domain = declared(column)
    low, high = domain[0][0], domain[-1][1]
    start, far = _FAR.get(column.type.kind, (50 * 10**column.type.scale, 50 * 10**column.type.scale))
    if low is not None and high is not None:
        wanted = (low + high) // 2
    else:
        wanted = low + far if low is not None else high - far if high is not None else start
    return nearest(box, wanted)


def _of_data(program: Program, column: NormalColumn, real: EncodedTable, position: int) -> int | None:
    """The median of numbers and dates, the most frequent level or truth value.

    Null where most numbers are null, or more cells than hold any one level.
    """
    box = bounded(column.box)
    if not box:
        return 0
    values = real.values[position][real.states[position] == VALUE]
    nulls = int((real.states[position] == NULL).sum()) if column.nullable else 0
    if column.kind in _NUMBERS:
        if nulls > values.size:
            return None
        if not values.size:
            return middle(program.columns[position], column)
        return nearest(box, int(np.sort(values)[(values.size - 1) // 2]))
    levels, counts = np.unique(values, return_counts=True)
    known = [(-int(n), int(level)) for level, n in zip(levels, counts, strict=True) if contains(box, int(level))]
    if not known:
        return None if nulls else middle(program.columns[position], column)
    count, level = min(known)
    return None if nulls > -count else level

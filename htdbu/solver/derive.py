"""Derived columns, computed from the others in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from htdbu.compiler.normal import NormalProgram, variables
from htdbu.solver.beyond import NOTHING, Beyond
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.table import HUGE, NULL, VALUE, EncodedTable


def derive(
    normal: NormalProgram, table: EncodedTable, columns: Collection[int] | None = None, beyond: Beyond = NOTHING
) -> None:
    """Write the derived columns (all, or the given ones) of a table from their definitions; unknown becomes null.

    Args:
        beyond: the definitions that hold for data outside the domains too, see `Evaluator`.
    """
    wanted = {i for i, column in enumerate(normal.columns) if column.definition is not None}
    for i in derived_order(normal):
        if i in wanted and (columns is None or i in columns):
            write_derived(normal, table, i, beyond)


def write_derived(normal: NormalProgram, table: EncodedTable, i: int, beyond: Beyond = NOTHING) -> None:
    """Write one derived column from its definition."""
    definition = normal.columns[i].definition
    assert definition is not None
    values, known = Evaluator(normal, table, beyond).value(definition)
    table.huge = {place: value for place, value in table.huge.items() if place[0] != i}
    if values.dtype == object:
        large = np.array([abs(value) >= HUGE for value in values], dtype=bool) & known
        table.huge.update(((i, int(row)), int(values[row])) for row in np.flatnonzero(large))
        values = np.where(large | ~known, 0, values).astype(np.int64)
    table.values[i] = np.where(known, values, 0)
    table.states[i] = np.where(known, VALUE, NULL)


def derived_order(normal: NormalProgram) -> list[int]:
    """Positions of the derived columns, each after those that it needs."""
    order: list[int] = []

    def visit(i: int) -> None:
        definition = normal.columns[i].definition
        if definition is None or i in order:
            return
        for needed in sorted(variables(definition)):
            visit(needed)
        order.append(i)

    for i in range(len(normal.columns)):
        visit(i)
    return order

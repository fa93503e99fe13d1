"""Which rows of which blocks need a repair."""

from __future__ import annotations

import numpy as np

from htdbu.solver.components import Component
from htdbu.solver.evaluate import Evaluator, Mask
from htdbu.solver.objective import Prices
from htdbu.solver.outcomes import outside_domain
from htdbu.solver.table import NULL, VALUE, EncodedTable


def needy(component: Component, held: EncodedTable, table: EncodedTable, evaluator: Evaluator) -> Mask:
    """Rows in which a block breaks something that is worth a repair; arguments as for `broken`."""
    return broken(component, held, table, evaluator) | _worthwhile(component, evaluator, table.n_rows)


def broken(component: Component, held: EncodedTable, table: EncodedTable, evaluator: Evaluator) -> Mask:
    """Rows in which a block breaks a hard rule, a domain, a null, or has changed a derived cell that is fixed.

    Args:
        held: the cells as the data have them.
        table: the same with all derived columns computed anew, which `evaluator` looks at.
    """
    found = np.zeros(table.n_rows, dtype=bool)
    for i in component.columns:
        found |= cell_fails(component, table, i)
        if i in component.fixed:
            found |= unlike(held, table, i)
    for rule in component.hard:
        found |= evaluator.truth(rule.outcome)[1]
    return found


def cell_fails(component: Component, table: EncodedTable, position: int) -> Mask:
    """Rows whose cell breaks its column's domain or null."""
    program, column = component.program, component.column(position)
    none = np.zeros(table.n_rows, bool)
    outside = none if column.kind == "text" else outside_domain(program, table, position)
    return outside if column.nullable else outside | (table.states[position] == NULL)


def unlike(table: EncodedTable, other: EncodedTable, position: int) -> Mask:
    """Rows in which two tables hold different cells in a column."""
    state = table.states[position]
    found: Mask = state != other.states[position]
    found |= (state == VALUE) & (table.values[position] != other.values[position])
    for row in {row for column, row in (*table.huge, *other.huge) if column == position}:
        found[row] = table.value(position, row) != other.value(position, row)
    return found


def _worthwhile(component: Component, evaluator: Evaluator, n_rows: int) -> Mask:
    """Rows in which failing soft rules cost at least as much as the cheapest change of a single cell."""
    if not component.soft or not component.mutable:
        return np.zeros(n_rows, dtype=bool)
    prices = Prices(component)
    total = np.zeros(n_rows, dtype=object)
    for rule, price in zip(component.soft, prices.soft, strict=True):
        total[evaluator.truth(rule.outcome)[1]] += price
    return np.asarray(total >= min(prices.least(i) for i in component.mutable), dtype=bool)

"""Which rows of which blocks need a repair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from htdbu.solver.components import Component
from htdbu.solver.evaluate import Evaluator, Mask
from htdbu.solver.faults import Fault, united
from htdbu.solver.objective import Prices
from htdbu.solver.outcomes import outside_domain
from htdbu.solver.table import NULL, VALUE, EncodedTable


def needy(component: Component, held: EncodedTable, table: EncodedTable, evaluator: Evaluator) -> Mask:
    """Rows in which a block breaks something that is worth a repair; arguments as for `broken`."""
    return broken(component, held, table, evaluator) | _worthwhile(component, evaluator, table.n_rows)


def needy_among(component: Component, found: Sequence[Fault], n_rows: int) -> Mask:
    """The same from what is known to be broken, in a table without derived columns."""
    needy, columns, rules = np.zeros(n_rows, bool), set(component.columns), {rule.name for rule in component.hard}
    for fault in found:
        if (
            fault.name in rules
            if fault.kind == "hard"
            else fault.kind in ("domain", "null") and fault.columns <= columns
        ):
            needy[fault.rows] = True
    failing = {fault.name: fault.rows for fault in found if fault.kind == "soft"}
    rows = united(failing[rule.name] for rule in component.soft)
    needy[rows[_dear(component, [np.isin(rows, failing[rule.name]) for rule in component.soft], rows.size)]] = True
    return needy


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
    return _dear(component, [evaluator.truth(rule.outcome)[1] for rule in component.soft], n_rows)


def _dear(component: Component, failing: Sequence[Mask], n_rows: int) -> Mask:
    """The same from the rows that fail each soft rule."""
    if not component.soft or not component.mutable:
        return np.zeros(n_rows, dtype=bool)
    prices = Prices(component)
    total = np.zeros(n_rows, dtype=object)
    for fails, price in zip(failing, prices.soft, strict=True):
        total[fails] += price
    return np.asarray(total >= min(prices.least(i) for i in component.mutable), dtype=bool)

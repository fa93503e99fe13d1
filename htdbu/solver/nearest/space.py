"""The rules of a block judged over every row that it can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.normal import NormalProgram
from htdbu.solver.derive import derived_order, write_derived
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.nearest.axes import Axis, Numbers
from htdbu.solver.nearest.plan import NONE, Plan
from htdbu.solver.table import NULL, VALUE, EncodedTable, Texts
from htdbu.solver.violations import cell_fails

CHUNK = 8_192
"""So many rows are judged at a time: their numbers stay in the cache, and the memory of one serves the next."""


def own_codes(plan: Plan) -> Numbers:
    """The code of every row that needs no change, its failed soft rules paid; `NONE` where it is not allowed.

    Rows stand in the order of their targets, those of the first axis most significant.
    """
    found = np.empty(plan.n_targets, np.int64)
    program = _bare(plan)
    for start in range(0, found.size, CHUNK):
        rows = np.arange(start, min(start + CHUNK, found.size))
        found[rows] = _codes(plan, program, _targets(plan, rows))
    return found


def _bare(plan: Plan) -> NormalProgram:
    """The program with no column that could leave its box.

    Evaluation would take another, slow way for rows outside their boxes. Plain columns of the block are never there,
    and where a derived one is, the row is not allowed whatever its rules say.
    """
    program = plan.component.program
    return replace(program, columns=tuple(replace(column, kind="text") for column in program.columns))


def _targets(plan: Plan, rows: Numbers) -> dict[int, Numbers]:
    """The target of every axis in some rows, by position."""
    found = {}
    for axis in reversed(plan.axes):
        above = rows // axis.targets
        found[axis.position] = rows - above * axis.targets
        rows = above
    return found


def _codes(plan: Plan, program: NormalProgram, targets: Mapping[int, Numbers]) -> Numbers:
    component, n = plan.component, len(next(iter(targets.values()), np.zeros(1)))
    table = _table(plan, program, targets, n)
    evaluator = Evaluator(program, table)
    failing = _pinned_fail(plan, table, targets)
    for i in component.derived:
        failing |= cell_fails(component, table, i)
    for rule in component.hard:
        failing |= evaluator.truth(rule.outcome)[1]
    codes = np.zeros(n, np.int64)
    for rule, price in zip(component.soft, plan.prices.soft, strict=True):
        codes += evaluator.truth(rule.outcome)[1] * np.int64(plan.paid(price))
    for i, shift in plan.shifts.items():
        codes += targets[i] << shift
    codes[failing] = NONE
    return codes


def _table(plan: Plan, program: NormalProgram, targets: Mapping[int, Numbers], n: int) -> EncodedTable:
    """Some rows; the columns of other blocks are left as they come, since no rule here reads them."""
    shape = (len(program.columns), n)
    texts = Texts(program.texts)
    table = EncodedTable(np.zeros(shape, np.int64), np.zeros(shape, np.int8), texts, (True,) * shape[0])
    for axis in plan.axes:
        target = targets[axis.position]
        table.values[axis.position] = axis.cells[target]
        table.states[axis.position] = np.where(axis.nullable & (target == 0), NULL, VALUE)
    for i in derived_order(program):
        if i in plan.component.derived:
            write_derived(program, table, i)
    return table


def _pinned_fail(plan: Plan, table: EncodedTable, targets: Mapping[int, Numbers]) -> NDArray[np.bool_]:
    """Rows in which a fixed derived column would hold another value than its definition gives."""
    failing = np.zeros(table.n_rows, bool)
    for axis in plan.axes:
        if axis.position in plan.component.derived:
            failing |= _differs(axis, table, targets[axis.position])
    return failing


def _differs(axis: Axis, table: EncodedTable, target: Numbers) -> NDArray[np.bool_]:
    states, values = table.states[axis.position], table.values[axis.position]
    null = axis.nullable & (target == 0)
    found: NDArray[np.bool_] = ((states == NULL) != null) | (~null & (axis.cells[target] != values))
    return found

"""Rows beside a valid one: what one changed cell reaches needs no solver, only the evaluator that judges tables.

A category of a thousand levels would else take a question a level.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from htdbu.analyses.block import Block, Row
from htdbu.analyses.goals import Goal
from htdbu.analyses.subject import Subject
from htdbu.compiler.normal import Var, Within
from htdbu.solver.beyond import beyond
from htdbu.solver.derive import derive
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.outcomes import outside_domain
from htdbu.solver.table import NULL, VALUE, EncodedTable

_ROWS = 8
"""So many valid rows are varied."""
_FEWEST = 12
"""Fewer goals are left to the solver, which needs its rows for other questions anyway."""


def reached_beside(subject: Subject, block: Block, goals: Iterable[Goal]) -> frozenset[Goal]:
    """Those of some goals that a valid row reaches which differs in one cell from one that was found."""
    cells = {goal: cell for goal in goals if (cell := _cell(block, goal)) is not None}
    found: set[Goal] = set()
    rows = [row for row in block.rows if all(block.holds(row, literal) for literal in block.valid)]
    for row in rows[-_ROWS:]:
        todo = [goal for goal in cells if goal not in found]
        if len(todo) < _FEWEST:
            break
        valid = _valid(subject, block, _varied(subject, block, row, [cells[goal] for goal in todo]))
        found |= {goal for goal, holds in zip(todo, valid.tolist(), strict=True) if holds}
    return frozenset(found)


def _cell(block: Block, goal: Goal) -> tuple[int, int] | None:
    """The column and the value that a goal asks for; None where it asks for something else, or for a derived cell."""
    match goal:
        case Goal(node=Within(term=Var(column=i), intervals=((low, high),)), wanted=True):
            if low is not None and low == high and i not in block.component.derived:
                return i, low
    return None


def _varied(subject: Subject, block: Block, row: Row, cells: list[tuple[int, int]]) -> EncodedTable:
    """A row once for each cell, with that cell put in and derived columns following."""
    table = subject.table(block, row)[0].take(np.zeros(len(cells), np.int64))
    for number, (position, value) in enumerate(cells):
        table.values[position, number] = value
        table.states[position, number] = VALUE
    derive(subject.normal, table, block.component.derived, beyond(subject.program))
    return table


def _valid(subject: Subject, block: Block, table: EncodedTable) -> NDArray[np.bool_]:
    """Which rows satisfy the domains, nulls and hard rules of a block."""
    good = np.ones(table.n_rows, bool)
    evaluator = Evaluator(subject.normal, table, beyond(subject.program))
    for i in block.component.columns:
        column = subject.normal.columns[i]
        if column.kind != "text":
            good &= ~outside_domain(subject.normal, table, i)
        if not column.nullable:
            good &= table.states[i] != NULL
    for rule in block.component.hard:
        good &= ~evaluator.truth(rule.outcome)[1]
    return good

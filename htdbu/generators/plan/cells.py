"""Combinations of the planned columns: which the real rows hold, which the rules allow, and how a table holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering.build import contains
from htdbu.compiler.lowering.domains import declared
from htdbu.compiler.normal import And, Bool, IsNull, NormalProgram, NormalRule, Not, variables
from htdbu.compiler.program import Attribute, Column, Program
from htdbu.compiler.shares import share_box
from htdbu.generators.plan.masses import Cell
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.table import NULL, VALUE, EncodedTable

_MOST_VALUES = 200
"""A number is planned value by value only where its domain has at most so many."""

NULL_CODE = np.int64(np.iinfo(np.int64).min)


def planned_columns(program: Program) -> tuple[int, ...]:
    """Positions of the columns that are planned: factors, their attributes, then the columns of `dist` targets."""
    names: dict[str, None] = {}
    attributes = [a for f in program.factors for b in f.branches for a in b.attributes]
    for factor in program.factors:
        if factor.shares is not None or domain_size(program.column(factor.column)) <= _MOST_VALUES:
            names[factor.column] = None
    for attribute in attributes:
        if attribute.shares is not None or domain_size(program.column(attribute.column)) <= _MOST_VALUES:
            names[attribute.column] = None
    for target in program.targets:
        if target.measure == "dist" and all(
            domain_size(program.column(name)) <= _MOST_VALUES for name in target.columns
        ):
            names.update(dict.fromkeys(target.columns))
    free = [name for name in names if program.column(name).derived is None and not program.column(name).key]
    return tuple(program.column_index[name] for name in free)


def domain_size(column: Column) -> float:
    """How many values the declared domain has; infinitely many where it has an open side."""
    domain = declared(column)
    if not domain:
        return float("inf")
    return sum(float("inf") if low is None or high is None else high - low + 1 for low, high in domain)


def open_conditions(program: Program, normal: NormalProgram, columns: Sequence[int]) -> tuple[Bool, ...]:
    """Conditions of planned targets that the planned columns do not decide."""
    names = {program.columns[i].name for i in columns}
    found: dict[Bool, None] = {}
    for target, lowered in zip(program.targets, normal.targets, strict=True):
        planned = target.measure == "share" or (target.measure == "dist" and names.issuperset(target.columns))
        for node in (lowered.condition, lowered.given) if planned else ():
            if node is not None and not variables(node) <= set(columns):
                found[node] = None
    return tuple(found)


def observed_cells(
    real: EncodedTable, normal: NormalProgram, columns: Sequence[int], conditions: Sequence[Bool]
) -> dict[Cell, int]:
    """How many real rows hold each cell; rows with a broken planned cell are left out."""
    sound, cells, numbers = _cells_of(real, normal, columns, conditions)
    counts = np.bincount(numbers[sound], minlength=len(cells)).tolist()
    return {cell: count for cell, count in zip(cells, counts, strict=True) if count}


def places_of(
    real: EncodedTable, normal: NormalProgram, columns: Sequence[int], conditions: Sequence[Bool], among: Sequence[Cell]
) -> NDArray[np.int64]:
    """For each row the place of its cell among some; -1 where it is none of them."""
    sound, cells, numbers = _cells_of(real, normal, columns, conditions)
    places = {cell: k for k, cell in enumerate(among)}
    found = np.array([places.get(cell, -1) for cell in cells], dtype=np.int64)
    return np.where(sound, found[numbers], -1)


def _cells_of(
    real: EncodedTable, normal: NormalProgram, columns: Sequence[int], conditions: Sequence[Bool]
) -> tuple[NDArray[np.bool_], list[Cell], NDArray[np.int64]]:
    """Which rows have no broken planned cell, the different cells, and the number of each row's."""
    if not columns and not conditions:
        return np.ones(real.n_rows, bool), [()], np.zeros(real.n_rows, np.int64)
    parts = [np.where(real.states[i] == NULL, NULL_CODE, real.values[i]) for i in columns]
    parts += [truth_codes(Evaluator(normal, real), node) for node in conditions]
    sound = np.all([real.states[i] <= NULL for i in columns], axis=0) if columns else np.ones(real.n_rows, bool)
    values, numbers = np.unique(np.stack(parts, axis=1), axis=0, return_inverse=True)
    cells = [tuple(None if value == NULL_CODE else int(value) for value in row) for row in values.tolist()]
    return sound, cells, numbers.reshape(-1).astype(np.int64)


def truth_codes(evaluator: Evaluator, node: Bool) -> NDArray[np.int64]:
    """1, 0 or the null mark for every row of a table."""
    true, false = evaluator.truth(node)
    return np.where(true, np.int64(1), np.where(false, np.int64(0), NULL_CODE))


def cell_domains(
    program: Program, normal: NormalProgram, columns: Sequence[int], conditions: int
) -> list[list[int | None]]:
    """The values that each position of a cell may take."""
    domains: list[list[int | None]] = []
    for i in columns:
        column = normal.columns[i]
        stated = _stated_values(program, program.columns[i])
        ranges = [range(int(low or 0), int(high or 0) + 1) for low, high in column.box]
        values = stated if stated is not None else [value for part in ranges for value in part]
        domains.append([*([None] if column.nullable else []), *values])
    return domains + [[0, 1, None]] * conditions


def _stated_values(program: Program, column: Column) -> list[int] | None:
    """The values that shares name for a column too wide to be listed; None for others."""
    if domain_size(column) <= _MOST_VALUES:
        return None
    shares = [f.shares for f in program.factors if f.column == column.name and f.shares]
    shares += [a.shares for a in _attributes(program) if a.column == column.name and a.shares]
    boxes = [share_box(share, (column,))[0] for group in shares for share in group]
    return sorted({value for low, high in boxes for value in range(low, high + 1)})


def _attributes(program: Program) -> Iterator[Attribute]:
    return (a for factor in program.factors for branch in factor.branches for a in branch.attributes)


def judge(
    normal: NormalProgram, columns: Sequence[int], together: Callable[[Cell], bool], like: EncodedTable
) -> Callable[[Sequence[Cell]], list[bool]]:
    """Tells which cells break no domain, no null and no hard rule over the planned columns alone.

    Args:
        together: tells whether conditions can have some truths in one row.
    """
    known = set(columns)
    rules = [rule.outcome for rule in normal.rules if rule.kind == "hard" and rule.columns and rule.columns <= known]

    def allowed(cells: Sequence[Cell]) -> list[bool]:
        good = np.ones(len(cells), bool)
        for place, i in enumerate(columns):
            column = normal.columns[i]
            for row, cell in enumerate(cells):
                value = cell[place]
                good[row] &= column.nullable if value is None else contains(column.domain, value)
        evaluator = Evaluator(normal, table_of(cells, columns, like))
        for outcome in rules:
            good &= ~evaluator.truth(outcome)[1]
        for row in np.flatnonzero(good).tolist():
            good[row] = together(cells[row][len(columns) :])
        return [bool(fine) for fine in good]

    return allowed


def truth_rules(conditions: Sequence[Bool], truths: Sequence[int | None]) -> tuple[NormalRule, ...]:
    """The hard rules that conditions are true (1), false (0) or unknown (None)."""
    return tuple(_truth_rule(node, truth) for node, truth in zip(conditions, truths, strict=True))


def _truth_rule(node: Bool, truth: int | None) -> NormalRule:
    known = Not(IsNull(node))
    outcome: Bool = IsNull(node) if truth is None else And((node, known)) if truth else And((Not(node), known))
    return NormalRule("the plan", "hard", None, outcome, None, variables(node), None)


def table_of(cells: Sequence[Cell], columns: Sequence[int], like: EncodedTable) -> EncodedTable:
    """Cells as rows of a table in which every other column is null."""
    table = like.empty(len(cells))
    for place, i in enumerate(columns):
        table.values[i] = [cell[place] or 0 for cell in cells]
        table.states[i] = [NULL if cell[place] is None else VALUE for cell in cells]
    return table

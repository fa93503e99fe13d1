"""Rows that break `unique` or `fd`, or copy a unique real row, are drawn again a few at a time, and mended at last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from htdbu.compiler.program import Program
from htdbu.errors import InfeasibleError
from htdbu.generators.arrays import Mask
from htdbu.generators.drawing import Drawing, Indices
from htdbu.generators.plan.cells import domain_size
from htdbu.generators.projection import project
from htdbu.solver.groups import mend_groups
from htdbu.solver.outcomes import hard_failures, table_outcomes
from htdbu.solver.table import VALUE, EncodedTable
from htdbu.solver.table_repair import repair_table

_ROUNDS = 30
_EFFORT = 1.0
"""Deterministic time for the place of one row: it need not be proved to be the nearest."""


def require_room(program: Program, n: int) -> None:
    """Refuse more rows than there are tuples for a `unique`.

    Raises:
        InfeasibleError: naming the rule and how many tuples its columns have.
    """
    for unique in program.uniques:
        columns = [program.column(name) for name in unique.columns]
        tuples = prod(domain_size(column) for column in columns)
        if tuples < n and not any(column.nullable for column in columns):
            shown = ", ".join(f"`{name}`" for name in unique.columns)
            message = f"{n:,} rows cannot keep `{unique.name}`: there are {tuples:,.0f} combinations of {shown}"
            raise InfeasibleError(message, "ask for fewer rows, or widen the columns' domains")


def settle_several(drawing: Drawing, real: EncodedTable, seeds: Iterator[int], threads: int | None) -> Mask:
    """Make the rows keep every `unique` and `fd` of the program, and copy no real row that they must not.

    A dependency takes the right side that most real rows with the same left side have, else that of the first synthetic
    row; a row that then breaks a rule, or repeats a tuple, is drawn again. What clashes after many rounds, as where
    hardly a tuple is left, moves to the nearest place among all other rows, as in a repair.

    Returns:
        Which rows moved so.

    Raises:
        InfeasibleError: where no such place was found.
    """
    none: Mask = np.zeros(drawing.table.n_rows, dtype=bool)
    if not (drawing.program.uniques or drawing.program.dependencies or drawing.copies):
        return none
    for _ in range(_ROUNDS):
        _follow(drawing, real)
        bad = _clashing(drawing)
        if not bad.size:
            return none
        drawing.pending = bad
        drawing.redraw(next(seeds))
        project(drawing, threads)
    moved, conflict = _mend(drawing, threads)
    if _clashing(drawing).size:
        raise _refusal(drawing, conflict)
    return moved


def _mend(drawing: Drawing, threads: int | None) -> tuple[Mask, tuple[str, ...]]:
    """Move clashing rows to the nearest place, under the plan and then without it.

    Returns:
        Which rows moved, and the rules and fixed cells that are proved to leave a row no place.
    """
    moved: Mask = np.zeros(drawing.table.n_rows, dtype=bool)
    conflict: tuple[str, ...] = ()
    names = {i for i, column in enumerate(drawing.program.columns) if column.is_name}
    for held in dict.fromkeys((frozenset(names.union(drawing.texture.plan.columns)), frozenset(names))):
        base = repair_table(drawing.normal, drawing.table, threads=threads, fixed_columns=held, ignore_fixed=True)
        mended = mend_groups(drawing.program, drawing.table, base, _EFFORT, threads)
        moved |= mended.changed.any(axis=0)
        drawing.table = mended.table
        conflict = next((failure.rules for failure in mended.failures if failure.rules), ())
        if not mended.failures:
            break
    return moved, conflict


def _refusal(drawing: Drawing, conflict: Sequence[str]) -> InfeasibleError:
    """The error that says which rules some rows still break, and what is proved to leave them no place."""
    names = [outcome.name for outcome in table_outcomes(drawing.program, drawing.table) if outcome.fail.any()]
    broken = f"break {', '.join(names) or 'a rule'}"
    if drawing.copies is not None and drawing.copies.copied(drawing.table).any():
        broken = "equal a real row that no other real one equals" + (f", or {broken}" if names else "")
    proof = f": {', '.join(f'`{name}`' for name in conflict)} leave no place beside the other rows" if conflict else ""
    message = f"{len(_clashing(drawing))} rows still {broken} after {_ROUNDS} rounds{proof}"
    return InfeasibleError(message, "ask for fewer rows, or widen the columns' domains")


def _clashing(drawing: Drawing) -> Indices:
    bad = hard_failures(drawing.program, drawing.table)
    if drawing.copies is not None:
        bad |= drawing.copies.copied(drawing.table)
    for outcome in table_outcomes(drawing.program, drawing.table):
        bad |= outcome.fail
    return np.flatnonzero(bad)


def _follow(drawing: Drawing, real: EncodedTable) -> None:
    """Give every row the right side that belongs to its left side."""
    table = drawing.table
    for dependency in drawing.program.dependencies:
        left, right = (
            [drawing.program.column_index[name] for name in side] for side in (dependency.left, dependency.right)
        )
        wanted = {**_sides(table, left, right), **_sides(real, left, right)}
        for row in range(table.n_rows):
            key = tuple(table.value(i, row) for i in left)
            if key in wanted:
                for i, value in zip(right, wanted[key], strict=True):
                    table.values[i, row] = value
                    table.states[i, row] = VALUE


def _sides(table: EncodedTable, left: list[int], right: list[int]) -> dict[tuple[int | None, ...], tuple[int, ...]]:
    """The most frequent right side of every left side (ties: the first seen), over rows that hold both."""
    counts: dict[tuple[int | None, ...], dict[tuple[int, ...], int]] = {}
    for row in np.flatnonzero(np.all([table.states[i] == VALUE for i in (*left, *right)], axis=0)).tolist():
        sides = counts.setdefault(tuple(table.value(i, row) for i in left), {})
        side = tuple(int(table.values[i, row]) for i in right)
        sides[side] = sides.get(side, 0) + 1
    return {key: max(sides, key=lambda side: sides[side]) for key, sides in counts.items()}

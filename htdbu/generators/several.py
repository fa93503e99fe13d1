"""Rows that break `unique` or `fd`, or copy a unique real row, are drawn again, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.errors import InfeasibleError
from htdbu.generators.drawing import Drawing, Indices
from htdbu.generators.projection import project
from htdbu.solver.outcomes import hard_failures, table_outcomes
from htdbu.solver.table import VALUE, EncodedTable

_ROUNDS = 30


def settle_several(drawing: Drawing, real: EncodedTable, seeds: Iterator[int], threads: int | None) -> None:
    """Make the rows keep every `unique` and `fd` of the program, and copy no real row that they must not.

    A dependency takes the right side that most real rows with the same left side have, else that of the first synthetic
    row; a row that then breaks a rule, or repeats a tuple, is drawn again.

    Raises:
        InfeasibleError: where some rows still clash after many rounds.
    """
    if not (drawing.program.uniques or drawing.program.dependencies or drawing.copies):
        return
    for _ in range(_ROUNDS):
        _follow(drawing, real)
        bad = _clashing(drawing)
        if not bad.size:
            return
        drawing.pending = bad
        drawing.redraw(next(seeds))
        project(drawing, threads)
    names = [outcome.name for outcome in table_outcomes(drawing.program, drawing.table) if outcome.fail.any()]
    broken = f"break {', '.join(names) or 'a rule'}"
    if drawing.copies is not None and drawing.copies.copied(drawing.table).any():
        broken = "equal a real row that no other real one equals" + (f", or {broken}" if names else "")
    message = f"{len(_clashing(drawing))} rows still {broken} after {_ROUNDS} rounds"
    raise InfeasibleError(message, "ask for fewer rows, or widen the columns' domains")


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

"""Goals to the step for `mean` and `sum`: what is left when some rows have gone most of the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from htdbu.compiler.normal import Bool
from htdbu.solver.selection.aim import Aim
from htdbu.solver.selection.amount import COUNT, TOTAL, AmountAim
from htdbu.solver.selection.candidates import Search, gather
from htdbu.solver.selection.choice import Choice, choose
from htdbu.solver.selection.model import Task
from htdbu.solver.selection.moves import Moves, cut
from htdbu.solver.table import Indices

ROWS = 8
"""So many rows may go the last bit, each by itself."""


def refined(search: Search, task: Task, conditions: list[Bool]) -> Task:
    """The task with further moves, whose classes are added to the conditions.

    Targets are met from one side first, without regard to the other bound. Then rows that moved get a candidate that
    goes less far, by just as much as the sum went too far.
    """
    loose = tuple(_loose(aim, totals) for aim, totals in zip(task.aims, task.totals, strict=True))
    if loose == task.aims:
        return task
    choice = choose(replace(task, aims=loose))
    asked: list[tuple[Indices, Bool, int]] = []
    for place, aim in enumerate(choice.task.aims):
        if isinstance(aim, AmountAim) and aim.side:
            for row, condition in _goals(search, choice, place, aim):
                asked.append((np.array([row]), condition, len(conditions)))
                conditions.append(condition)
    return replace(task, moves=_joined(task.aims, task.moves, gather(search, task.aims, asked))) if asked else task


def _loose(aim: Aim, totals: Sequence[int]) -> Aim:
    """A target with the bound alone that is not reached."""
    missing = aim.missing(totals) if isinstance(aim, AmountAim) else 0
    return replace(aim, side=-1 if missing > 0 else 1) if isinstance(aim, AmountAim) and missing else aim


def _goals(search: Search, choice: Choice, place: int, aim: AmountAim) -> list[tuple[int, Bool]]:
    """Rows that moved, and the values that would have been enough."""
    moves, chosen = choice.task.moves, choice.chosen
    steps = cut(choice.task.aims, moves.steps)[place][:, moves.kinds[chosen]]
    totals = choice.task.totals[place]
    after = [totals[TOTAL] + int(steps[TOTAL].sum()), totals[COUNT] + int(steps[COUNT].sum())]
    span = aim.span(after[COUNT])
    far = after[TOTAL] - span[0] if aim.side < 0 else after[TOTAL] - span[1]
    rows = moves.rows[chosen[(np.sign(steps[TOTAL]) == -aim.side) & (np.abs(steps[TOTAL]) > abs(far))]][-ROWS:]
    found = []
    for row in rows.tolist():
        value = int(search.base.table.values[aim.position, row])
        moved = value + int(steps[TOTAL][moves.rows[chosen] == row].sum())
        ends = (moved - far, moved - far - aim.side * (span[1] - span[0]))
        found.append((row, aim.between(min(ends), max(ends))))
    return found


def _joined(aims: Sequence[Aim], one: Moves, other: Moves) -> Moves:
    """The moves of both."""
    parts = [(m.rows, m.prices, m.classes, m.steps[:, m.kinds]) for m in (one, other)]
    rows, prices, numbers, step = (np.concatenate(pair, axis=-1) for pair in zip(*parts, strict=True))
    return Moves.of(aims, rows, prices, numbers, step)

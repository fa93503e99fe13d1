"""The choice among all moves: as many as are needed for a proof, and without the targets that cannot be met."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from htdbu.solver.selection.aim import Aim
from htdbu.solver.selection.model import Selection, Task, select, variables
from htdbu.solver.selection.moves import Moves
from htdbu.solver.table import Indices

FEW, MANY = 256, 5_000
"""Moves of each kind that are looked at first, and variables beyond which no more of them are looked at."""
LEVELS = (1_024, 256, 64, 16, 4, 1)
"""Steps between the least and the greatest price, where there are too many different ones."""


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    Attributes:
        task: the targets that are met, with the moves as the choice counts them.
        chosen: positions of moves.
        proved: whether no choice of moves is cheaper.
        given_up: the names of the other targets.
    """

    task: Task
    chosen: Indices
    proved: bool
    given_up: tuple[str, ...]


def choose(task: Task) -> Choice:
    """The cheapest moves that meet every target; a target that cannot be met with those before it is given up."""
    found = cheapest(task)
    kept = list(task.aims)
    if found is None and len(kept) > 1:
        kept = _together(task)
        found = cheapest(task.only(kept)) if kept else None
    if found is None:
        return Choice(task, np.zeros(0, np.int64), True, tuple(aim.name for aim in task.aims))
    given_up = tuple(aim.name for aim in task.aims if aim not in kept)
    task = task.only(kept) if given_up else task
    return Choice(task, later(task.moves, found.chosen), found.proved, given_up)


def cheapest(task: Task) -> Selection | None:
    """The cheapest moves that meet every target, None where there are none.

    Of large tables only the cheapest moves of each kind are looked at. If more rows could be moved for the price of
    what is found than were looked at for each kind, there might be something cheaper, and more are looked at. Else
    there is not: of a kind of which fewer rows move than were looked at, one of those could stand in for any other.
    """
    every = np.arange(task.moves.count)
    if not task.moves.graded and select(task, every, priced=False) is None:
        return None
    if variables(task.moves, every) <= MANY:
        return select(task, every)
    most = FEW
    while variables(task.moves, some := task.moves.cheapest(most)) <= MANY:
        found = select(task, some)
        if found is None:
            most *= 4
            continue
        needed = task.moves.most_rows(found.price)
        if needed <= most:
            return found
        if variables(task.moves, task.moves.cheapest(needed)) > MANY:
            return replace(found, proved=False)
        most = needed
    return _coarse(task, every)


def _coarse(task: Task, every: Indices) -> Selection | None:
    """A choice among all moves with prices told apart only as finely as the model can hold, or not at all."""
    fitting = (levels for levels in LEVELS if variables(task.moves, every, levels) <= MANY)
    levels = next(fitting, None)
    found = None if levels is None else select(task, every, levels=levels)
    if found is None and not task.moves.graded:
        found = select(task, every, priced=False)
    return None if found is None else replace(found, proved=False)


def _together(task: Task) -> list[Aim]:
    """Targets that can be met together: each in turn, if it can with those before it."""
    kept: list[Aim] = []
    for aim in task.aims:
        part = task.only([*kept, aim])
        feasible = cheapest(part) if part.moves.graded else select(part, np.arange(part.moves.count), priced=False)
        if feasible is not None:
            kept.append(aim)
    return kept


def later(moves: Moves, chosen: Indices) -> Indices:
    """The same number of moves of each kind and price, made by the last rows that can and make no other move."""
    _, prices = np.unique(moves.prices, return_inverse=True)
    alike = moves.kinds * (int(prices.max(initial=0)) + 1) + prices.reshape(-1)
    order = np.argsort(alike, kind="stable")
    busy = np.zeros(int(moves.rows.max(initial=0)) + 1, bool)
    busy[moves.rows[chosen]] = True
    numbers, sizes = np.unique(alike[chosen], return_counts=True)
    found = []
    for number, size in zip(numbers.tolist(), sizes.tolist(), strict=True):
        start, end = np.searchsorted(alike[order], (number, number + 1))
        pool = order[start:end]
        busy[moves.rows[chosen[alike[chosen] == number]]] = False
        taken = pool[~busy[moves.rows[pool]]][-size:]
        busy[moves.rows[taken]] = True
        found.append(taken)
    return np.sort(np.concatenate([np.zeros(0, np.int64), *found]))

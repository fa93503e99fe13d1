"""The integer program: how many rows of each group make which move, so that all demands hold at the least price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from ortools.sat.python import cp_model

from htdbu.solver.selection.aim import Aim
from htdbu.solver.selection.demands import Demand, Distance, Limit
from htdbu.solver.selection.moves import Moves, cut
from htdbu.solver.table import Indices

EFFORT, GRADED = 10.0, 2.0
"""Deterministic time for one choice; and where moves do more or less of the same, so that nothing is proved anyway."""
SAFE = 2**61
"""No demand may reach this."""
PRECISE = 2**50
"""Prices are rounded so that their sum stays below this."""


@dataclass(frozen=True)
class Task:
    """What is asked: targets, their sums before any move, and the moves."""

    aims: tuple[Aim, ...]
    totals: tuple[list[int], ...]
    n_rows: int
    moves: Moves

    def only(self, aims: Sequence[Aim]) -> Task:
        """The same for some of the targets; moves do what they do for the others too, which nobody asks."""
        kept = [place for place, aim in enumerate(self.aims) if aim in aims]
        return Task(tuple(self.aims[k] for k in kept), tuple(self.totals[k] for k in kept), self.n_rows, self._of(kept))

    def _of(self, kept: Sequence[int]) -> Moves:
        parts = cut(self.aims, self.moves.steps)
        step = np.concatenate([parts[k] for k in kept])[:, self.moves.kinds]
        m = self.moves
        return Moves.of([self.aims[k] for k in kept], m.rows, m.prices, m.classes, step)


@dataclass(frozen=True)
class Selection:
    """Moves that meet every demand, as positions; their price; whether none of the moves asked of are cheaper."""

    chosen: Indices
    price: int
    proved: bool


def select(task: Task, moves: Indices, priced: bool = True, levels: int | None = None) -> Selection | None:
    """The cheapest of some moves that meet all demands, or any that do; None where there are none, or none was found.

    Rows that can make the same moves at the same prices are one group, in which the last rows move first.

    Args:
        levels: how many prices are told apart; all by default. In a group of rows with near prices the cheapest move.
    """
    groups = _groups(task.moves, moves, priced, levels)
    model = cp_model.CpModel()
    counts: list[list[cp_model.IntVar]] = []
    for rows in groups:
        counts.append([model.new_int_var(0, len(rows), "") for _ in rows[0]])
        model.add(cp_model.LinearExpr.sum(counts[-1]) <= len(rows))
    if not _add_demands(model, task, groups, counts):
        return None
    exact = not priced or _minimise(model, task, groups, counts)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is Python's
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = GRADED if task.moves.graded else EFFORT
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    chosen: list[int] = []
    for rows, numbers in zip(groups, counts, strict=True):
        left = list(rows)
        for k, number in enumerate(numbers):
            chosen += [left.pop()[k] for _ in range(solver.value(number))]
    found = np.array(sorted(chosen), np.int64)
    price = int(sum(task.moves.prices[found].tolist()))
    return Selection(found, price, exact and status == cp_model.OPTIMAL)


def variables(moves: Moves, which: Indices, levels: int | None = None) -> int:
    """How many variables the choice among some moves has."""
    return sum(len(rows[0]) for rows in _groups(moves, which, True, levels))


Group = list[tuple[int, ...]]
"""The moves of every row of a group, rows ascending; or from the dearest to the cheapest."""


def _groups(moves: Moves, which: Indices, priced: bool, levels: int | None) -> list[Group]:
    """Rows whose moves are alike."""
    kinds, exact = moves.kinds[which].tolist(), moves.prices[which].tolist()
    width = 1 if levels is None else max(exact, default=0) // levels + 1
    prices = [price // width for price in exact]
    starts = np.flatnonzero(np.diff(moves.rows[which], prepend=-1)).tolist()
    places = which.tolist()
    groups: dict[tuple[object, ...], Group] = {}
    for start, end in zip(starts, [*starts, len(places)][1:], strict=True):
        like = (tuple(kinds[start:end]), tuple(prices[start:end]) if priced else ())
        groups.setdefault(like, []).append(tuple(places[start:end]))
    if levels is not None:
        for rows in groups.values():
            rows.sort(key=lambda row: -sum(int(moves.prices[place]) for place in row))
    return list(groups.values())


def _add_demands(
    model: cp_model.CpModel, task: Task, groups: Sequence[Group], counts: Sequence[Sequence[cp_model.IntVar]]
) -> bool:
    """Make the sums of every target variables, and demand what it asks; False where that would leave 64 bits."""
    by_kind: dict[int, list[tuple[cp_model.IntVar, int]]] = {}
    for rows, numbers in zip(groups, counts, strict=True):
        for place, number in zip(rows[0], numbers, strict=True):
            by_kind.setdefault(int(task.moves.kinds[place]), []).append((number, len(rows)))
    for aim, before, steps in zip(task.aims, task.totals, cut(task.aims, task.moves.steps), strict=True):
        terms: list[list[tuple[int, cp_model.IntVar, int]]] = [[] for _ in before]
        for kind, numbers_of in by_kind.items():
            for place, change in aim.effect(steps[:, kind].tolist()).items():
                terms[place] += [(change, number, size) for number, size in numbers_of]
        sums = [_sum(model, start, parts) for start, parts in zip(before, terms, strict=True)]
        for demand in aim.demands(task.n_rows):
            if not (
                _add_limit(model, sums, demand) if isinstance(demand, Limit) else _add_distance(model, sums, demand)
            ):
                return False
    return True


Bounded = tuple[cp_model.IntVar, int]
"""A variable, and the greatest magnitude that it can have."""


def _sum(model: cp_model.CpModel, start: int, terms: Sequence[tuple[int, cp_model.IntVar, int]]) -> Bounded:
    low = start + sum(min(change * size, 0) for change, _, size in terms)
    high = start + sum(max(change * size, 0) for change, _, size in terms)
    total = model.new_int_var(low, high, "")
    coefficients = [change for change, _, _ in terms]
    model.add(total == cp_model.LinearExpr.weighted_sum([number for _, number, _ in terms], coefficients) + start)
    return total, max(abs(low), abs(high))


def _add(model: cp_model.CpModel, sums: Sequence[Bounded], demand: Demand) -> bool:
    return _add_limit(model, sums, demand) if isinstance(demand, Limit) else _add_distance(model, sums, demand)


def _add_limit(model: cp_model.CpModel, sums: Sequence[Bounded], limit: Limit) -> bool:
    factor = gcd(*limit.coefficients.values()) or 1
    pairs = [(value // factor, sums[place]) for place, value in limit.coefficients.items()]
    if sum(abs(value) * most for value, (_, most) in pairs) >= SAFE:
        return False
    variables = [total for _, (total, _) in pairs]
    least = -(-limit.least // factor)
    model.add(cp_model.LinearExpr.weighted_sum(variables, [value for value, _ in pairs]) >= least)
    return True


def _add_distance(model: cp_model.CpModel, sums: Sequence[Bounded], demand: Distance) -> bool:
    most = sum(size for _, size in sums)
    if (len(sums) + 2) * most * demand.scale >= SAFE or most * demand.most >= SAFE:
        return False
    everyone = model.new_int_var(0, most, "")
    model.add(everyone == cp_model.LinearExpr.sum([total for total, _ in sums]))
    gaps = []
    for (total, _), share in zip(sums, demand.shares, strict=True):
        gap = model.new_int_var(0, most * demand.scale, "")
        model.add(gap >= demand.scale * total - share * everyone)
        model.add(gap >= share * everyone - demand.scale * total)
        gaps.append(gap)
    model.add(cp_model.LinearExpr.sum(gaps) <= demand.most * everyone)
    return True


def _minimise(
    model: cp_model.CpModel, task: Task, groups: Sequence[Group], counts: Sequence[Sequence[cp_model.IntVar]]
) -> bool:
    """Ask for the least price; False where prices had to be rounded."""
    numbers = [number for line in counts for number in line]
    prices = [int(task.moves.prices[place]) for rows in groups for place in rows[0]]
    sizes = [len(rows) for rows in groups for _ in rows[0]]
    factor = gcd(*prices) or 1
    whole = [price // factor for price in prices]
    shift = max(0, sum(abs(p) * s for p, s in zip(whole, sizes, strict=True)).bit_length() - PRECISE.bit_length())
    model.minimize(cp_model.LinearExpr.weighted_sum(numbers, [price >> shift for price in whole]))
    return not shift

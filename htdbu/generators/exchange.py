"""Chosen rows exchanged for others that were drawn, until means, sums and orders are as targets ask."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from htdbu.compiler.program import Program
from htdbu.generators.arrays import Ints, Mask
from htdbu.generators.draws import ranks_within, stream
from htdbu.solver.selection.aim import Aim
from htdbu.solver.selection.amount import AmountAim, fits
from htdbu.solver.selection.demands import Limit
from htdbu.solver.selection.meet import aims_of
from htdbu.solver.selection.order import OrderAim
from htdbu.solver.table import EncodedTable
from htdbu.solver.targets import measure_targets

_ROUNDS = 12
"""So often rows are paired anew."""


def exchange(program: Program, pool: EncodedTable, cells: Ints, chosen: Ints, last: Mask, seed: int) -> Ints:
    """Exchange chosen rows of a pool for others of the same cell.

    Pairs are drawn at random, so that what a target asks is spread over the rows as the drawn ones spread it: a mean
    rises by somewhat more rows above it, not by a few at the end of the column.

    Args:
        cells: the cell of each row of the pool.
        chosen: the rows chosen so far.
        last: rows of the pool that are not to be taken.

    Returns:
        As many rows of every cell, which meet the targets of means, sums and orders as far as drawn rows can.
    """
    aims = [aim for aim in aims_of(program, None) if isinstance(aim, AmountAim | OrderAim) and fits(aim, pool)]
    met = {each.name for each in measure_targets(program, pool.take(chosen), None) if each.met} if aims else set()
    if all(aim.name in met for aim in aims):
        return chosen
    effects, least = _limits(aims, pool, len(chosen))
    rng = stream(seed, 104)
    chosen = chosen.copy()
    totals = effects[:, chosen].sum(axis=1)
    for _ in range(_ROUNDS):
        if (totals >= least).all():
            break
        places, others = _pairs(cells, chosen, last, rng)
        gains = effects[:, others] - effects[:, chosen[places]]
        for k in np.flatnonzero((gains[totals < least] > 0).any(axis=0)).tolist():
            now, then = np.minimum(totals, least), np.minimum(totals + gains[:, k], least)
            if (then >= now).all() and (then > now).any():
                chosen[places[k]], totals = others[k], totals + gains[:, k]
    return np.sort(chosen)


def _limits(aims: Sequence[Aim], pool: EncodedTable, n: int) -> tuple[Ints, Ints]:
    """What each row adds to each sum that a target asks to be large enough, and how large that is."""
    effects: list[Ints] = []
    least: list[int] = []
    for aim in aims:
        state = aim.state(pool)
        for demand in aim.demands(n):
            if isinstance(demand, Limit):
                parts = [number * state[place] for place, number in demand.coefficients.items()]
                effects.append(np.sum(parts, axis=0))
                least.append(demand.least)
    return np.array(effects, dtype=np.int64), np.array(least, dtype=np.int64)


def _pairs(cells: Ints, chosen: Ints, last: Mask, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Places among the chosen rows, and for each a row of the same cell that is not chosen; each at most once."""
    free = ~last
    free[chosen] = False
    places, others = rng.permutation(len(chosen)), rng.permutation(np.flatnonzero(free))
    mine, theirs = (np.int64(cells.size) * own + ranks_within(own) for own in (cells[chosen[places]], cells[others]))
    _, one, other = np.intersect1d(mine, theirs, assume_unique=True, return_indices=True)
    order = rng.permutation(one.size)
    return places[one[order]], others[other[order]]

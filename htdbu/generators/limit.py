"""A limit on the share of rows that lie nearer to what they were learned from than to unseen real rows.

Some rows of the pool are left out from the first; of those chosen some are exchanged for others of the same cell of the
plan, out of the pool or drawn anew, until the limit holds. Which ones is decided without a look at the unseen rows,
lest these be learned from too: those whose nearest learned row is much nearer than the next ones, the mark of a row
that was memorised. The unseen rows tell only when it is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from htdbu.errors import InfeasibleError
from htdbu.generators.arrays import Floats, Ints, Mask
from htdbu.generators.drawing import Drawing
from htdbu.generators.draws import Buckets, ranks_within
from htdbu.generators.gower import learned_share
from htdbu.generators.halves import MOST_COMPARED, Halves
from htdbu.generators.several import settle_several
from htdbu.solver.derive import derive
from htdbu.solver.table import EncodedTable

_ROUNDS = 40
_FROM_POOL, _NEW = 2, 6
"""So many rows are offered for each one to be exchanged: from the pool, then new ones."""


@dataclass(frozen=True, eq=False)
class Offers:
    """Rows to exchange others for: `rows` they may take the place of, and the half they were learned from."""

    rows: Ints
    table: EncodedTable
    halves: Ints


def memorised(table: EncodedTable, own: Ints, halves: Halves, limit: float) -> Mask:
    """The rows of a pool, learned from their `own` halves, that are best left out for the rest to keep the limit."""
    some = np.arange(min(table.n_rows, MOST_COMPARED))
    gains, ratios = halves.gains(table.take(some), own[some])
    if not some.size or learned_share(gains) <= limit:
        return np.zeros(table.n_rows, bool)
    found: Mask = halves.ratios(table, own) < _suspects(gains, ratios, limit)[1]
    return found


def hold_share(
    drawing: Drawing, halves: Halves, limit: float, real: EncodedTable, seeds: Iterator[int], threads: int | None
) -> float:
    """Exchange rows of a settled drawing until the limit holds; the share that is reached.

    Raises:
        InfeasibleError: where it still does not after many rounds.
    """
    gains, ratios = halves.gains(drawing.table, drawing.halves)
    least = learned_share(gains)
    for _ in range(_ROUNDS):
        if learned_share(gains) <= limit:
            return learned_share(gains)
        before = drawing.table.copy()
        out, bound = _suspects(gains, ratios, limit)
        left = _exchange(drawing, halves, _from_pool(drawing, out, next(seeds)), out, bound)
        left = _exchange(drawing, halves, _new(drawing, left, next(seeds)), left, bound)
        settle_several(drawing, real, seeds, threads)
        changed = (drawing.table.values != before.values) | (drawing.table.states != before.states)
        rows = np.flatnonzero(changed.any(axis=0))
        gains[rows], ratios[rows] = halves.gains(drawing.table.take(rows), drawing.halves[rows])
        least = min(least, learned_share(gains))
    if learned_share(gains) <= limit:
        return learned_share(gains)
    raise InfeasibleError(
        f"{least:.2%} of the rows at least lie nearer to the real rows they were learned from than to unseen ones, "
        f"and the limit is {limit:.2%}",
        "allow a larger share, or choose a generator that memorises less, such as bits",
    )


def _suspects(gains: Floats, ratios: Floats, limit: float) -> tuple[Ints, float]:
    """The rows of least ratio, as few as leave rows that keep the limit, and the least ratio of those."""
    order = np.argsort(ratios, kind="stable")
    near = np.where(gains > 0, 1.0, np.where(gains == 0, 0.5, 0.0))[order]
    rest = np.cumsum(near[::-1])[::-1] / np.arange(near.size, 0, -1)
    kept = np.flatnonzero(rest <= limit)
    out = int(kept[0]) if kept.size else int(np.argmin(rest))
    return order[: max(out, 1)], float(ratios[order[min(max(out, 1), order.size - 1)]])


def _from_pool(drawing: Drawing, out: Ints, seed: int) -> Offers:
    """Rows that were set aside, for rows of the same cells."""
    spare = drawing.spare
    assert spare is not None
    size = max(int(drawing.cells.max()), int(spare.cells.max(initial=0))) + 1
    wanted = Buckets.of(drawing.cells[out], size)
    order = np.random.default_rng(seed).permutation(spare.cells.size)
    cells, place = spare.cells[order], ranks_within(spare.cells[order])
    taken = place < _FROM_POOL * wanted.counts[cells]
    order, cells, place = order[taken], cells[taken], place[taken]
    rows = out[wanted.pick(cells, place)]
    table, columns = drawing.table.take(rows), np.array(drawing.texture.columns, dtype=np.int64)
    table.values[columns] = spare.table.values[np.ix_(columns, order)]
    table.states[columns] = spare.table.states[np.ix_(columns, order)]
    derive(drawing.normal, table)
    halves = spare.halves[order]
    spare.keep(np.setdiff1d(np.arange(spare.cells.size), order))
    return Offers(rows, table, halves)


def _new(drawing: Drawing, out: Ints, seed: int) -> Offers:
    """New draws of some rows."""
    rows = np.repeat(out, _NEW)
    return Offers(rows, drawing.draw(rows, seed), drawing.halves[rows])


def _exchange(drawing: Drawing, halves: Halves, offers: Offers, out: Ints, bound: float) -> Ints:
    """Put offers that obey and whose ratio is large enough in the place of rows; those for which there are none."""
    fine = np.flatnonzero(~drawing.refused(offers.table, drawing.cells[offers.rows]))
    fine = fine[halves.ratios(offers.table.take(fine), offers.halves[fine]) >= bound]
    rows, where = np.unique(offers.rows[fine], return_index=True)
    drawing.table.replace(rows, offers.table.take(fine[where]))
    drawing.halves[rows] = offers.halves[fine[where]]
    return np.setdiff1d(out, rows)

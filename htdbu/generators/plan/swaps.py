"""Counts that break demands the least, found by moving rows from cell to cell: many at once, then fewer, then one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from htdbu.generators.arrays import Floats, Mask
from htdbu.generators.plan.counts import Demand, Distance, Limit

_CLOSER = 1e-3
"""What a distance below its bound counts: distributions come as near as they can where nothing else is at stake."""
_APART = 1e-5
"""What a row counts that is not where it was wanted; up to twice as much the more of a cell's rows are moved."""
_NOISE = 1e-6
"""Cells of equal worth are taken in random order, so that no end of a column is favoured."""
_LEAST_GAIN = 1e-4
_TRIED = 20
"""Cells from which a row may be taken that are tried before the search ends."""
_WORK = 2e8
"""At most so many steps, cells times demands times looks: some ten seconds."""


def fewest_broken(wanted: Sequence[int], demands: Sequence[Demand]) -> list[int]:
    """Counts with the sum of the wanted ones: every move is the best that is seen, until none makes things better.

    The same input gives the same counts.
    """
    start = np.array(wanted, dtype=np.float64)
    states = [_LimitState(d, start) if isinstance(d, Limit) else _DistanceState(d, start) for d in demands]
    noise = _NOISE * np.random.default_rng(0).random(start.size)
    counts = start.copy()
    rows = 2 ** max(0, int(start.sum()).bit_length() - 8)
    looks = _WORK / max(1, start.size * len(states))
    while rows and looks > 0:
        moved, looked = _moved(rows, counts, start, states, noise)
        looks -= looked
        rows = rows if moved else rows // 2
    return [int(count) for count in counts]


def _moved(rows: int, counts: Floats, start: Floats, states: Sequence[_State], noise: Floats) -> tuple[bool, int]:
    """Move some rows where that makes things better: whether such a move was seen, and after how many looks."""
    apart = _apart(counts, start)
    changes = [(state.weight, state.after(-rows)) for state in states]
    alike = noise + _apart(counts - rows, start) - apart
    away = sum((change for _, change in changes), alike)
    looks = 1
    for source in _sources(changes, alike, counts < rows):
        looks += 1
        for state in states:
            state.move(source, -rows)
        back = sum((state.after(rows) for state in states), noise + _apart(counts + rows, start) - apart)
        back[source] = np.inf
        sink = int(np.argmin(back))
        better = away[source] + back[sink] < -_LEAST_GAIN
        for state in states:
            state.move(sink if better else source, rows)
        if better:
            counts[source] -= rows
            counts[sink] += rows
            return True, looks
    return False, looks


def _sources(changes: Sequence[tuple[float, Floats]], alike: Floats, empty: Mask) -> Iterator[int]:
    """Cells to take rows from: the best by all demands, then by the less weighty ones alone.

    What a weighty demand loses by a row that goes it may win back by the row that comes.
    """
    tried = empty.copy()
    for heaviest in sorted({weight for weight, _ in changes}, reverse=True):
        away = sum((change for weight, change in changes if weight <= heaviest), alike)
        away[tried] = np.inf
        best = np.argpartition(away, min(_TRIED, away.size - 1))[:_TRIED]
        best = best[np.argsort(away[best], kind="stable")]
        best = best[np.isfinite(away[best])]
        tried[best] = True
        yield from best.tolist()


def _apart(counts: Floats, start: Floats) -> Floats:
    """What it costs that cells have not the counts they were given; convex, so that all cells of a kind give a part."""
    moved = np.abs(counts - start)
    return _APART * moved * (1 + moved / (moved + start + 1))


class _LimitState:
    """How far a weighted sum is outside of its limits, in rows."""

    def __init__(self, limit: Limit, counts: Floats) -> None:
        scale = lcm(
            *(c.denominator for c in (*limit.coefficients, limit.low or Fraction(0), limit.high or Fraction(0)))
        )
        self.row = np.array([float(c * scale) for c in limit.coefficients])
        self.low = -np.inf if limit.low is None else float(limit.low * scale)
        self.high = np.inf if limit.high is None else float(limit.high * scale)
        self.weight = limit.weight
        self.unit = limit.weight / max(1.0, float(np.abs(self.row).max()))
        self.value = float(self.row @ counts)

    def _cost(self, value: Floats | float) -> Floats:
        return self.unit * (np.maximum(0.0, self.low - value) + np.maximum(0.0, value - self.high))

    def after(self, rows: int) -> Floats:
        """For each cell what so many rows more in it (fewer, where negative) add to the cost."""
        return self._cost(self.value + rows * self.row) - self._cost(self.value)

    def move(self, cell: int, rows: int) -> None:
        """Add rows to a cell, or take them away."""
        self.value += rows * self.row[cell]


class _DistanceState:
    """How far the counted rows are from shares, in rows."""

    def __init__(self, demand: Distance, counts: Floats) -> None:
        self.scale = float(lcm(*(share.denominator for share in (*demand.shares, demand.within))))
        self.parts = np.array(demand.parts)
        self.shares = np.array([float(share * int(self.scale)) for share in demand.shares])
        self.most = float(2 * demand.within * int(self.scale))
        self.weight = demand.weight
        self.unit = demand.weight / self.scale
        counted = self.parts >= 0
        self.rows = np.bincount(self.parts[counted], weights=counts[counted], minlength=self.shares.size)
        self.total = float(self.rows.sum())

    def _cost(self, distance: Floats | float, total: float) -> Floats:
        return self.unit * (np.maximum(0.0, distance - self.most * total) + _CLOSER * distance)

    def after(self, rows: int) -> Floats:
        """For each cell what so many rows more in it (fewer, where negative) add to the cost."""
        now = self._cost(float(np.abs(self.scale * self.rows - self.shares * self.total).sum()), self.total)
        total = self.total + rows
        gaps = np.abs(self.scale * self.rows - self.shares * total)
        changed = gaps.sum() - gaps + np.abs(self.scale * (self.rows + rows) - self.shares * total)
        added: Floats = np.concatenate([self._cost(changed, total) - now, [0.0]])[self.parts]
        return added

    def move(self, cell: int, rows: int) -> None:
        """Add rows to a cell, or take them away."""
        if self.parts[cell] >= 0:
            self.rows[self.parts[cell]] += rows
            self.total += rows


_State = _LimitState | _DistanceState

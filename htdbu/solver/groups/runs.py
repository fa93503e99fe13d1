"""Stretches of tuples that a row cannot move to, so that it does not try them one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.groups.facts import Fact
from htdbu.solver.groups.index import Tuple
from htdbu.solver.table import Indices

if TYPE_CHECKING:
    from htdbu.solver.groups.crowd import Crowd, Held

_FIRST, _MOST, _MOST_APART = 16, 4096, 256
"""How far is looked to each side: at first, at most, and where each tuple is compared with a right side."""

Holder = Callable[[Tuple, Indices], Indices | None]
"""For a tuple and the rows with it those that stand against a row's coming there; None where it may come."""


class Runs:
    """The tuples around one that a row of a cluster holds, along a numeric column."""

    def __init__(self, crowd: Crowd, held: Held) -> None:
        self._crowd, self._held = crowd, held
        self._rule = crowd.scene.rules[held.rule]

    def taken(self, rows: Indices) -> tuple[Fact, Indices]:
        """The taken tuples around a taken one, along the column that the row moved in, or could move in.

        Args:
            rows: who holds the tuple itself.
        """
        steps = self._crowd.scene.prices.step
        columns = [*self._moved(), *(i for i in self._rule.left if steps.get(i))]
        if not columns:
            return Fact(self._held.rule, tuple((v, v) for v in self._held.left)), rows
        ranges, holders = self._stretch(columns[0], self._holders_of, _MOST)
        return Fact(self._held.rule, ranges), np.concatenate([rows, *holders])

    def apart(self, rows: Indices) -> tuple[Fact, Indices] | None:
        """The left sides around that go with another right side than the one that the row moved there to keep.

        Args:
            rows: who holds the left side itself, with another right side.
        """
        held, moved = self._held, self._moved()
        if not moved or len(held.right) > 1 or held.right[0] < 0:
            return None
        ranges, holders = self._stretch(moved[0], self._witness_of, _MOST_APART)
        return Fact(held.rule, ranges, held.right, apart=True), np.concatenate([rows[:1], *holders])

    def _moved(self) -> list[int]:
        """The numeric columns of the left side in which the row is not what the data have."""
        crowd, held = self._crowd, self._held
        row = crowd.cells([held.cluster.rows[held.place]])[0]
        cells = dict(zip(crowd.scene.block.cells, row, strict=True))
        pairs = zip(self._rule.left, held.left, strict=True)
        return [i for i, value in pairs if crowd.scene.prices.step.get(i) and cells[i].value != value]

    def _stretch(self, column: int, holder: Holder, most: int) -> tuple[tuple[tuple[int, int], ...], list[Indices]]:
        """How far tuples go on that are held, to both sides, and by whom."""
        place, found = self._rule.left.index(column), list[Indices]()
        ends = [self._reach(place, sign, holder, most, found) for sign in (-1, 1)]
        ranges = [(v, v) for v in self._held.left]
        ranges[place] = (ends[0], ends[1])
        return tuple(ranges), found

    def _reach(self, place: int, sign: int, holder: Holder, most: int, found: list[Indices]) -> int:
        """The last value on one side; who holds the tuples is added to `found`."""
        left, reach, probes = self._held.left, 0, _FIRST
        while probes <= most:
            steps = range(reach + 1, reach + 1 + probes)
            tuples = [(*left[:place], left[place] + sign * k, *left[place + 1 :]) for k in steps]
            for tuple_, rows in zip(tuples, self._crowd.rows_of(self._held.rule, tuples), strict=True):
                holders = holder(tuple_, rows)
                if holders is None:
                    return left[place] + sign * reach
                found.append(holders)
                reach += 1
            probes *= 4
        return left[place] + sign * reach

    def _holders_of(self, tuple_: Tuple, rows: Indices) -> Indices | None:
        others = self._crowd.outside(rows)
        return others if others.size or (self._held.rule, tuple_) in self._crowd.placed else None

    def _witness_of(self, _: Tuple, rows: Indices) -> Indices | None:
        """One of the rows outside, all of which have another right side than the row; None where not all have."""
        crowd, own = self._crowd, self._held.right[0]
        right: NDArray[np.int64] = crowd.base.values[self._rule.right[0]]
        first: Indices = rows[:1]
        if crowd.is_plain and rows.size and crowd.outside(first).size:  # all others agree with it
            return first if right[rows[0]] != own else None
        others = crowd.outside(rows)
        if not others.size or (right[others] == own).any():
            return None
        return others[:1]

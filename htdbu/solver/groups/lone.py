"""Values for one column that must differ from row to row, where no other rule reads it: found without a solver.

Cells that must go anyway take the smallest free value; numbers and dates that another row holds take the nearest free
one, row by row; texts become new ones.
"""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from htdbu.solver.cells import Mode
from htdbu.solver.evaluate import inside
from htdbu.solver.groups.clusters import violated_groups
from htdbu.solver.groups.crowd import Cluster, Crowd
from htdbu.solver.groups.joint import Answered, Cells
from htdbu.solver.groups.scene import Scene
from htdbu.solver.groups.words import MOST_FRESH
from htdbu.solver.problems import gather
from htdbu.solver.ranges import Ranges, bounded, complement, joined
from htdbu.solver.solutions import Status
from htdbu.solver.table import VALUE, Indices

FROM = 32
"""How many rows have to move before they are not left to clusters, which find the best place of all."""


def is_lone(scene: Scene) -> bool:
    """Whether a scene is such a column."""
    block = scene.block
    return len(scene.rules) == 1 and len(block.columns) == 1 and bool(block.mutable) and not (block.hard or block.soft)


def movers(crowd: Crowd) -> Indices:
    """The rows that have to move: of each value all rows but one, which had to change least."""
    found = [np.zeros(0, np.int64)]
    for rows, _ in violated_groups(crowd.base, crowd.scene.rules[0]):
        held = rows[~crowd.movable[rows]]
        idle = rows[crowd.untouched(rows)]
        keeper = next(iter([*held[:1], *idle[:1], *rows[:1]]))
        found.append(rows[(rows != keeper) & crowd.movable[rows]])
    return np.sort(np.concatenate(found))


def spread(crowd: Crowd, rows: Indices) -> list[Cluster]:
    """The rows with their new values; those for which none is free are left out."""
    scene = crowd.scene
    (i,) = scene.block.columns
    column = scene.block.column(i)
    crowd.member[rows] = rows
    if column.kind == "text":
        return [_solved(row, {i: -(1 + MOST_FRESH * row)}, Status.OPTIMAL) for row in rows.tolist()]
    others = np.setdiff1d(np.flatnonzero(crowd.base.states[i] == VALUE), rows, assume_unique=True)
    held = np.unique(crowd.base.values[i, others])
    free = Free(bounded(column.box), held[inside(column.box, held)].tolist())
    problems = gather(scene.block, crowd.before, rows)
    near = [mode in (Mode.VALUE, Mode.OUTSIDE) and bool(scene.prices.step[i]) for mode in problems.modes[0].tolist()]
    wanted = list(zip(rows.tolist(), near, problems.values[0].tolist(), strict=True))
    taken: dict[int, int | None] = {row: free.nearest(value) for row, measured, value in wanted if measured}
    taken |= {row: free.smallest() for row, measured, _ in wanted if not measured}
    known = {row: value for row, value in taken.items() if value is not None or column.nullable}
    return [_solved(row, {i: known[row]}, Status.FEASIBLE) for row in rows.tolist() if row in known]


def _solved(row: int, cells: Cells, status: Status) -> Cluster:
    return Cluster((row,), answer=Answered(status, (cells,)))


class Free:
    """The values of a box that are free; what is given out is taken.

    Args:
        taken: those of the box that are not, ascending.
    """

    def __init__(self, box: Ranges, taken: list[int]) -> None:
        self._low, self._high = box[0][0], box[-1][1]
        gaps = complement(box, self._low, self._high)
        runs = joined(sorted([*((value, value) for value in taken), *gaps]))
        self._starts, self._ends = [a for a, _ in runs], [b for _, b in runs]
        self._next: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._first = self._low

    def nearest(self, value: int) -> int | None:
        """The free value nearest to another one; of two as near, the smaller."""
        below, above = self._seek(min(value, self._high), -1), self._seek(max(value, self._low), 1)
        found = [v for v in (below, above) if self._low <= v <= self._high]
        return self._take(min(found, key=lambda v: (abs(v - value), v))) if found else None

    def smallest(self) -> int | None:
        """The smallest free value."""
        self._first = self._seek(self._first, 1)
        return self._take(self._first) if self._first <= self._high else None

    def _take(self, value: int) -> int:
        for side, sign in zip(self._next, (-1, 1), strict=True):
            side[value] = value + sign
        return value

    def _seek(self, value: int, sign: int) -> int:
        """The first value on one side, the value itself included, that is not taken."""
        jumps, path = self._next[sign > 0], []
        while True:
            step = jumps.get(value)
            if step is None:
                k = bisect_right(self._starts, value) - 1
                if k < 0 or self._ends[k] < value:
                    break
                step = self._ends[k] + 1 if sign > 0 else self._starts[k] - 1
            path.append(value)
            value = step
        for passed in path:
            jumps[passed] = value
        return value

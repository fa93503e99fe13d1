"""Moves: what single rows could become instead, what that does for the targets, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from htdbu.solver.selection.aim import Aim, State
from htdbu.solver.selection.prices import Numbers
from htdbu.solver.table import Indices


@dataclass(frozen=True)
class Moves:
    """Moves by row, then by what they do; of each row at most one is made.

    Attributes:
        rows: the row of each move.
        prices: what it costs more than the repair of that row for itself.
        classes: the number of the class that its candidate was found for.
        kinds: what it does, as a column of `steps`.
        steps: all that moves do, shape (lines of all targets, kinds).
        lines: for every kind the number of the bucket that it is ranked in.
        sizes: for every kind how much it does, where that is a matter of degree; else 1.
    """

    rows: Indices
    prices: Numbers
    classes: Indices
    kinds: Indices
    steps: State
    lines: Indices
    sizes: Numbers

    @classmethod
    def of(cls, aims: Sequence[Aim], rows: Indices, prices: Numbers, classes: Indices, step: State) -> Moves:
        """Moves in their order, without those that do nothing, and of a row's that do the same the cheapest alone."""
        some = np.flatnonzero(step.any(axis=0))
        rows, prices, classes, step = rows[some], prices[some], classes[some], step[:, some]
        steps, kinds = _distinct(step)
        order = np.lexsort((classes, _ranks(prices), kinds, rows))
        rows, prices, classes, kinds = rows[order], prices[order], classes[order], kinds[order]
        first = np.ones(rows.size, bool)
        first[1:] = (np.diff(rows) != 0) | (np.diff(kinds) != 0)
        lines = np.concatenate([aim.lines(part) for aim, part in zip(aims, cut(aims, steps), strict=True)])
        _, buckets = _distinct(lines)
        sizes = np.where(lines != steps, np.abs(steps), 1).max(axis=0, initial=1).astype(np.float64)
        return cls(rows[first], prices[first], classes[first], kinds[first], steps, buckets, sizes)

    @property
    def count(self) -> int:
        """How many moves there are."""
        return int(self.rows.size)

    @cached_property
    def graded(self) -> bool:
        """Whether moves do more or less of the same, so that nearly all of them are kinds of their own."""
        return bool((self.sizes > 1).any())

    @cached_property
    def _places(self) -> Indices:
        """The place of every move among those of its bucket: the cheapest first, of equal ones the last row."""
        worth = self.prices.astype(np.float64) / self.sizes[self.kinds]
        ranks = _ranks(self.prices) if (self.sizes == 1).all() else worth
        bucket = self.lines[self.kinds]
        order = np.lexsort((-self.rows, ranks, bucket))
        starts = np.flatnonzero(np.diff(bucket[order], prepend=-1))
        places = np.empty(self.count, np.int64)
        run = np.diff(np.append(starts, self.count))
        places[order] = np.arange(self.count) - np.repeat(starts, run)
        return places

    def cheapest(self, most: int) -> Indices:
        """At most so many moves of each bucket, those that are cheapest for what they do."""
        return np.flatnonzero(self._places < most)

    def most_rows(self, price: int) -> int:
        """The most rows that can be moved for a price."""
        if not self.count:
            return 0
        starts = np.flatnonzero(np.diff(self.rows, prepend=-1))
        least = np.sort(np.minimum.reduceat(self.prices, starts)).astype(object)
        return int(np.searchsorted(np.cumsum(least), price, side="right"))


def cut(aims: Sequence[Aim], steps: State) -> list[State]:
    """Steps of all targets as those of each."""
    ends = np.cumsum([aim.width for aim in aims])[:-1]
    return np.split(steps, ends)


def _distinct(matrix: State) -> tuple[State, Indices]:
    """The different columns, and for each column the number of its like."""
    found, which = np.unique(matrix, axis=1, return_inverse=True)
    return found, which.reshape(-1)


def _ranks(prices: Numbers) -> Indices:
    """Numbers in the order of prices, equal for equal ones."""
    return np.unique(prices, return_inverse=True)[1].reshape(-1)

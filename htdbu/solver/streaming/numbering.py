"""Keys met in any number of pieces: which are new, and numbers for them in the order in which they are met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.mixing import Words
from htdbu.solver.streaming.keys import Keys
from htdbu.solver.table import Indices


@dataclass(frozen=True)
class _Run:
    """Different keys in the order of their first halves, and their numbers.

    Arrays of one and the same entry throughout take no memory, see `_constant`.
    """

    high: Words
    low: Words
    numbers: Indices

    def find(self, high: Words, low: Words) -> Indices:
        """The numbers of some keys, which ascend too; -1 where a key is not among these."""
        found = np.full(high.size, -1, np.int64)
        if not high.size or self.high[0] > high[-1] or self.high[-1] < high[0]:
            return found
        places = np.searchsorted(self.high, high)
        left = np.arange(high.size)
        while left.size:  # once, but for different keys that share a half
            left = left[places[left] < self.high.size]
            left = left[self.high[places[left]] == high[left]]
            same = self.low[places[left]] == low[left]
            found[left[same]] = self.numbers[places[left[same]]]
            left = left[~same]
            places[left] += 1
        return found


def _merged(one: _Run, other: _Run) -> _Run:
    high = np.concatenate([one.high, other.high])
    order = np.argsort(high, kind="stable")  # which merges what is sorted already
    return _Run(high[order], _joined(one.low, other.low, order), _joined(one.numbers, other.numbers, order))


def _joined(one: NDArray[Any], other: NDArray[Any], order: Indices) -> NDArray[Any]:
    if one.strides == other.strides == (0,) and one[0] == other[0]:
        return np.broadcast_to(one[:1], order.size)
    return np.concatenate([one, other])[order]


def _constant(array: NDArray[Any]) -> NDArray[Any]:
    """An array, without memory of its own where all of its entries are the same."""
    return np.broadcast_to(array[:1], array.size) if array.size and (array == array[0]).all() else array


class Numbering:
    """All keys met so far, as sorted runs of which each is over twice as long as the next.

    A key takes 24 bytes, or 8 where keys are numbers and only new ones are to be told from others.

    Args:
        numbered: whether numbers are wanted; all are 0 otherwise.
    """

    def __init__(self, numbered: bool = True) -> None:
        self.count = 0
        self._numbered = numbered
        self._runs: tuple[_Run, ...] = ()

    def copy(self) -> Numbering:
        """One that goes its own way from here; runs are shared, since they never change."""
        twin = Numbering(self._numbered)
        twin.count, twin._runs = self.count, self._runs
        return twin

    def add(self, keys: Keys) -> tuple[Indices, NDArray[np.bool_]]:
        """The numbers of some keys, and which of them are met for the first time."""
        order = np.lexsort((keys.low, keys.high))
        high, low = keys.high[order], keys.low[order]
        differs = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
        begins = np.concatenate([np.ones(min(high.size, 1), bool), differs])
        starts = np.flatnonzero(begins)
        distinct = self._known(high[starts], low[starts])
        new = np.flatnonzero(distinct < 0)
        met = order[starts[new]]  # lexsort is stable: the first of all that are equal
        distinct[new[np.argsort(met)]] = self.count + np.arange(new.size) if self._numbered else 0
        self.count += new.size
        self._push(high[starts[new]], low[starts[new]], distinct[new])
        numbers, first = np.empty(high.size, np.int64), np.zeros(high.size, bool)
        numbers[order] = distinct[np.cumsum(begins) - 1]
        first[met] = True
        return numbers, first

    def find(self, keys: Keys) -> Indices:
        """The numbers of some keys; -1 for those that were never met."""
        order = np.lexsort((keys.low, keys.high))
        numbers = np.empty(order.size, np.int64)
        numbers[order] = self._known(keys.high[order], keys.low[order])
        return numbers

    def _known(self, high: Words, low: Words) -> Indices:
        found = np.full(high.size, -1, np.int64)
        for run in self._runs:
            found = np.maximum(found, run.find(high, low))
        return found

    def _push(self, high: Words, low: Words, numbers: Indices) -> None:
        runs = [*self._runs]
        if high.size:
            runs.append(_Run(high, _constant(low), _constant(numbers)))
        while len(runs) > 1 and runs[-2].high.size <= 2 * runs[-1].high.size:
            runs[-2:] = [_merged(*runs[-2:])]
        self._runs = tuple(runs)

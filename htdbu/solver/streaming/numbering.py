"""Numbers for keys in the order in which they are met, over any number of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.streaming.keys import Keys, Words
from htdbu.solver.table import Indices


@dataclass(frozen=True)
class _Run:
    """Different keys in the order of their first halves, and their numbers."""

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


def _merged(runs: Sequence[_Run]) -> _Run:
    high, low = (np.concatenate([getattr(run, half) for run in runs]) for half in ("high", "low"))
    numbers = np.concatenate([run.numbers for run in runs])
    order = np.argsort(high, kind="stable")  # which merges what is sorted already
    return _Run(high[order], low[order], numbers[order])


class Numbering:
    """All keys met so far, 24 bytes each, as sorted runs of which each is over twice as long as the next."""

    def __init__(self) -> None:
        self.count = 0
        self._runs: tuple[_Run, ...] = ()

    def copy(self) -> Numbering:
        """One that goes its own way from here; runs are shared, since they never change."""
        twin = Numbering()
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
        distinct[new[np.argsort(met)]] = self.count + np.arange(new.size)
        self.count += new.size
        self._push(_Run(high[starts[new]], low[starts[new]], distinct[new]))
        numbers, first = np.empty(high.size, np.int64), np.zeros(high.size, bool)
        numbers[order] = distinct[np.cumsum(begins) - 1]
        first[met] = True
        return numbers, first

    def _known(self, high: Words, low: Words) -> Indices:
        found = np.full(high.size, -1, np.int64)
        for run in self._runs:
            found = np.maximum(found, run.find(high, low))
        return found

    def _push(self, run: _Run) -> None:
        runs = [*self._runs, run] if run.high.size else [*self._runs]
        while len(runs) > 1 and runs[-2].high.size <= 2 * runs[-1].high.size:
            runs[-2:] = [_merged(runs[-2:])]
        self._runs = tuple(runs)

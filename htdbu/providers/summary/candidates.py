"""Candidate keys, and columns that seem to follow from another: the names of columns, never a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from htdbu.providers.summary.model import Determines
from htdbu.providers.summary.table import Read

_SAMPLE = 2_000
"""Rows that refute most candidates cheaply."""
_MOST_COLUMNS = 40
_MOST_KEYS = 5
_MOST_DETERMINED = 30
_SURPRISE = 20
"""Columns that have nothing to do with each other would break a dependency this many times at least."""

Ints = NDArray[np.int64]


def keys(reads: Sequence[Read], least: int) -> list[tuple[str, ...]]:
    """Columns without null that no two rows share; where there are none, two columns of which each repeats itself.

    Decimals and moments are none, since they seldom meet anyway.
    """
    rows = len(reads[0].known) if reads else 0
    usable = [read for read in reads if not read.nulls and read.column.type.kind not in ("decimal", "datetime")]
    if rows < max(least, 2):
        return []
    single: list[tuple[str, ...]] = [(read.column.name,) for read in usable if len(read.counts[0]) == rows]
    if single:
        return single[:_MOST_KEYS]
    several = [read for read in usable if read.column.type.kind != "text" and 2 * len(read.counts[0]) <= rows]
    widest = sorted(several, key=lambda read: -len(read.counts[0]))[:_MOST_COLUMNS]
    pairs = (pair for pair in combinations(widest, 2) if len(pair[0].counts[0]) * len(pair[1].counts[0]) >= rows)
    found: list[tuple[str, ...]] = [(a.column.name, b.column.name) for a, b in pairs if _are_key(a.values, b.values)]
    return found[:_MOST_KEYS]


def _are_key(one: Ints, other: Ints) -> bool:
    return all(_different(one[:n], other[:n]) == n for n in (min(_SAMPLE, len(one)), len(one)))


def _different(one: Ints, other: Ints) -> int:
    order = np.lexsort((other, one))
    changed = (np.diff(one[order]) != 0) | (np.diff(other[order]) != 0)
    return int(np.count_nonzero(changed)) + 1


def determined(reads: Sequence[Read], least: int) -> list[Determines]:
    """The columns that follow from another in all rows, the least likely by chance first.

    Only what repeats itself counts: there, columns that have nothing to do with each other would have broken it often.
    """
    rows = len(reads[0].known) if reads else 0
    usable = [read for read in reads if len(read.counts[0]) > 1]
    if rows < least or not usable:
        return []
    codes = np.stack([np.where(read.known, read.values, np.iinfo(np.int64).min) for read in usable], axis=1)
    spread = np.array([_spread(read) for read in usable])
    found = []
    for i, left in enumerate(usable):
        repeats = left.present - len(left.counts[0])
        if repeats >= least and 2 * len(left.counts[0]) <= rows:
            chances = repeats * spread
            for j in _followers(left, codes, chances >= _SURPRISE):
                if j != i:
                    found.append((-chances[j], i, j))
    return [Determines(left=usable[i].column.name, right=usable[j].column.name) for _, i, j in sorted(found)][
        :_MOST_DETERMINED
    ]


def _spread(read: Read) -> float:
    """The chance that two rows differ in a column."""
    shares = np.append(read.counts[1], read.nulls) / len(read.known)
    return float(1 - (shares**2).sum())


def _followers(left: Read, codes: Ints, usable: NDArray[np.bool_]) -> Iterator[int]:
    """The columns that are the same in all rows that agree on the left."""
    open_ = np.flatnonzero(usable)
    known = np.flatnonzero(left.known)
    for rows in (known[:_SAMPLE], known):
        order = rows[np.argsort(left.values[rows], kind="stable")]
        same = np.diff(left.values[order]) == 0
        cells = codes[np.ix_(order, open_)]
        broken = ((np.diff(cells, axis=0) != 0) & same[:, None]).any(axis=0)
        open_ = open_[~broken]
    yield from open_.tolist()

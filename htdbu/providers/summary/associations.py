"""Which columns go together: Cramér's V, with the bias taken off, of the columns in bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htdbu.providers.cramer import cramers_v
from htdbu.providers.summary.model import Association
from htdbu.providers.summary.table import Read

_MOST_BINS = 10
_MOST_PAIRS = 20
_WEAKEST = 0.1
_COMPARED_ROWS = 20_000
_LEAST_ROWS = 5
"""Nothing is said from fewer rows than so many times the least count."""


Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Strengths:
    """How strongly each two columns go together: 0 not at all, 1 one gives the other.

    A column has ten bins at most: of numbers and dates equal parts of the rows, of levels the most frequent and all
    others, and one for null. Texts and keys are left out, and of few rows nothing is said.

    Attributes:
        reads: the columns that are compared.
        matrix: V of each two of them, 0 where there is nothing to compare.
    """

    reads: Sequence[Read]
    matrix: Floats

    @classmethod
    def of(cls, reads: Sequence[Read], least: int) -> Strengths:
        """Compare all columns of a table."""
        used = [read for read in reads if read.column.type.kind != "text" and not _is_key(read)]
        if not used or len(used[0].known) < _LEAST_ROWS * least:
            return cls((), np.zeros((0, 0)))
        return cls(used, _compared([bins(read) for read in used]))

    def pairs(self) -> list[Association]:
        """The pairs that go together most, the strongest first."""
        strengths = np.round(self.matrix, 2)
        first, second = np.nonzero(np.triu(strengths, 1) >= _WEAKEST)
        order = sorted(zip(first.tolist(), second.tolist(), strict=True), key=lambda pair: (-strengths[pair], pair))
        names = [read.column.name for read in self.reads]
        return [
            Association(columns=(names[i], names[j]), strength=float(strengths[i, j])) for i, j in order[:_MOST_PAIRS]
        ]

    def beside(self, target: Read) -> list[Read]:
        """The other columns, those first that go together most with the target."""
        if not any(read is target for read in self.reads):
            return []
        place = next(i for i, read in enumerate(self.reads) if read is target)
        order = np.argsort(-np.round(self.matrix[place], 2), kind="stable").tolist()
        return [self.reads[i] for i in order if i != place]


def _is_key(read: Read) -> bool:
    return len(read.counts[0]) == len(read.known)


def bins(read: Read) -> NDArray[np.int64]:
    """The bin of each row, from 0."""
    values, counts = read.counts
    most = _MOST_BINS - 1
    if len(values) <= most:
        codes = np.searchsorted(values, read.values)
    elif read.is_ordered:
        ends = (np.cumsum(counts) * most - 1) // counts.sum()
        codes = np.take(ends, np.searchsorted(values, read.values), mode="clip")
    else:
        places = np.full(len(values), most - 1)
        frequent = np.argsort(-counts, kind="stable")[: most - 1]
        places[frequent] = np.arange(len(frequent))
        codes = np.take(places, np.searchsorted(values, read.values), mode="clip")
    return np.unique(np.where(read.known, codes, most), return_inverse=True)[1].reshape(-1).astype(np.int64)


def _compared(columns: Sequence[NDArray[np.int64]]) -> Floats:
    """The corrected V of each two columns of bins from 0, (columns, columns); 0 where one has a single bin."""
    step = -(-len(columns[0]) // _COMPARED_ROWS)
    compared = [bins[::step] for bins in columns]
    strengths = np.zeros((len(columns), len(columns)))
    for i, one in enumerate(compared):
        lines = one * _MOST_BINS
        for j, other in enumerate(compared[:i]):
            joint = np.bincount(lines + other, minlength=_MOST_BINS**2).reshape(-1, _MOST_BINS)
            strengths[i, j] = strengths[j, i] = cramers_v(joint)
    return strengths

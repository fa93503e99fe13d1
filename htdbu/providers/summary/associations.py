"""Which columns go together: Cramér's V, with the bias taken off, of the columns in bins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from htdbu.providers.summary.model import Association
from htdbu.providers.summary.table import Read

_MOST_BINS = 10
_MOST_PAIRS = 20
_WEAKEST = 0.1
_LEAST_ROWS = 5
"""Nothing is said from fewer rows than so many times the least count."""

Floats = NDArray[np.float64]


def associations(reads: Sequence[Read], least: int) -> list[Association]:
    """The pairs that go together most, down to a strength of 0.1.

    A column has ten bins at most: of numbers and dates so many equal parts of the rows, the nine most frequent levels
    and all others, and one for null. Of r by c bins and n rows, phi² is chi² / n less (r - 1)(c - 1) / (n - 1), 0 at
    least, and V the root of phi² / (min(r', c') - 1), where r' = r - (r - 1)² / (n - 1), likewise c' (Bergsma, *A
    bias-correction for Cramér's V and Tschuprow's T*, J. Korean Stat. Soc. 42, 2013). Texts and keys are left out.
    """
    used = [read for read in reads if read.column.type.kind != "text" and not _is_key(read)]
    if not used or len(used[0].known) < _LEAST_ROWS * least:
        return []
    strengths = cramers_v([bins(read) for read in used])
    first, second = np.nonzero(np.triu(np.nan_to_num(strengths), 1) >= _WEAKEST)
    order = sorted(zip(first.tolist(), second.tolist(), strict=True), key=lambda pair: (-strengths[pair], pair))
    return [
        Association(columns=(used[i].column.name, used[j].column.name), strength=round(float(strengths[i, j]), 2))
        for i, j in order[:_MOST_PAIRS]
    ]


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


def cramers_v(columns: Sequence[NDArray[np.int64]]) -> Floats:
    """The corrected V of each two columns of bins from 0, (columns, columns); NaN where one has a single bin."""
    n = len(columns[0])
    sizes = np.array([int(bins.max()) + 1 for bins in columns])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    places = np.concatenate([bins + start for bins, start in zip(columns, starts, strict=True)])
    rows = np.tile(np.arange(n), len(columns))
    hot = sparse.csr_matrix((np.ones(len(places)), (rows, places)), shape=(n, int(sizes.sum())))
    joint = np.asarray((hot.T @ hot).todense())
    alone = joint.diagonal()
    squares = joint**2 / np.outer(alone, alone)  # chi² / n is the sum of these, less 1
    phi = np.add.reduceat(np.add.reduceat(squares, starts, axis=0), starts, axis=1) - 1
    less = sizes - 1
    phi = np.maximum(phi - np.outer(less, less) / (n - 1), 0)
    corrected = sizes - less**2 / (n - 1) - 1
    smaller = np.minimum.outer(corrected, corrected)
    strengths: Floats = np.sqrt(np.divide(phi, smaller, out=np.full_like(phi, np.nan), where=smaller > 0))
    return np.minimum(strengths, 1)

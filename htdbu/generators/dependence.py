"""How much each two columns tell about one another, and the order of drawing that follows from it."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from htdbu.generators.arrays import Floats
from htdbu.generators.dyadic import dyadic
from htdbu.generators.table import Column

BIN_LEVELS = 4  # columns are compared in at most 2 ** 4 bins
COMPARED_ROWS = 20_000  # enough rows to compare them on


def dependence(columns: tuple[Column, ...], groups: Floats) -> Floats:
    """Mutual information in nats of each two columns, (columns, columns), 0 on the diagonal.

    Args:
        columns: the columns.
        groups: (rows, columns) the group of each cell.

    The plug-in estimate is too high by (r - 1)(c - 1) / 2n for r and c bins (Miller 1955); that is taken off,
    and what falls below 0 is 0.
    """
    bins = [
        dyadic(column.group_counts, BIN_LEVELS).leaves[cells.astype(np.int64)]
        for column, cells in zip(columns, groups.T, strict=True)
    ]
    sizes = [int(cells.max()) + 1 for cells in bins]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    hot = [
        sparse.csr_matrix((np.ones(len(cells)), (np.arange(len(cells)), cells)), shape=(len(cells), size))
        for cells, size in zip(bins, sizes, strict=True)
    ]
    every = sparse.hstack(hot, format="csr")
    rows = [_information(every.T @ one, offsets) for one in hot]
    information = np.array(rows)
    np.fill_diagonal(information, 0)
    return np.maximum(information, information.T)


def _information(joint: Any, offsets: Any) -> Floats:
    """Corrected mutual information of one column with each, from its counts against all bins of all."""
    counts = np.asarray(joint.todense(), dtype=np.float64)
    n = counts[: offsets[1]].sum()
    own, others = counts[: offsets[1]].sum(axis=0), counts.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(counts > 0, counts * np.log(counts * n / (others * own)), 0)
    total = np.add.reduceat(terms.sum(axis=1), offsets[:-1]) / n
    freedom = ((own > 0).sum() - 1) * (np.add.reduceat(others[:, 0] > 0, offsets[:-1], dtype=np.int64) - 1)
    corrected: Floats = np.maximum(total - freedom / (2 * n), 0)
    return corrected


def information(one: Any, other: Any, size: int) -> float:
    """The mutual information in nats of two columns of codes, corrected as above; codes of `other` are below `size`."""
    counts = np.bincount(one.astype(np.int64) * size + other, minlength=(int(one.max(initial=0)) + 1) * size)
    joint = counts.reshape(-1, size).astype(np.float64)
    n, rows, columns = joint.sum(), joint.sum(axis=1, keepdims=True), joint.sum(axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(joint > 0, joint * np.log(joint * n / (rows * columns)), 0)
    return float(terms.sum() / n - ((rows > 0).sum() - 1) * ((columns > 0).sum() - 1) / (2 * n))


def drawing_order(information: Floats) -> list[int]:
    """Columns in the order to draw them: the most entangled first, then whatever those drawn tell most about."""
    order: list[int] = []
    tied = information.sum(axis=0)
    while len(order) < len(information):
        tied[order] = -1
        order.append(int(np.argmax(tied)))
        tied = information[order].sum(axis=0)
    return order

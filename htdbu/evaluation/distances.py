"""Distances between two distributions, each 0 for equal and at most 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from htdbu.solver.typed_cells import Codes, Floats

_DENSE = 1 << 16
"""Joint tables of more cells than this are numbered by the cells that occur."""


def total_variation(left: np.ndarray, right: np.ndarray) -> float:
    """Total variation distance of two tables of counts over the same cells: 1/2 sum |p - q|.

    Neither table may be empty.
    """
    return float(np.abs(left / left.sum() - right / right.sum()).sum() / 2)


def kolmogorov_smirnov(left: Floats, right: Floats) -> float:
    """The largest gap between two empirical distribution functions (Smirnov 1939).

    Missing cells (NaN) count as one value below all others, so a change in how many are missing shows. Neither side
    may be empty.
    """
    low, high = (np.sort(np.where(np.isnan(side), -np.inf, side)) for side in (left, right))
    points = np.concatenate([low, high])
    below_low, below_high = (np.searchsorted(side, points, side="right") / len(side) for side in (low, high))
    return float(np.abs(below_low - below_high).max())


def joint_variation(left: Codes, right: Codes, sizes: Sequence[int]) -> float:
    """Total variation distance of the joint tables of one or more coded columns.

    Args:
        left, right: the codes of the columns, shape (columns, rows), with one row or more.
        sizes: how many codes each column has.
    """
    cells, width = joint_codes(np.concatenate([left, right], axis=1), sizes)
    rows = left.shape[1]
    return total_variation(np.bincount(cells[:rows], minlength=width), np.bincount(cells[rows:], minlength=width))


def joint_codes(columns: Codes, sizes: Sequence[int]) -> tuple[Codes, int]:
    """A code for every row, equal exactly where rows agree in all columns, and how many codes there may be.

    `columns` has the shape (columns, rows), with one column or more.
    """
    cells, width = columns[0], sizes[0]
    for codes, size in zip(columns[1:], sizes[1:], strict=True):
        cells, width = cells * size + codes, width * size
        if width > _DENSE:
            found, cells = np.unique(cells, return_inverse=True)
            width = len(found)
    return cells.astype(np.int64), width

"""Cramér's V of two columns, with the bias taken off."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray


def cramers_v(joint: NDArray[np.int64]) -> float:
    """How strongly the lines and the columns of a table of counts go together: 0 not at all, 1 one gives the other.

    Of r by c classes and n rows, phi² is chi² / n less (r - 1)(c - 1) / (n - 1), 0 at least, and V the root of
    phi² / (min(r', c') - 1), where r' = r - (r - 1)² / (n - 1), likewise c' (Bergsma, *A bias-correction for Cramér's V
    and Tschuprow's T*, J. Korean Stat. Soc. 42, 2013). Classes without rows are none; where one class is left, V is 0.
    """
    lines, heads = joint.sum(axis=1), joint.sum(axis=0)
    joint = joint[lines > 0][:, heads > 0]
    lines, heads = lines[lines > 0], heads[heads > 0]
    n, r, c = int(lines.sum()), len(lines), len(heads)
    smaller = min(size - (size - 1) ** 2 / (n - 1) for size in (r, c)) - 1
    if smaller <= 0:
        return 0.0
    phi = float((joint**2 / np.outer(lines, heads)).sum()) - 1 - (r - 1) * (c - 1) / (n - 1)
    return min(1.0, sqrt(max(phi, 0.0) / smaller))

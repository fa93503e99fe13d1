"""How many rows are in each pair of classes of two columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from htdbu.providers.mined.classes import Classes


def contingency(one: Classes, other: Classes) -> NDArray[np.int64]:
    """(classes of the one, classes of the other) the rows that are in a class of both."""
    there = (one.codes >= 0) & (other.codes >= 0)
    codes = one.codes[there] * other.size + other.codes[there]
    return np.bincount(codes, minlength=one.size * other.size).reshape(one.size, other.size)

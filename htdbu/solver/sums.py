"""Sums of many 64-bit integers that may leave 64 bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LOW = (1 << 31) - 1


def exact_sum(numbers: NDArray[np.int64]) -> int:
    """The sum, which is added up in two halves: neither leaves 64 bits with less than 2**31 numbers."""
    return (int((numbers >> 31).sum()) << 31) + int((numbers & _LOW).sum())

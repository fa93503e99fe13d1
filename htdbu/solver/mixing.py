"""Mixing the bits of 64-bit words, for hashes of cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]


def mixed(words: Words) -> Words:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): a bijection in which every bit moves every other."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: Words = words ^ (words >> np.uint64(31))
    return result

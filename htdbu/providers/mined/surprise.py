"""How unlikely it is that a rule holds by chance.

Where `expected` rows would break a rule if its two sides had nothing to do with each other, and none does, the chance
of that is about exp(-expected) (the Poisson limit of a sum of rare events). Of many things tried some hold by chance;
so each has to pass Bonferroni's bound: exp(-expected) * tried <= ALPHA.
"""

from __future__ import annotations

from math import log

import numpy as np

from htdbu.providers.mined.view import Steps

ALPHA = 0.001
"""The chance that any of the rules of one kind holds by chance."""
LEAST = 20.0
"""Fewer expected rows than this say little, since two sides may go together without excluding each other."""
_SHUFFLES = 8


def needed(tried: int) -> float:
    """How many rows have to be expected to break a rule that none breaks, when so many were tried."""
    return max(LEAST, log(max(tried, 1) / ALPHA))


def shuffles(n: int, seed: int) -> list[Steps]:
    """A few orders of n rows, to see what becomes of a pair of columns when their rows are mixed."""
    rng = np.random.default_rng(seed)
    return [rng.permutation(n) for _ in range(_SHUFFLES)]

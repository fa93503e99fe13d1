"""Levels of a column: their shares, and the rarer ones as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.typed_cells import Codes, Floats

MOST_LEVELS = 12
"""Rarer levels are shown as one."""


def level_shares(codes: Codes, size: int) -> Floats:
    """The share of every code; zeros where there are no rows."""
    return np.bincount(codes, minlength=size) / max(len(codes), 1)


def folded(levels: Sequence[str], weights: Floats, most: int = MOST_LEVELS) -> tuple[list[str], list[NDArray[np.intp]]]:
    """At most `most` labels, and the levels behind each: the heaviest in their order, then all others.

    The last level is that of missing cells; it is left out where there are none.
    """
    shown = np.arange(len(levels) - (not weights[-1]))
    if len(shown) <= most:
        return [levels[int(k)] for k in shown], [np.array([k]) for k in shown]
    heaviest = shown[np.argsort(-weights[shown], kind="stable")]
    kept, rest = np.sort(heaviest[: most - 1]), np.sort(heaviest[most - 1 :])
    return [*(levels[int(k)] for k in kept), f"{len(rest)} others"], [*(np.array([k]) for k in kept), rest]

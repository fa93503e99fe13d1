"""How far chance reaches from a floor: the last value of a measure that is no worse than chance.

Every limit is a function of the floor, of how far the floor itself strays (`spread`), and of all scores in the form of
`evaluate --format json`; any of the first two may be None. It returns None where nothing can be said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from htdbu.evaluation.chance import DEVIATIONS, auc_limit, count_limit, half_limit

Scores = Mapping[str, Any]
Limit = Callable[[float | None, float | None, Scores], float | None]

NOISE = 2.0
"""An error of up to twice its floor is called noise: single draws stray about that far from the mean draw."""
STRAYS = DEVIATIONS * math.sqrt(math.pi / 2)
"""Three standard deviations of a normal score, in units of its mean absolute deviation, which a spread is."""
MARGIN = 0.03
"""How far below real rows a score may stay where no spread was measured; the margin this project promises for AUROC."""
_MOST_COMPARED = 20_000
"""Rows of each kind that are compared at most."""


def error(floor: float | None, spread: float | None, scores: Scores) -> float | None:
    """`NOISE` times the error of real rows drawn anew."""
    return None if floor is None else NOISE * floor


def lower(floor: float | None, spread: float | None, scores: Scores) -> float | None:
    """Three standard deviations below what real rows drawn anew score; not judged where none were measured."""
    return None if floor is None or spread is None else floor - DEVIATIONS * spread


def below(floor: float | None, spread: float | None, scores: Scores) -> float | None:
    """The score of real rows, less `STRAYS` times its spread; less `MARGIN` where none was measured."""
    return None if floor is None else floor - (MARGIN if spread is None else STRAYS * spread)


def above(floor: float | None, spread: float | None, scores: Scores) -> float | None:
    """The error of real rows, plus `STRAYS` times its spread; not judged where none was measured."""
    return None if floor is None or spread is None else floor + STRAYS * spread


def coin(floor: float | None, spread: float | None, scores: Scores) -> float | None:
    """What chance reaches on rows that cannot be told apart; what real rows reach, where that is more."""
    n = _fewest(scores, "real" if scores["setup"]["rows"]["test"] is None else "test", "synthetic")
    return None if n == 0 else max(auc_limit(n, n), _beyond_half(floor))


def members(floor: float | None, spread: float | None, scores: Scores) -> float | None:
    """What chance reaches if membership leaves no trace; what real rows reach, where that is more."""
    n = _fewest(scores, "real", "test")
    return None if n == 0 else max(auc_limit(n, n), _beyond_half(floor))


def half(floor: float | None, spread: float | None, scores: Scores) -> float | None:
    """What a fair coin reaches; what real rows reach, where that is more."""
    n = _fewest(scores, "real", "test", "synthetic")
    return None if n == 0 else max(half_limit(n), _beyond_half(floor))


def _beyond_half(floor: float | None) -> float:
    """How far a score goes that strays from 0.5 by the floor's distance on average."""
    return 0.5 if floor is None else min(0.5 + STRAYS * (floor - 0.5), 1.0)


def rare(floor: float | None, spread: float | None, scores: Scores) -> float | None:
    """What chance reaches around the floor, a count of coincidences; 0 where there is no floor."""
    return count_limit(floor or 0.0)


def _fewest(scores: Scores, *tables: str) -> int:
    return min(_MOST_COMPARED, *(scores["setup"]["rows"][name] or 0 for name in tables))

"""How far two rule files agree on the rows of a pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmarks.providers_study.pool import Verdicts


@dataclass(frozen=True)
class Agreement:
    """Two subjects on the same rows.

    Attributes:
        same: the share of rows with the same verdict.
        kappa: the same beyond what two with these rates of rejection reach by chance (Cohen 1960); 1 is full, 0 chance.
        jaccard: of the rows that either rejects, the share that both do; 1 where neither rejects any.
    """

    same: float
    kappa: float
    jaccard: float


MEASURES = tuple(Agreement.__dataclass_fields__)
Pair = tuple[str, str]


def agreement(one: Verdicts, other: Verdicts) -> Agreement:
    """Compare the verdicts on the same rows; there is at least one."""
    same = float((one == other).mean())
    first, second = float(one.mean()), float(other.mean())
    chance = first * second + (1 - first) * (1 - second)
    either = int((one | other).sum())
    return Agreement(
        same=same,
        # Both accept, or both reject, every single row: nothing could be left to chance.
        kappa=1.0 if chance == 1.0 else (same - chance) / (1 - chance),
        jaccard=int((one & other).sum()) / either if either else 1.0,
    )


def agreements(verdicts: Mapping[str, Verdicts]) -> dict[Pair, Agreement]:
    """All pairs of subjects, each in the order of the subjects."""
    return {(one, other): agreement(verdicts[one], verdicts[other]) for one, other in combinations(verdicts, 2)}


def mean_agreement(found: list[Agreement]) -> Agreement:
    """The mean of every measure."""
    return Agreement(*(float(np.mean([getattr(each, name) for each in found])) for name in MEASURES))

"""How far a score strays by chance alone, and from where on it is no chance any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

FALSE_ALARM = 0.01
"""So often, at most, a sound set-up is blamed by one diagnosis; see `level`."""
DIRT = 0.01
"""So many real rows may break a right rule because they are dirty; HTR701 tolerates as many."""
CHANNELS = 4
"""Model, rules, plan and their interaction share the false alarms equally."""


def level(tests: int) -> float:
    """The false-alarm rate of one of so many tests of a channel (Bonferroni)."""
    return FALSE_ALARM / CHANNELS / max(tests, 1)


@dataclass(frozen=True)
class Noise:
    """Scores that real rows take against real rows: their mean and spread, and how many there were."""

    mean: float
    spread: float
    drawn: int

    @classmethod
    def of(cls, scores: Sequence[float]) -> Noise:
        """The noise that so many resampled scores show, two or more."""
        return cls(float(np.mean(scores)), float(np.std(scores, ddof=1)), len(scores))

    def width(self, tests: int = 1) -> float:
        """How far above the mean a score lies with the chance of `level`: Student's quantile times the spread.

        So few scores have no quantile of their own at such levels, and their spread is an estimate itself.
        """
        return float(stats.t.isf(level(tests), self.drawn - 1)) * self.spread

    def limit(self, tests: int = 1) -> float:
        """The floor: real rows score higher than this with the chance of `level` only."""
        return self.mean + self.width(tests)

    def gap(self, repeats: int, tests: int = 1) -> float:
        """How far apart the means of two times so many scores lie by chance."""
        return self.width(tests) * float(np.sqrt(2 / repeats))


def surely_above(successes: int, trials: int, tests: int = 1) -> float:
    """The least rate that so many of so many may come from (Clopper and Pearson 1934), at `level`."""
    if not successes:
        return 0.0
    return float(stats.beta.ppf(level(tests), successes, trials - successes + 1))

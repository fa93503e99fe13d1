"""Days of the week on which nothing happens, told from counts of days or of moments alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htdbu.generators.arrays import Ints, Mask

_CHANCE = 1e-6
"""How likely it may be that days of all kinds leave one of the seven out by chance."""


@dataclass(frozen=True, eq=False)
class Weekdays:
    """Which days of the week occur.

    Attributes:
        day: the length of a day in the unit of the counts.
        there: for every remainder by seven whether it occurs.
    """

    day: int
    there: Mask

    @classmethod
    def of(cls, units: Ints, day: int) -> Weekdays | None:
        """Learn from counts; None where every day of the week occurs, or too few days are known to miss one."""
        days = np.unique(units // day)
        there = np.bincount(days % 7, minlength=7) > 0
        missed = not there.all() and 7 * (6 / 7) ** days.size < _CHANCE
        return cls(day, there) if missed else None

    def include(self, units: Ints) -> Mask:
        """Which of some counts fall on a day of the week that occurs."""
        found: Mask = self.there[units // self.day % 7]
        return found

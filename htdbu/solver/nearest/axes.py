"""The columns of a small block as axes: what a cell may hold before a repair, and what after it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.cells import Mode
from htdbu.solver.ranges import Ranges

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Axis:
    """A column that decides the repair of a block.

    Its *targets* are what a cell may hold after a repair, numbered as ties are broken: null first, then ascending. Its
    *sources* are what it may hold before: the targets by the same numbers, then the cells that must change. Of these
    there is one for all that are equally far from every value, and for a graded column one for each end of a range,
    since from there a number outside is measured. A fixed column has one more source, for a cell that may not stay.

    Attributes:
        position: the position of the column in the program.
        box: what it may hold.
        nullable: whether it may be null.
        free: whether a repair may change it.
        graded: whether changes to nearer values are cheaper.
    """

    position: int
    box: Ranges
    nullable: bool
    free: bool
    graded: bool

    @property
    def targets(self) -> int:
        """How many targets there are."""
        return int(self.nullable) + sum(high - low + 1 for low, high in self.box)

    @property
    def sources(self) -> int:
        """How many sources there are."""
        return self.targets + 1 + (len(self._ends) if self.free and self.graded else 0)

    @property
    def target_bits(self) -> int:
        """The width of a target's number; 0 where it is that of the source."""
        return (self.targets - 1).bit_length() if self.free else 0

    @property
    def lost(self) -> int:
        """The source of a cell that must change and is as far from one value as from another."""
        return self.targets

    @cached_property
    def values(self) -> Numbers:
        """The values, ascending."""
        return np.concatenate([np.arange(low, high + 1) for low, high in self.box])

    @cached_property
    def ends(self) -> Numbers:
        """The places among the values of those that a number outside may be nearest to."""
        return np.searchsorted(self.values, self._ends)

    @cached_property
    def cells(self) -> Numbers:
        """The value of every target; 0 for null."""
        return np.concatenate([np.zeros(int(self.nullable), np.int64), self.values])

    @property
    def _ends(self) -> list[int]:
        return sorted({end for ends in self.box for end in ends})

    @cached_property
    def _table(self) -> Numbers:
        """The source of every mode at every place among the values, one mode after the other."""
        found = np.full((len(Mode), self.values.size), self.lost)
        found[Mode.VALUE] = np.arange(self.values.size) + int(self.nullable)
        if self.nullable:
            found[Mode.NULL] = 0
        if self.free and self.graded:
            found[Mode.OUTSIDE, self.ends] = self.lost + 1 + np.arange(self.ends.size)
        return found.reshape(-1)

    def sources_of(self, modes: NDArray[np.int8], values: Numbers) -> Numbers:
        """The sources of the cells of several rows."""
        plain = not modes.any()
        if plain and self.free and len(self.box) == 1:
            return values - (self.box[0][0] - int(self.nullable))
        places = self._places(values)
        found: Numbers = self._table[modes * np.int64(self.values.size) + places]
        if not self.free:
            found[(modes == Mode.VALUE) & (self.values[places] != values)] = self.lost
        return found

    def _places(self, values: Numbers) -> Numbers:
        """The places of values among those of the box, and any place for others."""
        low, high = self.box[0][0], self.box[-1][1]
        inside = np.clip(values, low, high)
        found: Numbers = inside - low if len(self.box) == 1 else np.searchsorted(self.values, inside)
        return found

"""What is demanded of the counts of cells: limits on weighted sums, and distances from distributions; all exact."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from htdbu.generators.plan.rounding import largest_remainders

FIRM, PLAIN, SOFT = 100.0, 1.0, 0.01
"""What a row counts that a stated share lacks, that a target lacks, and that a column is away from the real rows."""


@dataclass(frozen=True)
class Limit:
    """A named demand: `low <= sum(coefficients * counts) <= high`.

    Attributes:
        weight: what a row counts by which it is missed, where not everything can hold.
    """

    name: str
    coefficients: tuple[Fraction, ...]
    low: Fraction | None
    high: Fraction | None
    weight: float = PLAIN

    def holds(self, counts: Sequence[int]) -> bool:
        """Whether counts meet it."""
        value = sum((c * k for c, k in zip(self.coefficients, counts, strict=True) if c and k), Fraction(0))
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def kinds(self) -> Sequence[Hashable]:
        """For each cell what the demand knows of it: it cannot tell cells of one kind apart."""
        return self.coefficients

    def among(self, places: Sequence[int]) -> Limit:
        """The same demand on some of the cells alone."""
        return replace(self, coefficients=tuple(self.coefficients[i] for i in places))

    def out_of_reach(self, total: int) -> bool:
        """Whether it is seen at a glance that no counts of so many rows meet it, whatever the cells: never."""
        return False


@dataclass(frozen=True)
class Distance:
    """A named demand: the counted rows lie within a total variation distance of given shares.

    With n_g rows in part g and N counted ones: `sum over g |n_g - shares[g] * N| <= 2 * within * N`.

    Attributes:
        parts: the part of every cell; -1 where its rows are not counted.
        shares: of every part; of a part that no share names it is 0.
        weight: what a row counts by which it is missed, where not everything can hold.
        every: whether rows of any cell at all would be counted.
    """

    name: str
    parts: tuple[int, ...]
    shares: tuple[Fraction, ...]
    within: Fraction
    weight: float = PLAIN
    every: bool = False

    def holds(self, counts: Sequence[int]) -> bool:
        """Whether counts meet it."""
        gaps, total = self._gaps(counts)
        return gaps <= 2 * self.within * total

    def distance(self, counts: Sequence[int]) -> float:
        """Total variation distance of the counted rows from the shares; 0 where none is counted."""
        gaps, total = self._gaps(counts)
        return float(gaps) / (2 * total) if total else 0.0

    def _gaps(self, counts: Sequence[int]) -> tuple[Fraction, int]:
        """By how many rows all parts are off, and how many rows are counted."""
        rows = [0] * len(self.shares)
        for part, count in zip(self.parts, counts, strict=True):
            if part >= 0:
                rows[part] += count
        total = sum(rows)
        return sum((abs(k - share * total) for k, share in zip(rows, self.shares, strict=True)), Fraction(0)), total

    def kinds(self) -> Sequence[Hashable]:
        """For each cell what the demand knows of it: it cannot tell cells of one kind apart."""
        return self.parts

    def among(self, places: Sequence[int]) -> Distance:
        """The same demand on some of the cells alone."""
        return replace(self, parts=tuple(self.parts[i] for i in places))

    def out_of_reach(self, total: int) -> bool:
        """Whether it is seen at a glance that no counts of so many rows meet it, whatever the cells.

        Where every row is counted, the nearest whole numbers are the largest remainders.
        """
        if not self.every:
            return False
        nearest = largest_remainders(self.shares, total)
        gaps = sum((abs(k - share * total) for k, share in zip(nearest, self.shares, strict=True)), Fraction(0))
        return sum(self.shares) == 1 and gaps > 2 * self.within * total


Demand = Limit | Distance

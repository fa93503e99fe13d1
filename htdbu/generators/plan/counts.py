"""What is demanded of the counts of cells: limits on weighted sums, and distances from distributions; all exact."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
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
        return self._within(self._rows(counts))

    def distance(self, counts: Sequence[int]) -> float:
        """Total variation distance of the counted rows from the shares; 0 where none is counted."""
        rows = self._rows(counts)
        return float(self._gaps(rows)) / max(1, 2 * sum(rows))

    def _rows(self, counts: Sequence[int]) -> list[int]:
        """The counted rows of every part."""
        rows = [0] * len(self.shares)
        for part, count in zip(self.parts, counts, strict=True):
            if part >= 0:
                rows[part] += count
        return rows

    def _gaps(self, rows: Sequence[int]) -> Fraction:
        """By how many rows all parts together are off."""
        total = sum(rows)
        return sum((abs(k - share * total) for k, share in zip(rows, self.shares, strict=True)), Fraction(0))

    def _within(self, rows: Sequence[int]) -> bool:
        return self._gaps(rows) <= 2 * self.within * sum(rows)

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
        spread = self.every and sum(self.shares) == 1
        return spread and not self._within(largest_remainders(self.shares, total))


Demand = Limit | Distance


def out_of_reach(demands: Iterable[Demand], total: int) -> bool:
    """Whether it is seen at a glance that no counts of so many rows meet all demands, whatever the cells."""
    return any(isinstance(demand, Distance) and demand.out_of_reach(total) for demand in demands)

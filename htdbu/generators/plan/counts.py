"""What is demanded of the counts of cells: limits on weighted sums, and distances from distributions; all exact."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction


@dataclass(frozen=True)
class Limit:
    """A named demand: `low <= sum(coefficients * counts) <= high`.

    Attributes:
        firm: a share that a factor states; it comes before all targets where not everything can hold.
    """

    name: str
    coefficients: tuple[Fraction, ...]
    low: Fraction | None
    high: Fraction | None
    firm: bool = False

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
        """Whether no counts of so many rows meet it, as far as that is seen at a glance."""
        least, most = total * min(self.coefficients), total * max(self.coefficients)
        return (self.low is not None and most < self.low) or (self.high is not None and least > self.high)


@dataclass(frozen=True)
class Distance:
    """A named demand: the counted rows lie within a total variation distance of given shares.

    With n_g rows in part g and N counted ones: `sum over g |n_g - shares[g] * N| <= 2 * within * N`.

    Attributes:
        parts: the part of every cell; -1 where its rows are not counted.
        shares: of every part; of a part that no share names it is 0.
    """

    name: str
    parts: tuple[int, ...]
    shares: tuple[Fraction, ...]
    within: Fraction
    firm: bool = False

    def holds(self, counts: Sequence[int]) -> bool:
        """Whether counts meet it."""
        rows = [0] * len(self.shares)
        for part, count in zip(self.parts, counts, strict=True):
            if part >= 0:
                rows[part] += count
        total = sum(rows)
        gaps = (abs(k - share * total) for k, share in zip(rows, self.shares, strict=True))
        return sum(gaps, Fraction(0)) <= 2 * self.within * total

    def kinds(self) -> Sequence[Hashable]:
        """For each cell what the demand knows of it: it cannot tell cells of one kind apart."""
        return self.parts

    def among(self, places: Sequence[int]) -> Distance:
        """The same demand on some of the cells alone."""
        return replace(self, parts=tuple(self.parts[i] for i in places))

    def out_of_reach(self, total: int) -> bool:
        """Whether no counts of so many rows meet it, as far as that is seen at a glance: where all rows are counted.

        The nearest whole numbers are the largest remainders among the parts that some cell lies in.
        """
        if -1 in self.parts:
            return False
        open_parts = set(self.parts)
        ideal = [share * total for share in self.shares]
        left = total - sum(int(ideal[part]) for part in open_parts)
        rests = sorted((ideal[part] - int(ideal[part]) for part in open_parts), reverse=True)
        gaps = sum((share for part, share in enumerate(ideal) if part not in open_parts), sum(rests, Fraction(0)))
        gaps += sum((1 - 2 * rest for rest in rests[:left]), Fraction(0)) + max(0, left - len(rests))
        return gaps > 2 * self.within * total


Demand = Limit | Distance

"""Demands on whole numbers, as a target makes them of the sums over all rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor, lcm

FINEST = 2**30
"""Shares of a distribution whose common denominator is greater are rounded to this one, to the safe side."""


@dataclass(frozen=True)
class Limit:
    """`sum(coefficients[f] * total[f]) >= least`."""

    coefficients: Mapping[int, int]
    least: int


@dataclass(frozen=True)
class Distance:
    """`sum over f |scale * total[f] - shares[f] * sum(total)| <= most * sum(total)`, over all sums of the target."""

    scale: int
    shares: tuple[int, ...]
    most: int


Demand = Limit | Distance


def at_least(bound: Fraction, total: int, count: int, n_rows: int) -> Limit:
    """`total / count >= bound` where the count is at most `n_rows`; `total` and `count` are positions of sums.

    The nearest fraction whose denominator is no count of rows too great for the table stands in for the bound, however
    many digits that has: no other one lies between them.
    """
    near = bound.limit_denominator(max(n_rows, 1))
    return Limit({total: near.denominator, count: -near.numerator}, int(near < bound))


def at_most(bound: Fraction, total: int, count: int, n_rows: int) -> Limit:
    """`total / count <= bound`, as `at_least`."""
    near = bound.limit_denominator(max(n_rows, 1))
    return Limit({total: -near.denominator, count: near.numerator}, int(near > bound))


def some(counts: Iterable[int]) -> Limit:
    """At least one row counts, by the sums at these positions."""
    return Limit(dict.fromkeys(counts, 1), 1)


def distance(shares: tuple[Fraction, ...], within: Fraction) -> Distance:
    """Total variation distance of the sums from some shares at most `within`."""
    scale = lcm(*(share.denominator for share in shares), (2 * within).denominator)
    if scale <= FINEST:
        return Distance(scale, tuple(int(share * scale) for share in shares), int(2 * within * scale))
    rounded = tuple(round(share * FINEST) for share in shares)
    lost = sum((abs(share - Fraction(near, FINEST)) for share, near in zip(shares, rounded, strict=True)), Fraction(0))
    return Distance(FINEST, rounded, floor((2 * within - lost) * FINEST))

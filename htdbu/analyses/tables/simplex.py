"""A linear program in exact fractions: is there `x >= 0` with `A x >= b`? Columns may be added while it is solved.

The revised simplex method, phase one, with Bland's rule, which cannot cycle (Chvátal, Linear Programming, chapters 3
and 7). Where there is no `x`, the prices `y >= 0` prove it: `y A <= 0` and `y b > 0` (Farkas).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Vector = Sequence[int]


class Feasibility:
    """A system of inequalities.

    Args:
        bounds: `b`, one number a constraint.
    """

    def __init__(self, bounds: Vector) -> None:
        self._size = len(bounds)
        self._signs = [1 if bound > 0 else -1 for bound in bounds]
        self._values = [abs(Fraction(bound)) for bound in bounds]
        self._columns: list[list[Fraction]] = []
        self._costs: list[int] = []
        self._basis: list[int] = []
        for k, sign in enumerate(self._signs):
            slack = self._put([-sign if k == i else 0 for i in range(self._size)], 0)
            artificial = self._put([1 if k == i else 0 for i in range(self._size)], 1) if sign > 0 else slack
            self._basis.append(artificial)
        self._inverse = [[Fraction(int(i == j)) for j in range(self._size)] for i in range(self._size)]

    def add(self, column: Vector) -> None:
        """Add a variable: what one unit of it gives to each constraint."""
        self._put([sign * part for sign, part in zip(self._signs, column, strict=True)], 0)

    def _put(self, column: Vector, cost: int) -> int:
        self._columns.append([Fraction(part) for part in column])
        self._costs.append(cost)
        return len(self._columns) - 1

    def solve(self) -> list[Fraction] | None:
        """None where the columns so far have a solution, else the prices that prove that they have none."""
        while self._lacks() > 0:
            prices = self._prices()
            entering = next((j for j in range(len(self._columns)) if self._gain(j, prices) < 0), None)
            if entering is None:
                return [sign * price for sign, price in zip(self._signs, prices, strict=True)]
            self._pivot(entering)
        return None

    def _lacks(self) -> Fraction:
        """By how much the constraints are missed in all."""
        return sum((v for v, j in zip(self._values, self._basis, strict=True) if self._costs[j]), Fraction(0))

    def _prices(self) -> list[Fraction]:
        paid = [line for line, j in zip(self._inverse, self._basis, strict=True) if self._costs[j]]
        return [sum((line[k] for line in paid), Fraction(0)) for k in range(self._size)]

    def _gain(self, j: int, prices: Sequence[Fraction]) -> Fraction:
        column = self._columns[j]
        return self._costs[j] - _dot(prices, column)

    def _pivot(self, entering: int) -> None:
        column = self._columns[entering]
        change = [_dot(line, column) for line in self._inverse]
        ratios = [(self._values[i] / c, self._basis[i], i) for i, c in enumerate(change) if c > 0]
        _, _, leaving = min(ratios)  # there is one, as the cost is bounded below
        pivot = change[leaving]
        self._inverse[leaving] = [part / pivot for part in self._inverse[leaving]]
        self._values[leaving] /= pivot
        for i, factor in enumerate(change):
            if i != leaving and factor:
                top = self._inverse[leaving]
                self._inverse[i] = [a - factor * b for a, b in zip(self._inverse[i], top, strict=True)]
                self._values[i] -= factor * self._values[leaving]
        self._basis[leaving] = entering


def _dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True) if a and b), Fraction(0))

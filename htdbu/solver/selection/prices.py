"""The price of every row of a repair, vectorised and exact."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.normal import NormalProgram
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.objective import MADE_NULL
from htdbu.solver.problems import exact_values, nearest_values
from htdbu.solver.ranges import bounded
from htdbu.solver.table import NULL, VALUE, EncodedTable
from htdbu.solver.violations import unlike

Numbers = NDArray[Any]
"""Whole numbers: int64, or Python integers where these could be too small."""


class RowPrices:
    """The objective of the language reference, section 5, in whole units of `1 / unit`."""

    def __init__(self, program: NormalProgram) -> None:
        self.program = program
        self._softs = [rule for rule in program.rules if rule.kind == "soft" and rule.weight is not None]
        costs = [Fraction(column.cost) for column in program.columns]
        weights = [Fraction(rule.weight or 0) for rule in self._softs]
        bits = max((column.bits or 0 for column in program.columns), default=0)
        self.unit = (2 << max(1, bits)) * lcm(*(number.denominator for number in (*costs, *weights)))
        greatest = MADE_NULL * sum(costs, Fraction(0)) + sum(weights, Fraction(0))
        self._dtype: type = np.int64 if greatest * self.unit < 2**62 else object

    def of(self, before: EncodedTable, after: EncodedTable) -> Numbers:
        """What every row costs that was one thing and is another now."""
        total: Numbers = np.zeros(after.n_rows, self._dtype)
        evaluator = Evaluator(self.program, after)
        for rule in self._softs:
            total += evaluator.truth(rule.outcome)[1].astype(self._dtype) * self._whole(Fraction(rule.weight or 0))
        for i, column in enumerate(self.program.columns):
            if column.definition is None:
                total += self._cells(before, after, i)
        return total

    def _cells(self, before: EncodedTable, after: EncodedTable, position: int) -> Numbers:
        """What the cells of a column cost."""
        column = self.program.columns[position]
        cost = Fraction(column.cost)
        changed = unlike(before, after, position)
        price: Numbers = np.where(changed, self._whole(cost * Fraction(3, 2)), 0).astype(self._dtype)
        made_null = changed & (after.states[position] == NULL)
        price[made_null] = self._whole(MADE_NULL * cost)
        if column.bits is not None:
            rows = np.flatnonzero(changed & ~made_null & (before.states[position] == VALUE))
            origin = nearest_values(bounded(column.box), exact_values(before, rows, position))
            steps = np.abs(after.values[position, rows] - origin).astype(self._dtype)
            price[rows] = self._whole(cost) + steps * self._whole(cost / 2**column.bits)
        return price

    def _whole(self, price: Fraction) -> int:
        return int(price * self.unit)

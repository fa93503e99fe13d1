"""`min`, `max` and `quantile`: how many rows lie below the lower bound, and how many above the upper one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

import numpy as np

from htdbu.compiler.lowering.build import within
from htdbu.compiler.normal import Bool, Var
from htdbu.solver.selection.aim import Aim, State
from htdbu.solver.selection.demands import Demand, Limit, some
from htdbu.solver.table import VALUE, EncodedTable

BELOW, ABOVE, COUNTED = 0, 1, 2


class OrderAim(Aim):
    """The sums: rows below the lower bound, rows above the upper one, rows that count.

    Of n values the q-quantile lies between the order statistics to both sides of the place q * (n - 1). It is at least
    the lower bound where at most q * (n - 1) values are less; and at most the upper one where at most (1 - q) * (n - 1)
    are greater. For the least and the greatest value (q = 0 and 1) the converse holds too; else a mean of two values
    could do with more of them, which is left aside.
    """

    @property
    def exact(self) -> bool:
        """Only for the least and the greatest value."""
        return self.target.measure != "quantile"

    @property
    def _position(self) -> int:
        return self.program.column_index[self.target.columns[0]]

    @property
    def _ends(self) -> tuple[int | None, int | None]:
        """The least and the greatest value between the bounds, in steps."""
        low, high = self.bounds
        return None if low is None else ceil(low), None if high is None else floor(high)

    @property
    def width(self) -> int:
        """Three lines."""
        return 3

    def state(self, table: EncodedTable) -> State:
        """1 or 0 for each of the sums."""
        i, (low, high) = self._position, self._ends
        counted = (table.states[i] == VALUE) & self.truth(table, self.lowered.given)[0]
        values = table.values[i].copy()
        for (column, row), huge in table.huge.items():
            if column == i:
                values[row] = np.iinfo(np.int64).max if huge > 0 else np.iinfo(np.int64).min
        none = np.zeros(table.n_rows, bool)
        below = none if low is None else values < low
        above = none if high is None else values > high
        return np.array([below & counted, above & counted, counted], np.int64)

    def demands(self, n_rows: int) -> list[Demand]:
        """Few enough rows on the wrong side of each bound."""
        q = {"min": Fraction(0), "max": Fraction(1)}.get(self.target.measure, Fraction(self.target.quantile or 0))
        a, b = q.limit_denominator(10**9).as_integer_ratio()
        below = Limit({COUNTED: a, BELOW: -b}, a)
        above = Limit({COUNTED: b - a, ABOVE: -b}, b - a)
        return [some((COUNTED,)), below, above]

    def classes(self, totals: Sequence[int], n_rows: int) -> list[Bool]:
        """Below, between and above the bounds, and left out."""
        low, high = self._ends
        term = Var(self._position)
        found = [self.counted_and(within(term, ((low, high),)))]
        if low is not None:
            found.append(self.counted_and(within(term, ((None, low - 1),))))
        if high is not None:
            found.append(self.counted_and(within(term, ((high + 1, None),))))
        return [*found, self.left_out(term)]

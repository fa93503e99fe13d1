"""`mean` and `sum`: what the values of a column add up to, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from htdbu.compiler.lowering.build import within
from htdbu.compiler.normal import Bool, Var
from htdbu.solver.ranges import bounded
from htdbu.solver.selection.aim import ANY, Aim, State
from htdbu.solver.selection.demands import Demand, Limit, at_least, at_most, some
from htdbu.solver.table import VALUE, EncodedTable

TOTAL, COUNT = 0, 1


@dataclass(frozen=True)
class AmountAim(Aim):
    """The sums: the values that count, and how many they are.

    Attributes:
        side: -1 where only the lower bound is demanded, 1 where only the upper one is, 0 for both.
    """

    side: int = 0

    @property
    def exact(self) -> bool:
        """Never: a value may move anywhere, and only some goals are tried."""
        return False

    @property
    def position(self) -> int:
        """The position of the column."""
        return self.program.column_index[self.target.columns[0]]

    @property
    def width(self) -> int:
        """Two lines."""
        return 2

    def state(self, table: EncodedTable) -> State:
        """The value, in steps, and 1; 0 and 0 where a row does not count."""
        counted = (table.states[self.position] == VALUE) & self.truth(table, self.lowered.given)[0]
        return np.array([np.where(counted, table.values[self.position], 0), counted], np.int64)

    def totals(self, state: State) -> list[int]:
        """Both sums, exact for cells outside of their domain too."""
        return [sum(line.tolist()) for line in state]

    def lines(self, step: State) -> State:
        """Whether the value rises or falls."""
        return np.array([np.sign(step[TOTAL]), step[COUNT]])

    def demands(self, n_rows: int) -> list[Demand]:
        """The sum, or the mean, within its bounds."""
        low, high = self.bounds
        found: list[Demand] = [some((COUNT,))]
        mean = self.target.measure == "mean"
        if low is not None and self.side <= 0:
            found.append(at_least(low, TOTAL, COUNT, n_rows) if mean else Limit({TOTAL: 1}, ceil(low)))
        if high is not None and self.side >= 0:
            found.append(at_most(high, TOTAL, COUNT, n_rows) if mean else Limit({TOTAL: -1}, -floor(high)))
        return found

    def missing(self, totals: Sequence[int]) -> int:
        """What the values must add up to more (less, where negative) to reach the nearer bound; 0 inside the bounds."""
        times = totals[COUNT] if self.target.measure == "mean" else 1
        low, high = (None if end is None else end * times for end in self.bounds)
        if low is not None and totals[TOTAL] < low:
            return ceil(low) - totals[TOTAL]
        return floor(high) - totals[TOTAL] if high is not None and totals[TOTAL] > high else 0

    def span(self, count: int) -> tuple[int, int]:
        """What the values of so many rows may add up to; an open end is as the other one."""
        times = count if self.target.measure == "mean" else 1
        low, high = (None if end is None else end * times for end in self.bounds)
        least = None if low is None else ceil(low)
        most = None if high is None else floor(high)
        return (most or 0) if least is None else least, (least or 0) if most is None else most

    def between(self, low: int, high: int) -> Bool:
        """The condition that a row counts with a value from `low` to `high`."""
        return self.counted_and(within(Var(self.position), ((low, high),)))

    def classes(self, totals: Sequence[int], n_rows: int) -> list[Bool]:
        """As it may be; left out; and moved at least to some goals towards the bounds, or both ways inside them."""
        missing, term = self.missing(totals), Var(self.position)
        found = [ANY, self.left_out(term)]
        if missing >= 0:
            found += [self.counted_and(within(term, ((goal, None),))) for goal in self._goals(totals, missing, 1)]
        if missing <= 0:
            found += [self.counted_and(within(term, ((None, goal),))) for goal in self._goals(totals, missing, -1)]
        return found

    def _goals(self, totals: Sequence[int], missing: int, sign: int) -> list[int]:
        """The end of the domain; parts of the way there from the mean; from it all, a quarter, … of what is missing."""
        box = bounded(self.normal.columns[self.position].box)
        lowest, highest = box[0][0], box[-1][1]
        mean = min(max(totals[TOTAL] // max(totals[COUNT], 1), lowest), highest)
        far = highest if sign > 0 else lowest
        goals = [far, mean + (far - mean) // 4, mean + (far - mean) // 2, mean + (far - mean) * 3 // 4]
        goals += [mean + missing // 4**k for k in range(4)]
        end = self.bounds[0 if sign > 0 else 1]
        if end is not None and self.target.measure == "mean":
            goals.append(ceil(end) if sign > 0 else floor(end))
        return sorted({goal for goal in goals if lowest <= goal <= highest})


def fits(aim: Aim, table: EncodedTable) -> bool:
    """Whether no sum over the rows of a table comes near the end of 64 bits."""
    if not isinstance(aim, AmountAim):
        return True
    box = bounded(aim.normal.columns[aim.position].box)
    widest = max(int(np.abs(table.values[aim.position]).max(initial=0)), *(abs(end) for side in box for end in side))
    return widest * max(table.n_rows, 1) < 2**60 and all(column != aim.position for column, _ in table.huge)

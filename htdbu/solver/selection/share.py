"""`share(cond given c)`: rows where the condition is true, and rows that count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from htdbu.compiler.lowering.build import negated
from htdbu.compiler.normal import Bool
from htdbu.solver.selection.aim import Aim, State
from htdbu.solver.selection.demands import Demand, at_least, at_most, some
from htdbu.solver.table import EncodedTable

TRUE, COUNTED = 0, 1


class ShareAim(Aim):
    """The sums: rows where the condition is true, rows that count."""

    @property
    def _condition(self) -> Bool:
        assert self.lowered.condition is not None
        return self.lowered.condition

    @property
    def width(self) -> int:
        """Two lines."""
        return 2

    def state(self, table: EncodedTable) -> State:
        """1 or 0 for each of the sums."""
        true, false = self.truth(table, self._condition)
        given, _ = self.truth(table, self.lowered.given)
        return np.array([true & given, (true | false) & given], np.int64)

    def demands(self, n_rows: int) -> list[Demand]:
        """The share within its bounds, over one row at least."""
        low, high = self.bounds
        found: list[Demand] = [some((COUNTED,))]
        if low is not None:
            found.append(at_least(low, TRUE, COUNTED, n_rows))
        if high is not None:
            found.append(at_most(high, TRUE, COUNTED, n_rows))
        return found

    def classes(self, totals: Sequence[int], n_rows: int) -> list[Bool]:
        """True, false, and left out."""
        condition = self._condition
        return [self.counted_and(condition), self.counted_and(negated(condition)), self.left_out(condition)]

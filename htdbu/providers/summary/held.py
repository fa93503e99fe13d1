"""The values of a column, and those near to them that may be shown.

No value is shown that some rows hold, but fewer than the least count; and a value that stands for others, rounded,
stands for at least so many.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.program import Kind
from htdbu.providers.summary.ladders import Cell, ladder

_FINEST = 50
"""The ends of a range are rounded to a part of it that is no finer."""
_COARSEST = 0.2
"""A quantile is rounded to a value that stands for no greater share of the rows."""
_MOST_STEPS = 1_000


class Held:
    """The values of some rows of a column that is a number, a date or a moment.

    Attributes:
        values, counts: the different values, rising, and how many rows hold each.
        rows: how many rows there are.
    """

    def __init__(self, values: NDArray[np.int64], kind: Kind, least: int) -> None:
        self.values, self.counts = np.unique(values, return_counts=True)
        self.rows = len(values)
        self.kind, self.least = kind, least
        self._until = np.concatenate([[0], np.cumsum(self.counts)])

    def at(self, place: int) -> int:
        """The value of a row, rows in rising order."""
        return int(self.values[int(np.searchsorted(self._until, place, side="right")) - 1])

    def below(self, value: int) -> int:
        """How many rows hold less."""
        return int(self._until[int(np.searchsorted(self.values, value))])

    def count(self, value: int) -> int:
        """How many rows hold just this."""
        return self.below(value + 1) - self.below(value)

    def is_common(self, value: int) -> bool:
        """Whether so many rows hold it that it may be shown as it is."""
        return self.count(value) >= self.least

    def ends(self) -> tuple[int, int] | None:
        """Round values between which nearly all rows lie; None where there are too few rows.

        Each is rounded outward from the value that fewer than `least` rows lie beyond, so that no single row decides.
        """
        if self.rows < self.least:
            return None
        inner = min(self.least - 1, (self.rows - 1) // 2)
        low, high = self.at(inner), self.at(self.rows - 1 - inner)
        width = (high - low) // _FINEST
        ends = self._outward(low, width, down=True), self._outward(high, width, down=False)
        return None if ends[0] is None or ends[1] is None else (ends[0], ends[1])

    def _outward(self, value: int, width: int, down: bool) -> int | None:
        if self.is_common(value):
            return value
        inside = value if down else value - 1  # a cell is open above, so that 100 is its own end
        for cell in self._cells(inside, value, width):
            end = _away(cell, inside, down)
            for _ in range(_MOST_STEPS):
                if not self.count(end) or self.is_common(end):
                    return end
                further = _away(cell, end - 1 if down else end, down)
                if further == end:  # the calendar ends here
                    break
                end = further
        return None

    def quantile(self, share: float) -> int | None:
        """A round value near to the quantile; None where too few rows lie on one side of it, or none is near."""
        if min(share, 1 - share) * self.rows < self.least:
            return None
        value = self.at(int(np.ceil(share * self.rows)) - 1)
        if self.is_common(value):
            return value
        for cell in self._cells(value, value, 0):
            if self._within(*cell(value)) > _COARSEST * self.rows:
                break
            near = sorted(cell(value), key=lambda end: abs(end - value))
            found = [end for end in near if not self.count(end) or self.is_common(end)]
            if found:
                return found[0]
        return None

    def _cells(self, inside: int, value: int, width: int) -> Iterator[Cell]:
        """Kinds of cells, finest first, of which that of a value is wide enough and holds enough rows."""
        for cell in ladder(self.kind):
            start, end = cell(inside)
            if end - start >= width and self._within(start, max(end, value + 1)) >= self.least:
                yield cell

    def _within(self, start: int, end: int) -> int:
        return self.below(end) - self.below(start)


def _away(cell: Cell, value: int, down: bool) -> int:
    start, end = cell(value)
    return start if down else end

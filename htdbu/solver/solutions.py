"""What an engine answers: for every row of a block the new cells, their price, and how far that is proved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int8]


class Status(Enum):
    """How the repair of one row of one block ended, from best to worst."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    UNKNOWN = "unknown"
    INFEASIBLE = "infeasible"

    @property
    def solved(self) -> bool:
        """Whether there is a row to go on with."""
        return self in (Status.OPTIMAL, Status.FEASIBLE)

    @property
    def code(self) -> int:
        """The number of the status in arrays; the greater, the worse."""
        return _STATUSES.index(self)

    @staticmethod
    def of(code: int) -> Status:
        """The status of a number."""
        return _STATUSES[code]


_STATUSES = tuple(Status)
UNTOUCHED = -1
"""The code of a row that needed no engine."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The repair of one row of one block.

    Attributes:
        values: the new cells in the order of `Component.mutable` (None: null; texts by their local codes); empty where
            there is no solution.
        price: the price in the units of the block's `Prices`.
    """

    status: Status
    values: tuple[int | None, ...] = ()
    price: int = 0


@dataclass(frozen=True)
class Solutions:
    """The repairs of some rows of one block, as arrays.

    Attributes:
        statuses: a code of `Status` for each row; `UNKNOWN` also where an engine leaves the row to another.
        values: the new cells, shape (mutable columns, rows); 0 where null or unsolved.
        nulls: which of them are null.
        prices: in the units of the block's `Prices`; 0 where unsolved.
    """

    statuses: Codes
    values: NDArray[np.int64]
    nulls: NDArray[np.bool_]
    prices: NDArray[np.int64]

    @classmethod
    def none(cls, width: int, n_rows: int) -> Solutions:
        """No row is solved yet."""
        return cls(
            np.full(n_rows, Status.UNKNOWN.code, np.int8),
            np.zeros((width, n_rows), np.int64),
            np.zeros((width, n_rows), bool),
            np.zeros(n_rows, np.int64),
        )

    @property
    def solved(self) -> NDArray[np.bool_]:
        """The rows with something to go on with."""
        return self.statuses <= Status.FEASIBLE.code

    def set(self, k: int, solution: Solution) -> None:
        """Write the solution of one row."""
        self.statuses[k] = solution.status.code
        if solution.status.solved:
            self.values[:, k] = [value or 0 for value in solution.values]
            self.nulls[:, k] = [value is None for value in solution.values]
            self.prices[k] = solution.price

    def put(self, rows: NDArray[np.int64], other: Solutions) -> None:
        """Write the solutions of several rows."""
        self.statuses[rows] = other.statuses
        self.prices[rows] = other.prices
        for own, new in zip((*self.values, *self.nulls), (*other.values, *other.nulls), strict=True):
            own[rows] = new  # line by line, which is several times as fast

    def take(self, rows: NDArray[np.int64]) -> Solutions:
        """The solutions of the given rows, in that order."""
        values, nulls = np.take(self.values, rows, axis=1), np.take(self.nulls, rows, axis=1)
        return Solutions(self.statuses[rows], values, nulls, self.prices[rows])

    def one(self, k: int) -> Solution:
        """The solution of one row by itself."""
        status = Status.of(int(self.statuses[k]))
        if not status.solved:
            return Solution(status)
        pairs = zip(self.values[:, k].tolist(), self.nulls[:, k].tolist(), strict=True)
        return Solution(status, tuple(None if null else value for value, null in pairs), int(self.prices[k]))

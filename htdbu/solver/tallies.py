"""What targets measure, added up over the pieces of a table; exact, and the same wherever the table is cut.

A row counts where the condition after `given` is true and the measured cell or condition is known. Quantiles
interpolate linearly between the two nearest order statistics (Hyndman and Fan 1996, type 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalTarget
from htdbu.compiler.program import Program, Target
from htdbu.compiler.shares import EVERY_VALUE, Parts
from htdbu.solver.beyond import beyond
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.outcomes import group_numbers
from htdbu.solver.sums import exact_sum
from htdbu.solver.table import VALUE, EncodedTable

Shares = dict[tuple[int, ...], Fraction]


class Tally(Protocol):
    """A number that is measured on a table, piece by piece."""

    def add(self, table: EncodedTable) -> None:
        """Take in the next piece."""
        ...

    @property
    def value(self) -> Fraction | None:
        """The number over all pieces; None over no rows."""
        ...


class ShareTally:
    """The share of the rows on which a condition is true."""

    def __init__(self, program: Program, lowered: NormalTarget) -> None:
        self._program, self._lowered = program, lowered
        self._true = self._total = 0

    def add(self, table: EncodedTable) -> None:
        """See `Tally`."""
        assert self._lowered.condition is not None
        counted = given_rows(self._program, self._lowered, table)
        evaluator = Evaluator(normalise(self._program), table, beyond(self._program))
        true, false = evaluator.truth(self._lowered.condition)
        self._true += int((true & counted).sum())
        self._total += int(((true | false) & counted).sum())

    @property
    def value(self) -> Fraction | None:
        """See `Tally`."""
        return Fraction(self._true, self._total) if self._total else None


class NumberTally:
    """The mean, sum, least or greatest of a column's values, or a quantile, which takes 8 bytes for every value."""

    def __init__(self, program: Program, target: Target, lowered: NormalTarget) -> None:
        self._program, self._target, self._lowered = program, target, lowered
        self._column = program.column_index[target.columns[0]]
        self._count, self._sum = 0, 0
        self._ends: tuple[int, ...] = ()
        self._values: list[NDArray[np.int64]] = []
        self._huge: list[int] = []

    def add(self, table: EncodedTable) -> None:
        """See `Tally`."""
        i = self._column
        rows = np.flatnonzero(given_rows(self._program, self._lowered, table) & (table.states[i] == VALUE))
        huge = {row: value for (column, row), value in table.huge.items() if column == i}
        far = [huge[row] for row in rows.tolist() if row in huge] if huge else []
        near = table.values[i, rows[~np.isin(rows, list(huge))]] if huge else table.values[i, rows]
        self._count += rows.size
        self._sum += sum(far) + exact_sum(near)
        ends = [int(near.min()), int(near.max())] if near.size else []
        self._ends = (min(all_ends), max(all_ends)) if (all_ends := [*self._ends, *ends, *far]) else ()
        if self._target.measure == "quantile":
            self._values.append(near)
            self._huge += far

    @property
    def value(self) -> Fraction | None:
        """See `Tally`."""
        if not self._count:
            return None
        column = self._program.columns[self._column]
        scale = 10**column.type.scale if column.type.kind in ("int", "decimal") else 1
        match self._target.measure:
            case "mean":
                return Fraction(self._sum, self._count * scale)
            case "sum":
                return Fraction(self._sum, scale)
            case "min" | "max":
                return Fraction(self._ends[self._target.measure == "max"], scale)
        return self._quantile() / scale

    def _quantile(self) -> Fraction:
        ordered = np.sort(np.concatenate(self._values))
        low, high = (sorted(v for v in self._huge if (v > 0) == above) for above in (False, True))
        place = Fraction(self._target.quantile or 0) * (self._count - 1)
        below = int(place)

        def at(k: int) -> int:
            near = k - len(low)
            if near < 0:
                return low[k]
            return int(ordered[near]) if near < ordered.size else high[near - ordered.size]

        least, next_least = at(below), at(min(below + 1, self._count - 1))
        return least + (place - below) * (next_least - least)


class ShareTable:
    """The shares of the parts of some columns' values among the counted rows that hold them."""

    def __init__(self, program: Program, target: Target, lowered: NormalTarget, parts: Parts = EVERY_VALUE) -> None:
        self._program, self._lowered, self._parts = program, lowered, parts
        self._columns = [program.column_index[name] for name in target.columns]
        self._counts: dict[tuple[int, ...], int] = {}

    def add(self, table: EncodedTable) -> None:
        """Take in the next piece."""
        known = np.all([table.states[i] == VALUE for i in self._columns], axis=0)
        rows = np.flatnonzero(given_rows(self._program, self._lowered, table) & known)
        numbers, first = group_numbers(table, self._columns, rows)
        for row, count in zip(rows[first].tolist(), np.bincount(numbers).tolist(), strict=True):
            part = self._parts.of(tuple(table.value(i, row) or 0 for i in self._columns))
            self._counts[part] = self._counts.get(part, 0) + count

    @property
    def shares(self) -> Shares:
        """The shares; none over no rows."""
        total = sum(self._counts.values())
        return {part: Fraction(count, total) for part, count in self._counts.items()}


class DistTally:
    """How far shares are from those that are wanted, or from those of another table, as total variation distance."""

    def __init__(self, here: ShareTable, wanted: Mapping[tuple[int, ...], Fraction] | ShareTable) -> None:
        self._here, self._wanted = here, wanted

    def add(self, table: EncodedTable) -> None:
        """See `Tally`."""
        self._here.add(table)

    @property
    def value(self) -> Fraction | None:
        """See `Tally`."""
        here, other = self._here.shares, isinstance(self._wanted, ShareTable)
        wanted = self._wanted.shares if isinstance(self._wanted, ShareTable) else self._wanted
        return None if not here or (other and not wanted) else variation(here, wanted)


def given_rows(program: Program, lowered: NormalTarget, table: EncodedTable) -> NDArray[np.bool_]:
    """The rows that a target speaks of."""
    if lowered.given is None:
        return np.ones(table.n_rows, bool)
    return Evaluator(normalise(program), table, beyond(program)).truth(lowered.given)[0]


def variation(left: Mapping[tuple[int, ...], Fraction], right: Mapping[tuple[int, ...], Fraction]) -> Fraction:
    """Total variation distance: half the sum of absolute differences, 0 for equal shares and 1 for disjoint ones."""
    keys = left.keys() | right.keys()
    return sum((abs(left.get(key, Fraction(0)) - right.get(key, Fraction(0))) for key in keys), Fraction(0)) / 2

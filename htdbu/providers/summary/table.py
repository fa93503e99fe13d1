"""A table read for a summary: each column as whole numbers, and those of its values that may be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.program import Column
from htdbu.providers.base import Request
from htdbu.providers.declaration import declare
from htdbu.providers.summary.counts import showable
from htdbu.providers.summary.held import Held
from htdbu.solver.encoding import NULL_TEXTS, encode
from htdbu.solver.spelling import text_speller
from htdbu.solver.table import VALUE

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ORDERED = ("int", "decimal", "date", "datetime")
_FEW_VALUES = 20
"""Of a number with so few values, all are shown that may be; else those that many rows hold."""
_MANY = 0.05
_LONGEST = 60
"""A level with more signs than this is taken for free text."""
_CUTS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Read:
    """A column and its cells.

    Attributes:
        column: what its cells are.
        values: the cells as steps of the column's type; a text as the number of an equal one.
        known: which cells are not null.
        least: no value that fewer rows hold is shown.
    """

    column: Column
    values: Ints
    known: Bools
    least: int

    @property
    def is_ordered(self) -> bool:
        """Whether its values are numbers, dates or moments."""
        return self.column.type.kind in ORDERED

    @cached_property
    def nulls(self) -> int:
        """How many cells are null."""
        return int(np.count_nonzero(~self.known))

    @cached_property
    def present(self) -> int:
        """How many are not."""
        return len(self.known) - self.nulls

    @cached_property
    def held(self) -> Held:
        """The values of an ordered column."""
        return Held(self.values[self.known], self.column.type.kind, self.least)

    @cached_property
    def counts(self) -> tuple[Ints, Ints]:
        """The different values and how many cells hold each."""
        return np.unique(self.values[self.known], return_counts=True)

    @cached_property
    def shown(self) -> list[tuple[int, int]]:
        """The values that may be shown each by itself, and how many rows hold each, the most frequent first."""
        kind = self.column.type.kind
        if kind == "text" or self.present < self.least:
            return []
        values, counts = (each.tolist() for each in self.counts)
        few = self.nulls if self.nulls < self.least else 0
        rows = len(self.known)
        found = [(values[i], counts[i]) for i in showable(counts, few, rows - self.nulls + few, self.least)]
        if kind in ORDERED and len(values) > _FEW_VALUES:
            return [(value, count) for value, count in found if count >= _MANY * rows]
        return [(value, count) for value, count in found if self._is_short(value)]

    def _is_short(self, value: int) -> bool:
        return self.column.type.kind != "category" or len(self.column.type.levels[value]) <= _LONGEST

    @property
    def others(self) -> int:
        """How many more levels a category has."""
        return len(self.counts[0]) - len(self.shown) if self.column.type.kind in ("category", "bool") else 0

    @cached_property
    def spell(self) -> Callable[[int], str]:
        """The literal of a value."""
        kind = self.column.type
        if kind.kind == "category":
            return lambda code: kind.levels[code]
        if kind.kind == "bool":
            return lambda code: "true" if code else "false"
        return text_speller(self.column, None)

    @cached_property
    def groups(self) -> tuple[list[str], Ints]:
        """Groups of rows that may be shown with their names: values, or ranges of a number; and each row's, or -1."""
        shown = [value for value, _ in self.shown]
        if self.is_ordered and len(self.counts[0]) > _FEW_VALUES:
            return self._ranges()
        names = sorted(shown) if self.is_ordered else shown
        codes = np.full(len(self.values), -1)
        for code, value in enumerate(names):
            codes[self.known & (self.values == value)] = code
        return [self.spell(value) for value in names], codes

    def _ranges(self) -> tuple[list[str], Ints]:
        """Quarters of the rows by what is held, between round values."""
        found = {self.held.quantile(share) for share in _CUTS}
        cuts = sorted(cut for cut in found if cut is not None and self.held.below(cut))
        if not cuts:
            return [], np.full(len(self.values), -1)
        inner = [f"{self.spell(low)} to below {self.spell(high)}" for low, high in pairwise(cuts)]
        names = [f"below {self.spell(cuts[0])}", *inner, f"{self.spell(cuts[-1])} or more"]
        codes = np.searchsorted(np.array(cuts), self.values, side="right")
        return names, np.where(self.known, codes, -1)


def read(request: Request) -> Sequence[Read]:
    """All columns of the table that a request is about."""
    program = declare(request.frame, NULL_TEXTS | set(request.nulls), request.table)
    table = encode(program, request.frame, request.nulls)
    return [
        Read(column, table.values[i], table.states[i] == VALUE, request.min_count)
        for i, column in enumerate(program.columns)
    ]

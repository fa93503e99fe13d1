"""What the miners look at: the columns of a sample of the rows, as step counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.program import Column, Program
from htdbu.generators.arrays import Mask
from htdbu.solver.table import NULL, VALUE, EncodedTable

Steps = NDArray[np.int64]
Made = TypeVar("Made")
NUMBERS = ("int", "decimal")
MOMENTS = ("date", "datetime")
SAMPLED_ROWS = 30_000
"""Enough rows to mine; what was found is then held against all of them."""
_LARGEST = 2**45
"""Columns with larger step counts are names rather than amounts."""


@dataclass(frozen=True)
class Field:
    """A column of the sample.

    Attributes:
        steps: the cells as step counts, see `htdbu.compiler.normal`; 0 where there is none.
        there: which cells hold a value; a level that too few rows have is none.
        null: which cells are null.
    """

    column: Column
    steps: Steps
    there: Mask
    null: Mask

    @property
    def name(self) -> str:
        """The column's name in rules."""
        return self.column.name

    @property
    def kind(self) -> str:
        """The kind of its type."""
        return self.column.type.kind

    @property
    def is_number(self) -> bool:
        """Whether it is an amount."""
        return self.kind in NUMBERS and self.is_moderate

    @property
    def is_moment(self) -> bool:
        """Whether it is a date or a time."""
        return self.kind in MOMENTS and self.is_moderate

    @property
    def unit(self) -> int:
        """How many steps are one: one day, one unit of a number."""
        return 10**self.column.type.scale if self.kind in NUMBERS else 86_400 if self.kind == "datetime" else 1

    @cached_property
    def present(self) -> Steps:
        """The steps of the cells that hold a value."""
        return self.steps[self.there]

    @cached_property
    def counted(self) -> tuple[Steps, Steps]:
        """The different values, ascending, and how many rows hold each."""
        values, counts = np.unique(self.present, return_counts=True)
        return values, counts

    @cached_property
    def is_moderate(self) -> bool:
        """Whether arithmetic on its steps cannot overflow."""
        return self.present.size > 0 and bool(np.abs(self.present).max() < _LARGEST)

    @property
    def n(self) -> int:
        """How many cells hold a value."""
        return int(self.present.size)


@dataclass(frozen=True)
class View:
    """A sample of a table.

    Attributes:
        fields: one a column of the program, in its order.
        min_count: fewer rows than this are never told apart from others.
        seed: fixes every draw.
        tolerance: the share of the rows in which a rule decides anything that may break it.
        derived: names of columns that others decide; the miners that come later pass them over.
        dependent: pairs of columns of which the first one decides the second.
        related: pairs of columns of which an order, a ratio or a bound of a sum is known; less is said of them later.
        parts: pairs of amounts of which the first one is never greater than some share of the second.
        memo: what several miners ask for, by what it is called, see `once`.
    """

    program: Program
    fields: tuple[Field, ...]
    n: int
    min_count: int
    seed: int
    tolerance: float = 0.01
    derived: set[str] = field(default_factory=set)
    dependent: set[tuple[str, str]] = field(default_factory=set)
    related: set[tuple[str, str]] = field(default_factory=set)
    parts: list[tuple[str, str]] = field(default_factory=list)
    memo: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls, program: Program, table: EncodedTable, min_count: int, seed: int, most: int | None = SAMPLED_ROWS
    ) -> View:
        """The view of a table, of which at most so many rows are drawn."""
        rows = np.arange(table.n_rows)
        if most is not None and table.n_rows > most:
            rows = np.sort(np.random.default_rng(seed).choice(table.n_rows, most, replace=False))
        huge = {i for i, _ in table.huge}
        values, states = table.values[:, rows], table.states[:, rows]
        fields = tuple(
            Field(column, values[i], (states[i] == VALUE) & (i not in huge), states[i] == NULL)
            for i, column in enumerate(program.columns)
        )
        return cls(program, fields, rows.size, min_count, seed)

    @cached_property
    def support(self) -> int:
        """So many rows, at least, have to speak for a rule."""
        return max(self.min_count, 50)

    def once(self, name: str, made: Callable[[View], Made]) -> Made:
        """What is made of the view, made when it is first asked for; so ask once no more is derived."""
        if name not in self.memo:
            self.memo[name] = made(self)
        found: Made = self.memo[name]
        return found

    def free(self) -> list[Field]:
        """The columns that are neither names, nor decided by others, nor always the same."""
        known = [f for f in self.fields if f.name not in self.derived and not f.column.is_name]
        return [f for f in known if f.counted[0].size > 1]

    def numbers(self) -> list[Field]:
        """The free amounts with enough cells."""
        return [f for f in self.free() if f.is_number and f.n >= self.support]

    def moments(self) -> list[Field]:
        """The free dates and times with enough cells."""
        return [f for f in self.free() if f.is_moment and f.n >= self.support]

    def field(self, name: str) -> Field:
        """The column of a name."""
        return self.fields[self.program.column_index[name]]

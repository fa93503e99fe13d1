"""What a metric is: a function from a `Comparison` to what it `Measured`, and where its values stand in the scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from htdbu.compiler.program import Program
from htdbu.solver.typed_cells import Codes


@dataclass(frozen=True)
class RawTables:
    """The tables as they were given, for metrics that read cells by the rules; `nulls` are further texts for null."""

    real: pd.DataFrame
    synthetic: pd.DataFrame
    nulls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Everything a metric may read.

    Attributes:
        program: the rules.
        raw: the tables as given.
        real, synthetic, test: typed tables; `test` holds real rows that no generator saw, or is None.
        target: the column a model learns to predict.
        joint: the columns whose joint distribution XModal compares, the target first; empty where there is none.
        random_state: the seed of everything that is drawn.
    """

    program: Program = field(repr=False)
    raw: RawTables = field(repr=False)
    real: pd.DataFrame = field(repr=False)
    synthetic: pd.DataFrame = field(repr=False)
    test: pd.DataFrame | None = field(repr=False)
    target: str
    joint: tuple[str, ...] = ()
    random_state: int | None = 0

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns whose cells can be compared between rows: no keys, no texts."""
        declared = self.program.columns
        return tuple(c.name for c in declared if not c.is_name)

    def rng(self, purpose: str) -> np.random.Generator:
        """Random numbers of their own for each purpose, so that no metric disturbs another."""
        seed = [] if self.random_state is None else [self.random_state]
        return np.random.default_rng([*seed, crc32(purpose.encode())] if seed else None)

    def seed(self, purpose: str) -> int:
        """A seed for libraries that draw for themselves."""
        return int(self.rng(purpose).integers(2**31))

    def resampled(self, purpose: str, repeats: int) -> list[Codes]:
        """Row numbers of `repeats` tables as large as the synthetic one, drawn from the real rows with replacement.

        What a metric says of them is its noise floor: how far rows from the real distribution itself stray.
        """
        rng = self.rng(purpose)
        return [rng.integers(len(self.real), size=len(self.synthetic)) for _ in range(repeats)]


@dataclass(frozen=True)
class Measured:
    """What a metric found: its values by name (None where there is none), and in `notes` why."""

    values: dict[str, Any]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Metric:
    """A metric, as its file offers it.

    Attributes:
        name: what notes and the report call it.
        keys: the names of its values.
        measure: the function; it never raises for a table that was read, however odd.
        section: the part of the scores that holds the values; None for the top.
    """

    name: str
    keys: tuple[str, ...]
    measure: Callable[[Comparison], Measured]
    section: str | None = None

    def nothing(self, why: str) -> Measured:
        """No value, and the reason."""
        return Measured(dict.fromkeys(self.keys), (f"{self.name}: {why}",))


def need_rows(comparison: Comparison) -> str | None:
    """Why nothing can be compared, or None where both tables have rows."""
    if not len(comparison.real):
        return "the real table has no rows"
    if not len(comparison.synthetic):
        return "the synthetic table has no rows"
    return None

"""A column that some rows get from an identity, and the others from a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from htdbu.generators.arrays import Floats, Ints, Mask, Ranks
from htdbu.generators.draws import Conditional
from htdbu.generators.identities import Identity
from htdbu.generators.lines import Line
from htdbu.generators.table import Column

FREE = -1
"""No identity: the cell comes from the model."""

Train = Callable[[Column, Ranks, Mask], Conditional]
"""Trains a model of a column on some of the kept rows, which its ranks belong to."""


@dataclass(frozen=True, eq=False)
class Tied:
    """Which identity decides a cell, if any, and a model of the cells that none does.

    Attributes:
        codes: what a rank of `which` stands for: the place of an identity, or FREE.
    """

    identities: tuple[Identity, ...]
    codes: Ints
    which: Conditional
    free: Conditional

    def draw(self, features: Ranks, rng: np.random.Generator) -> Ranks:
        """One rank per row, as if no identity decided it."""
        return self.free.draw(features, rng)

    def decide(
        self, target: int, line: Line, features: Ranks, points: Floats, rng: np.random.Generator
    ) -> tuple[Mask, Floats]:
        """The rows whose cell an identity decides, and their points.

        One that some real rows break decides none that it would lead out of the range of the column.
        """
        codes = self.codes[self.which.draw(features, rng).astype(np.int64)]
        solved = np.full(len(features), np.nan)
        for k, identity in enumerate(self.identities):
            rows = np.flatnonzero(codes == k)
            values = line.rounded(identity.solved(target, points[rows]))
            solved[rows] = values if identity.always else np.where(line.inside(values), values, np.nan)
        decided: Mask = np.isfinite(solved)
        return decided, solved[decided]


def learn_tied(
    identities: tuple[Identity, ...], points: Floats, frequent: Mask, column: Column, ranks: Ranks, train: Train
) -> Tied:
    """Learn from real rows: the cells of each identity are those that keep it, with no value frequent by itself.

    Args:
        points, frequent: see `find_identities`.
        ranks: those of the column.
        train: trains its models.
    """
    codes = np.full(len(points), FREE)
    for k, identity in reversed(list(enumerate(identities))):
        rare = np.ones(len(points), bool) if identity.always else ~frequent[:, list(identity.columns)].any(axis=1)
        codes[identity.holds(points) & rare] = k
    every, own = np.ones(len(points), bool), codes == FREE
    names, numbers = np.unique(codes, return_inverse=True)
    which = train(_column_of(numbers, names.size), numbers.astype(np.float64), every)
    return Tied(identities, names, which, train(column, ranks, own if own.any() else every))


def _column_of(numbers: Ints, size: int) -> Column:
    counts = np.bincount(numbers, minlength=size)
    return Column("category", pd.Series(np.arange(size)), counts, has_missing=False, groups=np.arange(size))


def usable(identities: Sequence[Identity], target: int, drawn: set[int], most: int) -> tuple[int, ...]:
    """The places of the identities that decide the target once these columns are drawn."""
    fitting = (
        k
        for k, each in enumerate(identities)
        if target in each.columns and drawn.issuperset({*each.columns} - {target})
    )
    return tuple(fitting)[:most]

"""Rows whose target is known: what a model learns from, and what it is judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from htdbu.evaluation.grading import Task
from htdbu.solver.typed_cells import Codes, Floats, is_number, level_codes, level_name, numbers

MOST_CLASSES = 20
"""A number column is a target of classes when it holds at most this many values."""


@dataclass(frozen=True)
class Labelled:
    """Rows whose target is known, and the targets: codes of classes, or numbers."""

    rows: pd.DataFrame
    truth: Codes | Floats

    def take(self, chosen: Codes) -> Labelled:
        """Some of the rows."""
        return Labelled(self.rows.iloc[chosen], self.truth[chosen])

    def most(self, n: int | None, rng: np.random.Generator) -> Labelled:
        """At most `n` of the rows, drawn at random, in their order."""
        if n is None or len(self.truth) <= n:
            return self
        return self.take(np.sort(rng.permutation(len(self.truth))[:n]))

    def part(self, share: float, rng: np.random.Generator) -> tuple[Labelled, Labelled]:
        """The other rows, and a share of them, the same of every class."""
        chosen = np.zeros(len(self.truth), bool)
        classes = self.truth if self.truth.dtype == np.int64 else np.zeros(len(self.truth))
        for k in np.unique(classes):
            members = rng.permutation(np.flatnonzero(classes == k))
            chosen[members[: round(share * len(members))]] = True
        return self.take(np.flatnonzero(~chosen)), self.take(np.flatnonzero(chosen))


def labelled(
    tables: Sequence[pd.DataFrame], target: str, names: Sequence[str]
) -> tuple[tuple[str, ...], list[Labelled]]:
    """The classes by name, none for a number of more than `MOST_CLASSES` values; and of each table the rows to use.

    Args:
        tables: the real one first.
        names: the columns that a model may read.
    """
    columns = [table[target] for table in tables]
    classes, truths = _classes(columns)
    known = [np.flatnonzero(truth >= 0 if classes else ~np.isnan(truth)) for truth in truths]
    rows = [Labelled(table[list(names)], truth) for table, truth in zip(tables, truths, strict=True)]
    return classes, [table.take(chosen) for table, chosen in zip(rows, known, strict=True)]


def _classes(columns: Sequence[pd.Series]) -> tuple[tuple[str, ...], Sequence[Codes | Floats]]:
    """The classes and each table's codes, -1 where missing; or no classes and the numbers."""
    if not is_number(columns[0]):
        names, codes = level_codes(*columns)
        return names[:-1], [np.where(code == len(names) - 1, -1, code) for code in codes]
    values = [numbers(column) for column in columns]
    if len(np.unique(values[0][~np.isnan(values[0])])) > MOST_CLASSES:
        return (), values
    every = np.unique(np.concatenate(values))
    every = every[~np.isnan(every)]
    codes = [np.where(np.isnan(v), -1, np.searchsorted(every, v)).astype(np.int64) for v in values]
    return tuple(f"{value:g}" for value in every), codes


def class_task(classes: tuple[str, ...], counts: Codes) -> Task:
    """The task, given how many real rows each class has.

    Of two classes the positive one is `true` of a bool, else the rarer one, of equally rare ones the later.
    """
    held = np.flatnonzero(counts)
    if len(held) != 2:
        return Task(classes, None)
    if classes == (level_name(False), level_name(True)):
        return Task(classes, 1)
    return Task(classes, int(min(held, key=lambda k: (counts[k], -k))))

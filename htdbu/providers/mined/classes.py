"""The rows of a column in a few classes: its levels, its truth values, values that many rows share; null or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from htdbu.generators.arrays import Mask
from htdbu.providers.mined import words
from htdbu.providers.mined.view import Field, View

_MOST_LEVELS = 60
_SPIKE = 0.02
"""A number that so large a share of the rows has is a class of its own."""
_STEEP = 5
"""... where so many times fewer rows have the next smaller value, and the next larger one."""
_MOST_SPIKES = 4
_FEW_VALUES = 12
"""A number of so few different values is treated as levels are."""
APART = -1
"""The code of rows that are in none of the classes."""


@dataclass(frozen=True)
class Classes:
    """A partition of rows by one column.

    Attributes:
        values: the value in steps that each class stands for.
        has_rest: whether one more class holds all the other values.
        of_nulls: whether there are two classes instead: no value, and any value.
        codes: the class of each row, or `APART`.
    """

    field: Field
    values: tuple[int, ...]
    has_rest: bool
    of_nulls: bool
    codes: NDArray[np.int64]

    @property
    def size(self) -> int:
        """How many classes there are."""
        return 2 if self.of_nulls else len(self.values) + self.has_rest

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """The rows of each class."""
        return np.bincount(self.codes[self.codes >= 0], minlength=self.size)

    def mask(self, chosen: Sequence[int]) -> Mask:
        """The rows of some classes."""
        found: Mask = np.isin(self.codes, chosen)
        return found

    def within(self, chosen: Sequence[int]) -> str:
        """That a row is in one of some classes, but not in all."""
        name = words.name(self.field)
        if self.of_nulls:
            return f"{name} is null" if chosen[0] == 0 else f"{name} is not null"
        left = [self.values[i] for i in range(len(self.values)) if i not in chosen]
        if not self.has_rest or len(self.values) not in chosen:
            if self.field.kind == "category" and len(left) < len(chosen):
                return words.none_of(self.field, left)
            return words.one_of(self.field, [self.values[i] for i in chosen])
        if len(left) == 1 and self.field.kind in ("int", "decimal"):
            return self._other_than(left[0])
        return words.none_of(self.field, left)

    def _other_than(self, value: int) -> str:
        """That a number is another one; beside the smallest of all an inequality says it better."""
        present = self.field.present
        sign = ">" if value == present.min() else "<" if value == present.max() else "!="
        return f"{words.name(self.field)} {sign} {words.literal(self.field, value)}"


def classes(view: View) -> list[Classes]:
    """The classes of every free column that has some; asked for once no more is derived."""
    return view.once("classes", _classes)


def _classes(view: View) -> list[Classes]:
    fields = [f for f in view.fields if f.name not in view.derived and not f.column.key]
    found = [each for field in fields for each in (*_of_values(field, view), *_of_nulls(field, view))]
    return [each for each in found if each.size > 1]


def _of_nulls(field: Field, view: View) -> Iterator[Classes]:
    empty = int(field.null.sum())
    if min(empty, view.n - empty) >= view.support:
        yield Classes(field, (), False, True, (~field.null).astype(np.int64))


def _of_values(field: Field, view: View) -> Iterator[Classes]:
    chosen = _chosen(field, view)
    if not chosen or len(chosen) > _MOST_LEVELS:
        return
    codes = np.searchsorted(np.array(chosen), field.steps)
    codes[codes == len(chosen)] = 0
    named = field.there & (np.array(chosen)[codes] == field.steps)
    rest = field.there & ~named
    codes = np.where(named, codes, np.where(rest, len(chosen), APART))
    yield Classes(field, tuple(chosen), bool(rest.any()), False, codes)


def _chosen(field: Field, view: View) -> list[int]:
    """The values that have a class of their own, ascending."""
    values, counts = field.counted
    if field.kind in ("category", "bool") or (field.is_number and values.size <= _FEW_VALUES):
        return [int(v) for v in values[counts >= view.min_count]]
    return spikes(field, view) if field.is_number else []


def spikes(field: Field, view: View) -> list[int]:
    """The values of a number that far more rows share than share the values next to it."""
    values, counts = field.counted
    padded = np.concatenate([[0], counts, [0]])
    beside = np.maximum(padded[:-2], padded[2:])
    often = np.flatnonzero((counts >= max(_SPIKE * view.n, view.support)) & (counts >= _STEEP * beside))
    best = often[np.argsort(-counts[often], kind="stable")][:_MOST_SPIKES]
    return sorted(int(values[i]) for i in best)

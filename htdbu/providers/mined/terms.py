"""What may have a bound: a number, a date, or the quotient of two amounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from htdbu.generators.arrays import Mask
from htdbu.providers.mined import words
from htdbu.providers.mined.rounding import bound, number_bound
from htdbu.providers.mined.view import Field, Steps, View

RATIO_DIGITS = 4
"""Quotients are told apart by so many digits."""
_LARGEST_RATIO = 10**9


@dataclass(frozen=True)
class Term:
    """Something that has a value in steps in some rows.

    Attributes:
        columns: the names of the columns that it is made from.
        bounded: the bound in steps that values suggest, from above or below.
        says: that it keeps within a bound.
        share: what `Finding.share` is for a bound.
    """

    columns: tuple[str, ...]
    values: Steps
    there: Mask
    bounded: Callable[[Steps, bool], int]
    says: Callable[[int, bool], str]
    share: Callable[[int], tuple[str, str, float] | None] = lambda steps: None


def of_field(field: Field, view: View) -> Term:
    """A column as it is."""

    def says(steps: int, upper: bool) -> str:
        return f"{words.name(field)} {'<=' if upper else '>='} {words.literal(field, steps)}"

    return Term((field.name,), field.steps, field.there, lambda v, upper: bound(field, v, upper, view.min_count), says)


def of_ratio(over: Field, under: Field, upper: bool, view: View) -> Term:
    """A quotient of two amounts, rounded so that what holds of it holds of the amounts; above all where under is 0."""
    unit = max(over.unit, under.unit)
    one, other = over.steps * (unit // over.unit), under.steps * (unit // under.unit)
    there = over.there & under.there & ((other > 0) | (upper & (one > 0)))
    values = np.full(view.n, _LARGEST_RATIO, np.int64)
    scaled = one.astype(np.float64) * 10**RATIO_DIGITS / np.maximum(other, 1)
    rounded = np.ceil(scaled - 1e-6) if upper else np.floor(scaled + 1e-6)
    known = other > 0
    values[known] = np.minimum(rounded[known], _LARGEST_RATIO).astype(np.int64)

    def says(steps: int, above: bool) -> str:
        sign = "<=" if above else ">="
        return f"{words.name(over)} {sign} {words.number(steps, RATIO_DIGITS)} * {words.name(under)}"

    def share(steps: int) -> tuple[str, str, float] | None:
        part = steps / 10**RATIO_DIGITS
        return (over.name, under.name, part) if upper else (under.name, over.name, 1 / part) if part > 0 else None

    def bounded(values: Steps, above: bool) -> int:
        return number_bound(values, above, view.min_count)

    return Term((over.name, under.name), values, there, bounded, says, share)

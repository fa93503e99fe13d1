"""The helpers of exported Python source; what a program needs of them is copied into it, and nothing here is imported.

Rules are computed in whole numbers and fractions, never in binary floats. None is *unknown*, a null.
Dates count in days from 1970-01-01.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

START = datetime(1970, 1, 1)


class Foreign:
    """A cell that is no value of its column's type; rules take it for unknown."""

    def __init__(self, cell: Any) -> None:
        self.cell = cell

    def __repr__(self) -> str:
        return repr(self.cell)


@cache
def number(text: str) -> Fraction:
    """An exact number."""
    return Fraction(text)


@cache
def day_of(text: str) -> int:
    """A date as its number of days."""
    return (date.fromisoformat(text) - START.date()).days


@cache
def moment_of(text: str) -> Fraction:
    """A datetime in days."""
    return Fraction(exact(datetime.fromisoformat(text)))


def exact(cell: Any) -> Any:
    """A cell as rules compute with it."""
    if isinstance(cell, Decimal):
        return Fraction(cell)
    if isinstance(cell, datetime):
        since = cell - START
        return Fraction(since.days * 86_400 + since.seconds, 86_400)
    if isinstance(cell, date):
        return (cell - START.date()).days
    return None if isinstance(cell, Foreign) else cell


def and_(*conditions: bool | None) -> bool | None:
    """Whether all hold: false where one is false, else unknown where one is unknown."""
    if False in conditions:
        return False
    return None if None in conditions else True


def or_(*conditions: bool | None) -> bool | None:
    """Whether one holds: true where one is true, else unknown where one is unknown."""
    if True in conditions:
        return True
    return None if None in conditions else False


def not_(condition: bool | None) -> bool | None:
    """The opposite."""
    return None if condition is None else not condition


def implies(premise: bool | None, conclusion: bool | None) -> bool | None:
    """Whether the conclusion holds where the premise does."""
    return or_(not_(premise), conclusion)


def eq(left: Any, right: Any) -> bool | None:
    """Whether two values are equal."""
    return None if left is None or right is None else bool(left == right)


def ne(left: Any, right: Any) -> bool | None:
    """Whether two values differ."""
    return not_(eq(left, right))


def lt(left: Any, right: Any) -> bool | None:
    """Left < right."""
    return None if left is None or right is None else bool(left < right)


def le(left: Any, right: Any) -> bool | None:
    """Left <= right."""
    return None if left is None or right is None else bool(left <= right)


def gt(left: Any, right: Any) -> bool | None:
    """Left > right."""
    return lt(right, left)


def ge(left: Any, right: Any) -> bool | None:
    """Left >= right."""
    return le(right, left)


def one_of(value: Any, *others: Any) -> bool | None:
    """Whether a value is one of several."""
    return None if value is None else value in others


def rank(levels: tuple[str, ...], level: str | None) -> int | None:
    """The place of a level in the order of its category."""
    return None if level is None else levels.index(level)


def choose(condition: bool | None, then: Any, otherwise: Any) -> Any:
    """One of two values; unknown where the condition is."""
    return None if condition is None else then if condition else otherwise


def coalesce(*values: Any) -> Any:
    """The first value that is known."""
    return next((value for value in values if value is not None), None)


def is_null(value: Any) -> bool:
    """Whether a value is unknown."""
    return value is None


def find(table: dict[tuple[Any, ...], Any], *keys: Any) -> Any:
    """The value of a lookup; unknown where no key matches."""
    return None if None in keys else table.get(keys)


def add(*values: Any) -> Any:
    """The sum."""
    return None if None in values else sum(values)


def sub(left: Any, right: Any) -> Any:
    """Left - right."""
    return None if left is None or right is None else left - right


def mul(left: Any, right: Any) -> Any:
    """Left * right."""
    return None if left is None or right is None else left * right


def div(left: Any, right: Any) -> Any:
    """The exact quotient; unknown where the divisor is 0."""
    return None if left is None or right is None or right == 0 else Fraction(left) / right


def mod(left: Any, right: Any) -> Any:
    """The remainder, with the divisor's sign; unknown where the divisor is 0."""
    return None if left is None or right is None or right == 0 else left % right


def neg(value: Any) -> Any:
    """The negative."""
    return None if value is None else -value


def absolute(value: Any) -> Any:
    """The magnitude."""
    return None if value is None else abs(value)


def least(*values: Any) -> Any:
    """The smallest value; unknown where one is."""
    return None if None in values else min(values)


def greatest(*values: Any) -> Any:
    """The greatest value; unknown where one is."""
    return None if None in values else max(values)


def count(*conditions: bool | None) -> int | None:
    """How many conditions hold; unknown where one is."""
    return None if None in conditions else conditions.count(True)


def floor(value: Any) -> int | None:
    """The greatest whole number not above a number."""
    return None if value is None else math.floor(value)


def ceil(value: Any) -> int | None:
    """The least whole number not below a number."""
    return None if value is None else math.ceil(value)


def round_even(value: Any, digits: int = 0) -> Any:
    """A number to so many digits after the point, halves to even."""
    return None if value is None else round(Fraction(value), digits)


def civil(days: Any) -> tuple[date, int]:
    """A date with the same month and day, and by how many years it is off."""
    cycles, rest = divmod(math.floor(days), 146_097)
    return START.date() + timedelta(days=rest), 400 * cycles


def year(days: Any) -> int | None:
    """The year of a date."""
    return None if days is None else civil(days)[0].year + civil(days)[1]


def month(days: Any) -> int | None:
    """The month of a date, from 1."""
    return None if days is None else civil(days)[0].month


def day(days: Any) -> int | None:
    """The day of the month, from 1."""
    return None if days is None else civil(days)[0].day


def weekday(days: Any) -> int | None:
    """The day of the week, from 1 for Monday to 7."""
    return None if days is None else (math.floor(days) + 3) % 7 + 1


def starts_with(level: str | None, text: str) -> bool | None:
    """Whether a level begins with a text."""
    return None if level is None else level.startswith(text)


def ends_with(level: str | None, text: str) -> bool | None:
    """Whether a level ends with a text."""
    return None if level is None else level.endswith(text)


def contains(level: str | None, text: str) -> bool | None:
    """Whether a level contains a text."""
    return None if level is None else text in level

"""Round values: cells of equal width that numbers, dates and moments fall into, from the finest to the coarsest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from htdbu.compiler.literals import SECONDS
from htdbu.compiler.program import Kind

Cell = Callable[[int], tuple[int, int]]
"""From a value to the first value of its cell, and the first after it."""

_EPOCH = date(1970, 1, 1).toordinal()
_LAST_YEAR = date.max.year


def ladder(kind: Kind) -> tuple[Cell, ...]:
    """The cells of a kind of value in steps of its column: 1, 2, 5, 10 … for numbers, calendar units for dates."""
    if kind == "date":
        return (_even(1), *_CALENDAR)
    if kind == "datetime":
        return (*map(_even, (1, 60, 3600, SECONDS)), *map(_moments, _CALENDAR))
    return tuple(_even(digit * 10**power) for power in range(18) for digit in (1, 2, 5))


def _even(width: int) -> Cell:
    def cell(value: int) -> tuple[int, int]:
        start = value // width * width
        return start, start + width

    return cell


def _months(number: int) -> Cell:
    """Cells of so many months, counted from January of the year 0."""

    def cell(day: int) -> tuple[int, int]:
        moment = date.fromordinal(max(1, min(day + _EPOCH, date.max.toordinal())))
        start = (12 * moment.year + moment.month - 1) // number * number
        return _first_day(start), _first_day(start + number)

    return cell


def _first_day(month: int) -> int:
    """The first day of a month, kept inside the calendar."""
    year = month // 12
    if year < 1:
        return 1 - _EPOCH
    return (date.max if year > _LAST_YEAR else date(year, month % 12 + 1, 1)).toordinal() - _EPOCH


def _moments(days: Cell) -> Cell:
    def cell(second: int) -> tuple[int, int]:
        start, end = days(second // SECONDS)
        return start * SECONDS, end * SECONDS

    return cell


_CALENDAR = tuple(
    _months(12 * years if years else months) for years, months in ((0, 1), (0, 3), (1, 0), (10, 0), (100, 0))
)

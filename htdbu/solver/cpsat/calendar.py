"""Lowering of the Gregorian calendar: conditions become ranges of days, values become exact integer divisions.

The divisions follow Howard Hinnant's `civil_from_days` (chrono-compatible low-level date algorithms): years are counted
from March, in eras of 400 years or 146,097 days, so that the formulas hold for any day number.
"""

from __future__ import annotations

from htdbu.compiler.normal import Calendar, Choose, Const, FloorDiv, Int, Intervals, Linear, Within
from htdbu.solver.cpsat.lowering import Lowering, Number, number_rule
from htdbu.solver.ranges import Ranges, clip, joined

ERA = 146_097
EPOCH = 719_468
"""Days from 0000-03-01 to 1970-01-01."""
MOST_MONTHS = 6_000
"""Conditions on months and days of longer spans than this are not listed as ranges."""


@number_rule(Calendar)
def _calendar(lowering: Lowering, node: Calendar) -> Number:
    return lowering.number(civil(node.part, node.argument))


def civil(part: str, day: Int) -> Int:
    """The year, month or day of month of a day number, as divisions."""
    shifted = Linear(((1, day),), EPOCH)
    era = FloorDiv(shifted, Const(ERA))
    of_era = Linear(((1, day), (-ERA, era)), EPOCH)
    leaps = Linear(
        (
            (1, of_era),
            (-1, FloorDiv(of_era, Const(1_460))),
            (1, FloorDiv(of_era, Const(36_524))),
            (-1, FloorDiv(of_era, Const(146_096))),
        ),
        0,
    )
    year = FloorDiv(leaps, Const(365))
    before = ((-365, year), (-1, FloorDiv(year, Const(4))), (1, FloorDiv(year, Const(100))))
    of_year = Linear(((1, of_era), *before), 0)
    month = FloorDiv(Linear(((5, of_year),), 2), Const(153))
    late = Within(month, ((10, 11),))
    if part == "day":
        return Linear(((1, of_year), (-1, FloorDiv(Linear(((153, month),), 2), Const(5)))), 1)
    if part == "month":
        return Linear(((1, month), (1, Choose(late, Const(-9), Const(3)))), 0)
    return Linear(((1, year), (400, era), (1, Choose(late, Const(1), Const(0)))), 0)


def first_day(year: int, month: int) -> int:
    """The day number of the first day of a month; months outside 1..12 run into other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    year -= month <= 2
    of_year = (153 * ((month + 9) % 12) + 2) // 5
    return year // 400 * ERA + year % 400 * 365 + year % 400 // 4 - year % 400 // 100 + of_year - EPOCH


def year_of(day: int) -> int:
    """The Gregorian year of a day number."""
    guess = 1970 + day * 400 // ERA
    while first_day(guess, 1) > day:
        guess -= 1
    while first_day(guess + 1, 1) <= day:
        guess += 1
    return guess


def day_ranges(part: str, intervals: Intervals, low: int, high: int) -> Ranges | None:
    """The days in `low..high` whose year, month or day of month lies in the intervals; None where they are too many."""
    first, last = year_of(low), year_of(high)
    if part == "year":
        years = clip(intervals, first, last)
        return clip(tuple((first_day(a, 1), first_day(b + 1, 1) - 1) for a, b in years), low, high)
    if (last - first + 1) * 12 > MOST_MONTHS:
        return None
    if part == "month":
        wanted = [m for a, b in clip(intervals, 1, 12) for m in range(a, b + 1)]
        spans = [(first_day(y, m), first_day(y, m + 1) - 1) for y in range(first, last + 1) for m in wanted]
    else:
        spans = [span for y in range(first, last + 1) for m in range(1, 13) for span in _days_of_month(intervals, y, m)]
    return clip(joined(spans), low, high)


def _days_of_month(intervals: Intervals, year: int, month: int) -> Ranges:
    """The days of one month whose number in it lies in the intervals."""
    start = first_day(year, month)
    within = clip(intervals, 1, first_day(year, month + 1) - start)
    return tuple((start + a - 1, start + b - 1) for a, b in within)

"""Compiled Gregorian calendar, after Howard Hinnant's `civil_from_days`; see `htdbu.solver.cpsat.calendar`."""

from __future__ import annotations

from htdbu.solver.compiled import ops
from htdbu.solver.compiled.jit import compiled
from htdbu.solver.cpsat.calendar import EPOCH, ERA


@compiled
def part_of(op: int, day: int) -> int:
    """The year, month or day of month of a day number."""
    shifted = day + EPOCH
    era = shifted // ERA
    of_era = shifted - era * ERA
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    if op == ops.DAY:
        return of_year - (153 * month + 2) // 5 + 1
    civil = month + 3 if month < 10 else month - 9
    return civil if op == ops.MONTH else year + 400 * era + (1 if civil <= 2 else 0)


@compiled
def first_day(year: int, month: int) -> int:
    """The day number of the first day of a month."""
    year -= 1 if month <= 2 else 0
    of_year = (153 * ((month + 9) % 12) + 2) // 5
    return year // 400 * ERA + year % 400 * 365 + year % 400 // 4 - year % 400 // 100 + of_year - EPOCH


@compiled
def part_range(op: int, low: int, high: int) -> tuple[int, int]:
    """A range around that part of all days from `low` to `high`."""
    if low > high:
        return 1, 0
    first, last = part_of(op, low), part_of(op, high)
    if op == ops.YEAR or (high - low < 28 and first <= last):
        return first, last
    if op == ops.MONTH and part_of(ops.YEAR, low) == part_of(ops.YEAR, high):
        return first, last
    return (1, 12) if op == ops.MONTH else (1, 31)

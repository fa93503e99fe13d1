"""Round numbers and days just outside of an edge: what a person would have chosen as the bound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil, floor

from htdbu.providers.mined.edges import Edge, upper_edge
from htdbu.providers.mined.view import Field, Steps

SLACK, WIDE, _FAR = 0.02, 0.05, 0.3
"""A bound may lie so much further out than need be to be a rounder one: a share of the spread, for rules and for the
domains of columns, or of the reach."""
_FROM_ZERO = 0.03
"""Values that begin so near above zero, as a share of their spread, are amounts, which never fall below it."""
_NEAR, _INWARD = 0.1, 4.0
"""Where the largest value would by chance be so near to a round bound in a share p of cases, at most _NEAR / 2, the
bound is taken although values might pass it by _NEAR / p times the last growth, or by _INWARD times at most ..."""
_COARSE, _TOO_COARSE = 0.04, 2.0
"""... and only for grids so coarse, as a share of the spread: each number is near to some fine grid, and all of them
are between the same two points of a very coarse one."""
_OVER = 2.0
"""The last day of a month or a year is taken although days might pass it by so many times the last growth."""
_LOWEST, _HIGHEST = date(1900, 1, 1), date(2199, 12, 31)


def bound(field: Field, values: Steps, upper: bool, min_count: int, slack: float = SLACK) -> int:
    """The nearest round bound, in steps, that many more such values would keep; no value that few rows hold."""
    if field.is_moment:
        return _moment_bound(upper_edge(values if upper else -values), upper, min_count, field.unit)
    return number_bound(values, upper, min_count, slack)


def number_bound(values: Steps, upper: bool, min_count: int, slack: float = SLACK) -> int:
    """The same for whole numbers."""
    return _number_bound(upper_edge(values if upper else -values), upper, min_count, slack)


def _number_bound(edge: Edge, upper: bool, min_count: int, slack: float) -> int:
    """For the lower side the edge is that of the negated values."""
    sign = 1 if upper else -1
    if edge.extreme <= 0 < edge.reach and -edge.extreme <= _FROM_ZERO * edge.spread:
        return 0
    reach = _whole_reach(edge)
    for grid in _grids(edge):
        found = ceil(edge.extreme / grid) * grid
        if _is_near(found, grid, edge) and not _tells(found, edge, min_count):
            return sign * found
    for grid in _grids(edge):
        for start in (edge.extreme, min(edge.likely, reach), reach):
            found = ceil(start / grid) * grid
            if not _tells(found, edge, min_count) and _fits(found, grid, edge, slack):
                return sign * found
    return sign * (ceil(reach) + int(edge.held < min_count))


def _whole_reach(edge: Edge) -> float:
    """What steps would not exceed: three quarters of a step are no step."""
    return max(edge.extreme, ceil(edge.reach - 0.75))


def _fits(found: int, grid: int, edge: Edge, slack: float) -> bool:
    """Whether a point of a grid is far enough out, and not too far."""
    reach, width = _whole_reach(edge), edge.reach - edge.extreme
    if found >= reach:
        return found - reach <= max(slack * edge.spread, _FAR * width)
    return found >= edge.likely and grid >= width


def _is_near(found: int, grid: int, edge: Edge) -> bool:
    """Whether the largest value is so near to a round number that this is hardly chance."""
    chance = (found - edge.extreme + 1) / grid
    if not _COARSE <= grid / max(edge.spread, 1) <= _TOO_COARSE:
        return False
    return edge.likely - found <= edge.growth * min(_INWARD, _NEAR / chance) and (chance <= _NEAR / 2)


def _tells(found: float, edge: Edge, min_count: int) -> bool:
    """Whether a bound gives away the value of a few rows; zero is no news."""
    return found == edge.extreme != 0 and edge.held < min_count


def _grids(edge: Edge) -> Iterator[int]:
    """Round steps, the coarsest first."""
    size = int(max(abs(edge.extreme), abs(edge.reach), 1))
    for power in range(len(str(size)), -1, -1):
        yield from (factor * 10**power for factor in (5, 2, 1))


def _moment_bound(edge: Edge, upper: bool, min_count: int, unit: int) -> int:
    """The first or last day of a year or a month, or a day."""
    sign = 1 if upper else -1
    reach = sign * edge.reach / unit
    day = ceil(reach - 0.75) if upper else floor(reach + 0.75)
    extreme = sign * edge.extreme / unit
    outermost = ceil(extreme) if upper else floor(extreme)
    slack = max(WIDE * edge.spread, _OVER * edge.growth) / unit
    inward = -_OVER * edge.growth / unit
    for end in (_year_end, _month_end):
        for start in (outermost, day):
            found = end(start, upper)
            if inward <= sign * (found - day) <= slack and not _tells(sign * found * unit, edge, min_count):
                return _steps(found, upper, unit)
    tells = unit == 1 and _tells(sign * day, edge, min_count)
    return _steps(_month_end(day + sign, upper) if tells else day, upper, unit)


def _steps(day: int, upper: bool, unit: int) -> int:
    """A day in steps; of a time the last second of it as an upper bound."""
    return day * unit + (unit - 1 if upper and unit > 1 else 0)


def _date(day: int) -> date:
    low, high = ((end - date(1970, 1, 1)).days for end in (_LOWEST, _HIGHEST))
    return date(1970, 1, 1) + timedelta(days=min(max(day, low), high))


def _year_end(day: int, upper: bool) -> int:
    year = _date(day).year
    return ((date(year, 12, 31) if upper else date(year, 1, 1)) - date(1970, 1, 1)).days


def _month_end(day: int, upper: bool) -> int:
    first = _date(day).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return ((last if upper else first) - date(1970, 1, 1)).days

"""Years: sums and differences of the year of a date and a whole number, such as an age, that have a bound."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.generators.arrays import Mask
from htdbu.providers.mined import surprise, words
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.rounding import number_bound
from htdbu.providers.mined.view import Field, Steps, View

_WIDEST = 300
"""Whole numbers that spread over more than so many are no ages, and no years."""


def mine(view: View) -> Iterator[Finding]:
    """Bounds of `year(date) + number` and `year(date) - number`, piled up or dense at their edge."""
    numbers = [field for field in view.numbers() if field.kind == "int" and _width(field) <= _WIDEST]
    dates = view.moments()
    tried = 4 * len(numbers) * len(dates)
    for moment in dates:
        years = year_of(moment)
        for number in numbers:
            there = moment.there & number.there
            if there.sum() < view.support:
                continue
            for sign in (1, -1):
                yield from _bounds(moment, number, (years, there), sign, surprise.needed(tried), view)


def _width(field: Field) -> int:
    return int(field.present.max()) - int(field.present.min())


def year_of(field: Field) -> Steps:
    """The year of each cell; that of the epoch where there is none."""
    days = field.steps // field.unit
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def _bounds(
    moment: Field, number: Field, rows: tuple[Steps, Mask], sign: int, least: float, view: View
) -> Iterator[Finding]:
    years, there = rows
    one, other = years[there], sign * number.steps[there]
    for upper in (False, True):
        # Years have no round bounds: the extreme itself, where enough rows hold it.
        limit = int((one + other).max() if upper else (one + other).min())
        held = np.count_nonzero(one + other == limit)
        if held < view.support and limit != number_bound(one + other, upper, view.min_count):
            continue
        broken = [_beyond(one + other[mixed], limit, upper) for mixed in surprise.shuffles(one.size, view.seed)]
        expected = float(np.mean(broken))
        if expected < least:
            continue
        view.related.update({(moment.name, number.name), (number.name, moment.name)})
        text = f"year({words.name(moment)}) {'+' if sign > 0 else '-'} {words.name(number)}"
        text = f"{text} {'<=' if upper else '>='} {words.number(limit, 0)}"
        columns = (moment.name, number.name)
        yield Finding("year", "rule", text, columns, one.size, expected=expected, length=3)


def _beyond(values: Steps, limit: int, upper: bool) -> int:
    return int(np.count_nonzero(values > limit if upper else values < limit))

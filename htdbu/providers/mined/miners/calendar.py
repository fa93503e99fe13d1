"""Calendar: weekdays that a date never is, and months or days of the month that it always is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.providers.mined import surprise, words
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.view import Field, Steps, View

_WEEK, _YEAR, _LONGEST_MONTH = 7, 12, 31
_FEWEST_DAYS = 60
"""Days spread over less say nothing of weekdays and months."""


def mine(view: View) -> Iterator[Finding]:
    """What the calendar says of each date; by chance all weekdays are equally frequent, and all months."""
    for field in view.moments():
        days = field.present // field.unit
        if int(days.max() - days.min()) < _FEWEST_DAYS:
            continue
        # Day 0, 1970-01-01, was a Thursday.
        yield from _missing(field, "weekday", (days + 3) % _WEEK + 1, _WEEK, view)
        months = days.astype("datetime64[D]").astype("datetime64[M]")
        if int(days.max() - days.min()) >= 3 * 365:
            yield from _missing(field, "month", months.astype(np.int64) % _YEAR + 1, _YEAR, view)
        in_month = (days.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1
        yield from _missing(field, "day", in_month, _LONGEST_MONTH - 3, view)


def _missing(field: Field, function: str, values: Steps, size: int, view: View) -> Iterator[Finding]:
    held, counts = np.unique(values, return_counts=True)
    missing = size - np.count_nonzero(held <= size)
    least = surprise.needed(3 * size)
    # Each of the missing ones has to be missed; many days of a month are only missed where few are left.
    many = function == "day" and held.size > 2
    if missing <= 0 or many or counts.min() < view.min_count or values.size / size < least:
        return
    span = f"{function}({words.name(field)})"
    text = f"{span} in {{ {', '.join(map(str, held.tolist()))} }}"
    if held.size == int(held.max()) and held.size > 2:
        text = f"{span} <= {held.size}"
    elif held.size == 1:
        text = f"{span} == {held[0]}"
    expected = values.size * missing / size
    yield Finding("calendar", "rule", text, (field.name,), values.size, expected=expected, length=1)

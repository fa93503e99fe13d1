"""Domains: round bounds of numbers and dates that more rows would keep as well.

The levels of a category are part of its type, see `htdbu.providers.mined.typing`.
"""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.providers.mined import words
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.rounding import WIDE, bound
from htdbu.providers.mined.view import Field, View


def mine(view: View) -> Iterator[Finding]:
    """A range for each number and date with enough cells."""
    for field in view.fields:
        if field.n >= view.min_count and (field.is_number or field.is_moment):
            yield _range(field, view)


def _range(field: Field, view: View) -> Finding:
    if is_serial(field):
        low, high = digits_range(field)
    else:
        low, high = (bound(field, field.present, upper, view.min_count, WIDE) for upper in (False, True))
    text = f"in {words.literal(field, low)}..{words.literal(field, high)}"
    return Finding("domain", "domain", text, (field.name,), field.n, length=1)


def is_serial(field: Field) -> bool:
    """Whether whole numbers are handed out one by one: none repeats, and at least half of their range is used."""
    present = field.present
    if field.kind != "int" or field.n < 50 or field.counted[0].size < field.n or present.min() < 0:
        return False
    return int(present.max() - present.min()) < 2 * field.n


def digits_range(field: Field) -> tuple[int, int]:
    """All numbers with as many digits as these have."""
    low, high = int(field.present.min()), int(field.present.max())
    return (10 ** (len(str(low)) - 1) if low >= 10 else 0), 10 ** len(str(high)) - 1

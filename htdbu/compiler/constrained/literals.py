"""Literals between two values, as patterns of digits: whole numbers, decimals, dates and datetimes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from htdbu.compiler.constrained.productions import Chars, Node, alt, digits, optional, seq

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""The days of each month that every year has."""


def decimals(low: int, high: int, scale: int) -> Node | None:
    """The numbers between two counts of steps of `10**-scale`, with at most `scale` digits after the point."""
    negative = seq("-", _unsigned(max(1, -high), -low, scale)) if low < 0 else None
    return alt(_unsigned(max(0, low), high, scale), negative)


def _unsigned(low: int, high: int, scale: int) -> Node | None:
    if low > high:
        return None
    step = 10**scale
    if scale == 0:
        return wholes(low, high)
    (first, begin), (last, end) = divmod(low, step), divmod(high, step)
    if first == last:
        return alt(seq(str(last), ".", _fractions(begin, end, scale)), str(last) if begin == 0 else None)
    lowest = seq(str(first), ".", _fractions(begin, step - 1, scale)) if begin else None
    whole = wholes(first + (begin > 0), last - 1)
    return alt(
        lowest, seq(whole, optional(".", digits(1, scale))), seq(str(last), optional(".", _fractions(0, end, scale)))
    )


def _fractions(low: int, high: int, scale: int) -> Node | None:
    """The digits after a point, of which zeros at the end may be left out."""
    pieces = []
    for length in range(1, scale + 1):
        step = 10 ** (scale - length)
        least, most = -(-low // step), high // step
        pieces.append(_same_length(f"{least:0{length}}", f"{most:0{length}}") if least <= most else None)
    return alt(*pieces)


def wholes(low: int, high: int) -> Node | None:
    """The whole numbers between two that are not negative, without leading zeros."""
    pieces = []
    for length in range(len(str(low)), len(str(high)) + 1):
        least, most = (0 if length == 1 else 10 ** (length - 1)), 10**length - 1
        pieces.append(_same_length(str(max(low, least)), str(min(high, most))) if low <= high else None)
    return alt(*pieces)


def _same_length(low: str, high: str) -> Node | None:
    """The texts of digits between two of one length."""
    if low == high or not low:
        return seq(low)
    if set(low) == {"0"} and set(high) == {"9"}:
        return digits(len(low), len(low))
    rest = len(low) - 1
    first, last = int(low[0]), int(high[0])
    if first == last:
        return seq(low[0], _same_length(low[1:], high[1:]))
    if rest == 0:
        return Chars(((low, high),))
    starts_low, ends_high = set(low[1:]) == {"0"}, set(high[1:]) == {"9"}
    between = (first + (not starts_low), last - (not ends_high))
    middle = seq(Chars(((str(between[0]), str(between[1])),)), digits(rest, rest)) if between[0] <= between[1] else None
    return alt(
        None if starts_low else seq(low[0], _same_length(low[1:], "9" * rest)),
        middle,
        None if ends_high else seq(high[0], _same_length("0" * rest, high[1:])),
    )


def dates(low: date, high: date) -> Node | None:
    """The dates between two; a 29th of February only where it is one of them."""
    if low > high:
        return None
    if low.year == high.year:
        return seq(f"{low.year:04}-", _days_between((low.month, low.day), (high.month, high.day)))
    between = _same_length(f"{low.year + 1:04}", f"{high.year - 1:04}") if high.year - low.year > 1 else None
    return alt(
        seq(f"{low.year:04}-", _days_between((low.month, low.day), (12, 31))),
        seq(between, "-", _days_between((1, 1), (12, 31))),
        seq(f"{high.year:04}-", _days_between((1, 1), (high.month, high.day))),
    )


def _days_between(low: tuple[int, int], high: tuple[int, int]) -> Node | None:
    """`MM-DD` between two days of a year."""
    pieces = []
    for month in range(low[0], high[0] + 1):
        first = low[1] if month == low[0] else 1
        last = high[1] if month == high[0] else max(first, _DAYS[month - 1])
        pieces.append(seq(f"{month:02}-", _same_length(f"{first:02}", f"{last:02}")))
    return alt(*pieces)


def datetimes(low: datetime, high: datetime) -> Node | None:
    """Both ends, and every second of the days between them."""
    day = timedelta(days=1)
    hour, sixty = (
        alt(seq(Chars((("0", "1"),)), digits(1, 1)), seq("2", Chars((("0", "3"),)))),
        seq(Chars((("0", "5"),)), digits(1, 1)),
    )
    inner = dates(low.date() + day, high.date() - day) if high.date() - low.date() > day else None
    return alt(low.isoformat(), high.isoformat(), seq(inner, "T", hour, ":", sixty, ":", sixty))

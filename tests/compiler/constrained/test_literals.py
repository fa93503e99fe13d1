"""The literals between two values are those, and no others."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from htdbu.compiler.constrained.gbnf import write
from htdbu.compiler.constrained.literals import dates, datetimes, decimals
from htdbu.compiler.constrained.productions import Node, Productions
from tests.compiler.constrained.gbnf_reader import Gbnf

BOUNDS = st.integers(-2_000, 20_000)
DAYS = st.dates(date(1998, 1, 1), date(2004, 12, 31))


def sentences(node: Node | None) -> Gbnf:
    """The language of a node."""
    productions = Productions()
    root = productions.rule("file", node)
    assert root is not None
    return Gbnf(write(productions.reached(root)))


@settings(max_examples=60, deadline=None)
@given(BOUNDS, BOUNDS, st.integers(0, 3), st.lists(BOUNDS, max_size=10))
def test_numbers_are_those_between_two(one: int, other: int, scale: int, tried: list[int]) -> None:
    low, high = sorted((one, other))
    language = sentences(decimals(low, high, scale))
    for steps in [low - 1, low, low + 1, high - 1, high, high + 1, *tried]:
        text = f"{Decimal(steps).scaleb(-scale):f}"
        assert (low <= steps <= high) == language.has(text), text


@pytest.mark.parametrize("text", ["07", "1.", ".5", "1.555", "-0", "-0.00", "+1", "1e1", ""])
def test_numbers_are_spelled_one_way(text: str) -> None:
    assert not sentences(decimals(-900, 900, 2)).has(text)
    assert all(sentences(decimals(-900, 900, 2)).has(good) for good in ("7", "7.5", "0.05", "-0.5", "0"))


@settings(max_examples=40, deadline=None)
@given(DAYS, DAYS, st.lists(DAYS, max_size=10))
def test_dates_are_those_between_two_but_for_leap_days(one: date, other: date, tried: list[date]) -> None:
    low, high = sorted((one, other))
    language = sentences(dates(low, high))
    day = timedelta(days=1)
    for each in [low - day, low, low + day, high - day, high, high + day, *tried]:
        if (each.month, each.day) != (2, 29) or each in (low, high):
            assert (low <= each <= high) == language.has(each.isoformat()), each


@pytest.mark.parametrize("text", ["2001-02-29", "2001-04-31", "2001-13-01", "2001-00-10", "2001-01-00", "2001-1-1"])
def test_no_day_is_written_that_there_is_not(text: str) -> None:
    assert not sentences(dates(date(1998, 1, 1), date(2004, 12, 31))).has(text)


@settings(max_examples=20, deadline=None)
@given(st.datetimes(datetime(1999, 1, 1), datetime(2001, 12, 31)), st.integers(0, 400), st.integers(-90_000, 90_000))
def test_datetimes_lie_between_their_ends(low: datetime, days: int, seconds: int) -> None:
    low = low.replace(microsecond=0)
    high = low + timedelta(days=days)
    language = sentences(datetimes(low, high))
    assert [True, True] == [language.has(end.isoformat()) for end in (low, high)]
    beyond = high + timedelta(seconds=seconds)
    assume(beyond > high)
    assert not language.has(beyond.isoformat())

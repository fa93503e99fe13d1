"""Numbers as a rule file spells them, moved and written in the spelling that they had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any, TypeVar

Node = TypeVar("Node")
DIGITS = 2
"""A moved bound has so many significant digits, more only where the number before had more."""


def spelled(value: Decimal, before: str) -> str:
    """A number in the spelling of another: in percent, or with its thousands apart, where that one is."""
    if before.rstrip().endswith("%"):
        return f"{_plain(value * 100)}%"
    text = _plain(value)
    whole, dot, rest = text.partition(".")
    return f"{int(whole):_}{dot}{rest}" if "_" in before and not dot else text


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def rounded(value: Decimal, upwards: bool, whole: bool) -> Decimal:
    """A number with `DIGITS` significant digits, rounded away from what it bounds."""
    if not value:
        return value
    step = Decimal(1).scaleb(value.adjusted() - DIGITS + 1)
    step = max(step, Decimal(1)) if whole else step
    return (value / step).to_integral_value(ROUND_CEILING if upwards else ROUND_FLOOR) * step


def percents(shares: Sequence[Fraction], digits: int = 2) -> list[str]:
    """Shares in percent that add up to exactly 100 (largest remainder)."""
    units = 10 ** (digits + 2)
    exact = [share * units for share in shares]
    counts = [int(each) for each in exact]
    order = sorted(range(len(exact)), key=lambda k: (counts[k] - exact[k], k))
    for k in order[: units - sum(counts)]:
        counts[k] += 1
    return [spelled(Decimal(count) / units, "%") for count in counts]


def nodes_in(node: Any, kind: type[Node]) -> Iterator[Node]:
    """The outermost nodes of a kind in an expression, from left to right."""
    if isinstance(node, kind):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from nodes_in(part, kind)
    elif hasattr(node, "__slots__"):
        for name in node.__slots__:
            yield from nodes_in(getattr(node, name), kind)

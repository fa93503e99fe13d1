"""What a column may hold, in steps: its declared domain, and the bounded box that proofs and repairs work in."""

from __future__ import annotations

from math import ceil, floor

from htdbu.compiler.literals import day_number, second_number, steps
from htdbu.compiler.lowering.build import normalised
from htdbu.compiler.normal import Intervals
from htdbu.compiler.program import Column

ASSUMED_NUMBER = 1_000_000_000
ASSUMED_DATES = ("1900-01-01", "2199-12-31")


def declared(column: Column) -> Intervals:
    """The steps that the declaration allows; open ends where it names none; () for text."""
    kind = column.type
    if kind.kind == "text":
        return ()
    if column.domain is None:
        if kind.kind == "bool":
            return ((0, 1),)
        return ((0, len(kind.levels) - 1),) if kind.kind == "category" else ((None, None),)
    return normalised(
        (
            None if part.low is None else ceil(steps(part.low, kind)),
            None if part.high is None else floor(steps(part.high, kind)),
        )
        for part in column.domain
    )


def assumed(column: Column) -> tuple[int, int]:
    """The bounds, in steps, that stand in for missing ones."""
    if column.type.kind == "date":
        return day_number(ASSUMED_DATES[0]), day_number(ASSUMED_DATES[1])
    if column.type.kind == "datetime":
        return second_number(f"{ASSUMED_DATES[0]}T00:00:00"), second_number(f"{ASSUMED_DATES[1]}T23:59:59")
    limit = int(ASSUMED_NUMBER * 10**column.type.scale)
    return -limit, limit


def closed(column: Column, domain: Intervals) -> Intervals:
    """The domain with its open ends closed by the assumed bounds, or by the declared end that lies beyond them."""
    if not domain or (domain[0][0] is not None and domain[-1][1] is not None):
        return domain
    low, high = assumed(column)
    first, last = domain[0], domain[-1]
    low = min(low, last[1] if first[0] is None and last[1] is not None else low)
    high = max(high, first[0] if last[1] is None and first[0] is not None else high)
    return normalised((low if a is None else a, high if b is None else b) for a, b in domain)


def is_open(domain: Intervals) -> bool:
    """Whether a side has no bound."""
    return bool(domain) and (domain[0][0] is None or domain[-1][1] is None)


def bits(column: Column, box: Intervals) -> int | None:
    """K of the smallest 2**k above the box's width in steps; None where every change has distance 1/2."""
    if column.type.kind in ("bool", "category", "text"):
        return None
    width = 0 if not box else int(box[-1][1] or 0) - int(box[0][0] or 0)
    return width.bit_length()

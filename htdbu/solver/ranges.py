"""Unions of integer ranges: the small algebra that domains and boxes need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from htdbu.compiler.normal import Intervals

Ranges = tuple[tuple[int, int], ...]
"""Disjoint ascending ranges, ends included."""


def clip(intervals: Intervals, low: int, high: int) -> Ranges:
    """The part of a union that lies in `low..high`."""
    ends = [(low if a is None else max(a, low), high if b is None else min(b, high)) for a, b in intervals]
    return tuple((a, b) for a, b in ends if a <= b)


def complement(intervals: Intervals, low: int, high: int) -> Ranges:
    """The part of `low..high` that lies in none of the intervals."""
    gaps, start = [], low
    for a, b in clip(intervals, low, high):
        if start < a:
            gaps.append((start, a - 1))
        start = b + 1
    return (*gaps, (start, high)) if start <= high else tuple(gaps)


def nearest(box: Ranges, value: int) -> int:
    """The value of a box that is nearest to another value; of two as near, the smaller one."""
    candidates = [min(max(value, a), b) for a, b in box]
    return min(candidates, key=lambda candidate: (abs(candidate - value), candidate))


def contains(box: Sequence[tuple[int, int]], value: int) -> bool:
    """Whether a value lies in a box."""
    return any(a <= value <= b for a, b in box)


def bounded(intervals: Intervals) -> Ranges:
    """A union without open ends, as plain ranges."""
    return tuple((int(a), int(b)) for a, b in intervals if a is not None and b is not None)


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Ascending disjoint ranges with the touching ones made one."""
    merged: list[tuple[int, int]] = []
    for a, b in ranges:
        if merged and merged[-1][1] + 1 == a:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    return tuple(merged)

"""What the keys of shares cover, in steps: a box per key, and the parts into which all keys cut a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from math import ceil, floor

from htdbu.compiler.literals import steps
from htdbu.compiler.program import Column, Share

Box = tuple[tuple[int, int], ...]
"""Least and greatest step count of every column, ends included."""
Values = tuple[int, ...]


def share_box(share: Share, columns: Sequence[Column]) -> Box:
    """The values that the key of a share covers."""
    return tuple(
        (ceil(steps(str(part.low), column.type)), floor(steps(str(part.high), column.type)))
        for part, column in zip(share.values, columns, strict=True)
    )


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share a value."""
    return all(a[0] <= b[1] and b[0] <= a[1] for a, b in zip(one, other, strict=True))


def inside(box: Box, values: Values) -> bool:
    """Whether a box holds a tuple of values."""
    return all(low <= value <= high for (low, high), value in zip(box, values, strict=True))


def corner(box: Box) -> Values:
    """The least values of a box."""
    return tuple(low for low, _ in box)


class Parts:
    """The parts that a distribution is counted by: the keys of shares, and every value outside of them by itself.

    A part is named by the least values that it holds.
    """

    def __init__(self, boxes: Iterable[Box]) -> None:
        self.boxes = tuple(boxes)

    @cached_property
    def _ranges(self) -> list[Box]:
        return [box for box in self.boxes if any(low != high for low, high in box)]

    def of(self, values: Values) -> Values:
        """The part that holds a tuple of values."""
        return next((corner(box) for box in self._ranges if inside(box, values)), values)


EVERY_VALUE = Parts(())
"""Every value is a part of its own."""

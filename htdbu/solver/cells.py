"""The cells of a block as a repair sees them: what may stay, what must change, and whence changes are measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Mode(IntEnum):
    """What the data hold in a cell."""

    VALUE = 0
    """A value of the box: it may stay."""
    NULL = 1
    """A null: it may stay where the column is nullable."""
    BROKEN = 2
    """No value of the type: it must change, at distance 1/2 wherever it goes."""
    OUTSIDE = 3
    """A value outside the box: it must change; distances count from the nearest value of the box, given instead."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its mode, and its value in steps (for `OUTSIDE` the nearest value of the box; else 0)."""

    mode: Mode
    value: int = 0


Row = tuple[Cell, ...]
"""The cells of one row of a block, in the order of `Component.cells`."""

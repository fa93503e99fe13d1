"""Why counts do not meet what is demanded of them."""

from __future__ import annotations

from enum import Enum, auto


class Unmet(Enum):
    """That no counts meet the demands is proved, or none were found."""

    IMPOSSIBLE = auto()
    UNDECIDED = auto()

"""Whether a format spells every date or datetime so that it can be read back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

_PARTS = ("year", "month", "day", "hour", "minute", "second")
_SAMPLES = tuple(
    datetime(year, month, day, *clock)
    for year, month, day in ((1969, 1, 2), (1999, 12, 31), (2024, 2, 29), (2068, 11, 12))
    for clock in ((0, 0, 0), (1, 2, 3), (12, 30, 0), (23, 59, 58))
)


def lost_by(format: str, kind: Literal["date", "datetime"]) -> str | None:
    """What a format loses of a value, as the end of a sentence; None where it loses nothing."""
    names = _PARTS[:3] if kind == "date" else _PARTS
    for sample in _SAMPLES:
        try:
            again = datetime.strptime(sample.strftime(format), format)
        except (ValueError, UnicodeError, OverflowError):
            return "cannot be read back"
        lost = [name for name in names if getattr(again, name) != getattr(sample, name)]
        if lost:
            return f"loses its {lost[0]}"
    return None

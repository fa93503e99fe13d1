"""Whether a format spells every date or datetime so that it can be read back."""

from __future__ import annotations

import re
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


def meant(format: str, kind: Literal["date", "datetime"]) -> str | None:
    """The format that another language's spelling of it stands for, as `DD.MM.YYYY`; None where it is none."""
    has_hour = False

    def directive(letters: re.Match[str]) -> str:
        nonlocal has_hour
        word = letters[0]
        is_minute = has_hour and word[0] == "m"
        has_hour = has_hour or word[0] in "hH"
        return "%M" if is_minute else _DIRECTIVES.get(word.lower(), word)

    made = re.sub(r"[A-Za-z]+", lambda run: re.sub(_RUNS, directive, run[0]), format)
    return made if "%" not in format and lost_by(made, kind) is None else None


_RUNS = r"[Yy]+|[Mm]+|[Dd]+|[Hh]+|[Ss]+"
_DIRECTIVES = {
    "yyyy": "%Y", "yy": "%y", "mm": "%m", "m": "%m", "mmm": "%b", "mmmm": "%B", "dd": "%d", "d": "%d", "hh": "%H",
    "ss": "%S",
}  # fmt: skip

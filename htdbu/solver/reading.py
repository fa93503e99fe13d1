"""Cells of every type as step counts: one function a type, from one Python object to a result.

A reader returns the step count and whether it had to be rounded, or None where the object is no value of the type.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from htdbu.compiler.literals import SECONDS
from htdbu.compiler.program import Column

Reading = tuple[int, bool] | None
Reader = Callable[[Any], Reading]

_START = datetime(1970, 1, 1)
_TRUE = frozenset({"true", "yes", "t", "1"})
_FALSE = frozenset({"false", "no", "f", "0"})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)", re.ASCII)
_DATETIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?", re.ASCII)
_LONGEST_EXPONENT = 400
"""A number such as 1e999999999 is no value rather than a way to use up the memory."""


def reader(column: Column) -> Reader:
    """The function that reads one cell of a column (texts, which need a dictionary, are read elsewhere)."""
    match column.type.kind:
        case "int" | "decimal":
            return _numbers(column.type.scale)
        case "bool":
            return _bool
        case "category":
            return _levels(column.type.levels)
        case "date":
            return _dates(column.format)
        case _:
            return _datetimes(column.format)


def _numbers(scale: int) -> Reader:
    factor = 10**scale

    def read(cell: Any) -> Reading:
        number = exact_number(cell)
        return None if number is None else _rounded(number * factor)

    return read


def _rounded(steps: Fraction) -> tuple[int, bool]:
    """The nearest whole number, halves to even, and whether it is another number."""
    return (steps.numerator, False) if steps.denominator == 1 else (round(steps), True)


def exact_number(cell: Any) -> Fraction | None:
    """A number as written; floats by their shortest decimal; None for anything else, infinities included."""
    if isinstance(cell, bool | np.bool_):
        return None
    if isinstance(cell, int | np.integer):
        return Fraction(int(cell))
    if isinstance(cell, float | np.floating):
        return Fraction(Decimal(str(cell))) if math.isfinite(cell) else None
    if isinstance(cell, Decimal):
        return _fraction(cell) if cell.is_finite() else None
    text = str(cell).strip()
    return _fraction(Decimal(text)) if _NUMBER.fullmatch(text) else None


def _fraction(number: Decimal) -> Fraction | None:
    """The number itself; None where it has too many digits, and 1e-400 for one that is nearer to 0."""
    size = int(number.adjusted())
    if not number or abs(size) <= _LONGEST_EXPONENT:
        return Fraction(number) if number else Fraction(0)
    return None if size > 0 else Fraction(1 if number > 0 else -1, 10**_LONGEST_EXPONENT)


def _bool(cell: Any) -> Reading:
    if isinstance(cell, bool | np.bool_):
        return int(cell), False
    if isinstance(cell, int | float | np.integer | np.floating):
        return (int(cell), False) if cell in (0, 1) else None
    word = str(cell).strip().lower()
    return (1, False) if word in _TRUE else (0, False) if word in _FALSE else None


def _levels(levels: tuple[str, ...]) -> Reader:
    codes = {level: code for code, level in enumerate(levels)}

    def read(cell: Any) -> Reading:
        code = codes.get(level_text(cell))
        return None if code is None else (code, False)

    return read


def level_text(cell: Any) -> str:
    """A category's cell as text; whole numbers and truth values as a file would spell them."""
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return str(cell)


def _dates(form: str | None) -> Reader:
    def read(cell: Any) -> Reading:
        seconds = _seconds(cell, form, _DATE)
        return None if seconds is None or seconds % SECONDS else (int(seconds // SECONDS), False)

    return read


def _datetimes(form: str | None) -> Reader:
    def read(cell: Any) -> Reading:
        seconds = _seconds(cell, form, _DATETIME)
        return None if seconds is None else _rounded(seconds)

    return read


def _seconds(cell: Any, form: str | None, iso: re.Pattern[str]) -> Fraction | None:
    """Seconds from 1970 to a moment without a time zone; None where a cell is none."""
    try:
        if isinstance(cell, str):
            return _spelled(cell.strip(), form, iso)
        if isinstance(cell, np.datetime64):
            cell = pd.Timestamp(cell)
        if isinstance(cell, datetime):
            return None if cell.tzinfo is not None else _since_start(cell, getattr(cell, "nanosecond", 0))
        return _since_start(datetime(cell.year, cell.month, cell.day)) if isinstance(cell, date) else None
    except ValueError:
        return None


def _spelled(text: str, form: str | None, iso: re.Pattern[str]) -> Fraction | None:
    """A text as a moment, by the column's own format or in ISO form.

    Raises:
        ValueError: where it is none, such as the 30th of February.
    """
    if form is not None:
        moment = datetime.strptime(text, form)
        return None if moment.tzinfo is not None else _since_start(moment)
    found = iso.fullmatch(text)
    if found is None:
        return None
    day, hour, minute, second, digits = [*found.groups(default="0"), "0", "0", "0", "0"][:5]
    since = _since_start(datetime.fromisoformat(day))
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return None
    return since + 3600 * int(hour) + 60 * int(minute) + int(second) + Fraction(f"0.{digits}")


def _since_start(moment: datetime, nanoseconds: int = 0) -> Fraction:
    gap = datetime(*moment.timetuple()[:6]) - _START
    return gap.days * SECONDS + gap.seconds + Fraction(moment.microsecond * 1000 + nanoseconds, 10**9)

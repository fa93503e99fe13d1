"""Cells of every type as step counts: one function a type, from one Python object to a result.

A reader returns the step count, whether it had to be rounded, or None where the object is no value of the type.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np

from htdbu.compiler.program import Column

Reading = tuple[int, bool] | None
Reader = Callable[[Any], Reading]

_EPOCH = date(1970, 1, 1)
_START = datetime(1970, 1, 1)
_TRUE = frozenset({"true", "yes", "t", "1"})
_FALSE = frozenset({"false", "no", "f", "0"})
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
        if number is None:
            return None
        steps = number * factor
        return (steps.numerator, False) if steps.denominator == 1 else (round(steps), True)

    return read


def exact_number(cell: Any) -> Fraction | None:
    """A number as written; floats by their shortest decimal; None for anything else, infinities included."""
    if isinstance(cell, bool | np.bool_):
        return None
    if isinstance(cell, int | np.integer):
        return Fraction(int(cell))
    if isinstance(cell, float | np.floating):
        return Fraction(Decimal(repr(float(cell)))) if math.isfinite(cell) else None
    try:
        value = cell if isinstance(cell, Decimal) else _decimal(str(cell))
    except InvalidOperation:
        return None
    short = value.is_finite() and abs(int(value.adjusted())) <= _LONGEST_EXPONENT
    return Fraction(value) if short else None


def _decimal(text: str) -> Decimal:
    if "_" in text:
        raise InvalidOperation
    return Decimal(text.strip())


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
        code = codes.get(_spelled(cell))
        return None if code is None else (code, False)

    return read


def _spelled(cell: Any) -> str:
    """A category's cell as text; whole numbers and truth values as a file would spell them."""
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return str(cell)


def _dates(form: str | None) -> Reader:
    def read(cell: Any) -> Reading:
        moment = _moment(cell, form, "%Y-%m-%d")
        if moment is None or moment.time() != datetime.min.time():
            return None
        return (moment.date() - _EPOCH).days, False

    return read


def _datetimes(form: str | None) -> Reader:
    def read(cell: Any) -> Reading:
        moment = _moment(cell, form, None)
        if moment is None:
            return None
        delta = moment - _START
        exact = Fraction(delta // timedelta(microseconds=1), 1_000_000)
        return round(exact), exact.denominator != 1

    return read


def _moment(cell: Any, form: str | None, default: str | None) -> datetime | None:
    """A cell as a moment without a time zone; None where it is none."""
    if isinstance(cell, np.datetime64):
        cell = cell.astype("datetime64[us]").item()
    if isinstance(cell, datetime):
        return None if cell.tzinfo is not None else datetime(*cell.timetuple()[:6], cell.microsecond)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    try:
        if form is not None:
            return datetime.strptime(text, form)
        if default is not None:
            return datetime.strptime(text, default) if len(text) == 10 else None
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is not None else moment

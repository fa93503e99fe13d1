"""How exported source reads cells as `htdbu` does, and writes computed ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from htdbu.compiler.exports.python_source.prelude import START, Foreign, exact

NULLS = {"", "NA", "NaN", "null"}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
DATE = re.compile(r"(\d{4}-\d\d-\d\d)", re.ASCII)
DATETIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?", re.ASCII)


def read_number(cell: Any, scale: int) -> Any:
    """A number, halves rounded to even at its scale; floats by their shortest decimal."""
    if isinstance(cell, (bool, np.bool_)):
        return Foreign(cell)
    if not isinstance(cell, (int, np.integer)):
        text = str(cell).strip()
        value = Decimal(text) if NUMBER.fullmatch(text) else None
        if value is None or value.adjusted() > 400:
            return Foreign(cell)
        cell = Fraction(value) if not value or value.adjusted() >= -400 else 0
    steps = round(Fraction(int(cell) if isinstance(cell, np.integer) else cell) * 10**scale)
    return Decimal(f"{steps}e-{scale}") if scale else steps


def read_bool(cell: Any) -> Any:
    """A truth value: true/false, yes/no, t/f or 1/0 in any case."""
    if isinstance(cell, (int, float, np.integer, np.floating, np.bool_)):
        return bool(cell) if cell in (0, 1) else Foreign(cell)
    word = str(cell).strip().lower()
    if word in ("true", "yes", "t", "1"):
        return True
    return False if word in ("false", "no", "f", "0") else Foreign(cell)


def read_level(cell: Any, levels: tuple[str, ...]) -> Any:
    """A level; whole numbers and truth values as a file would spell them."""
    if isinstance(cell, (bool, np.bool_)):
        cell = "true" if cell else "false"
    elif isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        cell = int(cell)
    return str(cell) if str(cell) in levels else Foreign(cell)


def read_text(cell: Any) -> str:
    """Any text."""
    return str(cell)


def read_date(cell: Any, form: str | None = None) -> Any:
    """A date: midnight, where it has a time."""
    seconds = seconds_of(cell, form, DATE)
    if seconds is None or seconds % 86_400:
        return Foreign(cell)
    return (START + timedelta(days=int(seconds // 86_400))).date()


def read_datetime(cell: Any, form: str | None = None) -> Any:
    """A datetime without a time zone, to the second, halves to even."""
    seconds = seconds_of(cell, form, DATETIME)
    return Foreign(cell) if seconds is None else moment(seconds)


def seconds_of(cell: Any, form: str | None, iso: re.Pattern[str]) -> Fraction | None:
    """Seconds from 1970 to a moment without a time zone; None where a cell is none."""
    fraction = Fraction(0)
    try:
        if isinstance(cell, str):
            found = None if form else iso.fullmatch(cell.strip())
            if form:
                cell = datetime.strptime(cell.strip(), form)
            elif found is None:
                return None
            else:
                whole, _, digits = found[0].replace(",", ".").partition(".")
                cell, fraction = datetime.fromisoformat(whole), Fraction(f"0.{digits or 0}")
        if isinstance(cell, np.datetime64):
            cell = pd.Timestamp(cell)
        if not isinstance(cell, datetime):
            return Fraction(exact(cell) * 86_400) if isinstance(cell, date) else None
    except ValueError:
        return None
    if cell.tzinfo is not None:
        return None
    since = datetime(*cell.timetuple()[:6]) - START
    fraction += Fraction(cell.microsecond * 1000 + getattr(cell, "nanosecond", 0), 10**9)
    return since.days * 86_400 + since.seconds + fraction


def moment(seconds: Any) -> datetime:
    """A number of seconds as a datetime, halves to even."""
    return START + timedelta(seconds=round(seconds))


def to_seconds(days: Any) -> Any:
    """A moment to the second, halves to even, still in days."""
    return None if days is None else Fraction(round(Fraction(days) * 86_400), 86_400)


def plain_cell(value: Any) -> Any:
    """A computed value as a cell."""
    return value


def decimal_cell(value: Any, scale: int) -> Decimal | None:
    """A computed number as a cell."""
    return None if value is None else Decimal(f"{round(value * 10**scale)}e-{scale}")


def date_cell(days: Any) -> Any:
    """A computed date as a cell; one that Python does not know stays a number."""
    try:
        return None if days is None else START.date() + timedelta(days=int(days))
    except OverflowError:
        return days


def datetime_cell(days: Any) -> Any:
    """A computed datetime as a cell; one that Python does not know stays a number."""
    try:
        return None if days is None else moment(days * 86_400)
    except OverflowError:
        return days


def read_column(series: pd.Series, reader: Callable[..., Any], *options: Any) -> pd.Series:
    """A column of exact values; nulls are None. Every different cell is read once."""
    levels = options[0] if reader is read_level else ()
    if pd.api.types.is_float_dtype(series.dtype) and getattr(series.dtype, "itemsize", 8) < 8:
        narrow = np.float16 if getattr(series.dtype, "itemsize", 8) == 2 else np.float32
        shortest = series.to_numpy(dtype=narrow, na_value=np.nan).astype(str)
        series = pd.Series(shortest.astype(np.float64), index=series.index)
    seen: dict[tuple[type, Any], Any] = {}
    cells: list[Any] = []
    for cell, missing in zip(series.tolist(), series.isna().tolist(), strict=True):
        null = missing or (isinstance(cell, str) and cell in NULLS and cell not in levels)
        key = (type(cell), cell if cell.__hash__ else str(cell))
        if null:
            cells.append(None)
            continue
        if key not in seen:
            seen[key] = reader(cell, *options)
        cells.append(seen[key])
    return pd.Series(cells, index=series.index, dtype=object)

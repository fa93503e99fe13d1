"""The helpers of exported Python source; what a program needs of them is copied into it, and nothing here is imported.

Rules are computed in whole numbers and fractions, never in binary floats. None is *unknown*, a null.
Dates count in days from 1970-01-01.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

NULLS = {"", "NA", "NaN", "null"}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
DATE = re.compile(r"(\d{4}-\d\d-\d\d)", re.ASCII)
DATETIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?", re.ASCII)
START = datetime(1970, 1, 1)


class Foreign:
    """A cell that is no value of its column's type; rules take it for unknown."""

    def __init__(self, cell: Any) -> None:
        self.cell = cell

    def __repr__(self) -> str:
        return repr(self.cell)


@cache
def number(text: str) -> Fraction:
    """An exact number."""
    return Fraction(text)


@cache
def day_of(text: str) -> int:
    """A date as its number of days."""
    return (date.fromisoformat(text) - START.date()).days


@cache
def moment_of(text: str) -> Fraction:
    """A datetime in days."""
    return Fraction(exact(datetime.fromisoformat(text)))


def exact(cell: Any) -> Any:
    """A cell as rules compute with it."""
    if isinstance(cell, Decimal):
        return Fraction(cell)
    if isinstance(cell, datetime):
        since = cell - START
        return Fraction(since.days * 86_400 + since.seconds, 86_400)
    if isinstance(cell, date):
        return (cell - START.date()).days
    return None if isinstance(cell, Foreign) else cell


def and_(*conditions: bool | None) -> bool | None:
    """Whether all hold: false where one is false, else unknown where one is unknown."""
    if False in conditions:
        return False
    return None if None in conditions else True


def or_(*conditions: bool | None) -> bool | None:
    """Whether one holds: true where one is true, else unknown where one is unknown."""
    if True in conditions:
        return True
    return None if None in conditions else False


def not_(condition: bool | None) -> bool | None:
    """The opposite."""
    return None if condition is None else not condition


def implies(premise: bool | None, conclusion: bool | None) -> bool | None:
    """Whether the conclusion holds where the premise does."""
    return or_(not_(premise), conclusion)


def eq(left: Any, right: Any) -> bool | None:
    """Whether two values are equal."""
    return None if left is None or right is None else bool(left == right)


def ne(left: Any, right: Any) -> bool | None:
    """Whether two values differ."""
    return not_(eq(left, right))


def lt(left: Any, right: Any) -> bool | None:
    """Left < right."""
    return None if left is None or right is None else bool(left < right)


def le(left: Any, right: Any) -> bool | None:
    """Left <= right."""
    return None if left is None or right is None else bool(left <= right)


def gt(left: Any, right: Any) -> bool | None:
    """Left > right."""
    return lt(right, left)


def ge(left: Any, right: Any) -> bool | None:
    """Left >= right."""
    return le(right, left)


def one_of(value: Any, *others: Any) -> bool | None:
    """Whether a value is one of several."""
    return None if value is None else value in others


def rank(levels: tuple[str, ...], level: str | None) -> int | None:
    """The place of a level in the order of its category."""
    return None if level is None else levels.index(level)


def choose(condition: bool | None, then: Any, otherwise: Any) -> Any:
    """One of two values; unknown where the condition is."""
    return None if condition is None else then if condition else otherwise


def coalesce(*values: Any) -> Any:
    """The first value that is known."""
    return next((value for value in values if value is not None), None)


def is_null(value: Any) -> bool:
    """Whether a value is unknown."""
    return value is None


def find(table: dict[tuple[Any, ...], Any], *keys: Any) -> Any:
    """The value of a lookup; unknown where no key matches."""
    return None if None in keys else table.get(keys)


def add(*values: Any) -> Any:
    """The sum."""
    return None if None in values else sum(values)


def sub(left: Any, right: Any) -> Any:
    """Left - right."""
    return None if left is None or right is None else left - right


def mul(left: Any, right: Any) -> Any:
    """Left * right."""
    return None if left is None or right is None else left * right


def div(left: Any, right: Any) -> Any:
    """The exact quotient; unknown where the divisor is 0."""
    return None if left is None or right is None or right == 0 else Fraction(left) / right


def mod(left: Any, right: Any) -> Any:
    """The remainder, with the divisor's sign; unknown where the divisor is 0."""
    return None if left is None or right is None or right == 0 else left % right


def neg(value: Any) -> Any:
    """The negative."""
    return None if value is None else -value


def absolute(value: Any) -> Any:
    """The magnitude."""
    return None if value is None else abs(value)


def least(*values: Any) -> Any:
    """The smallest value; unknown where one is."""
    return None if None in values else min(values)


def greatest(*values: Any) -> Any:
    """The greatest value; unknown where one is."""
    return None if None in values else max(values)


def count(*conditions: bool | None) -> int | None:
    """How many conditions hold; unknown where one is."""
    return None if None in conditions else conditions.count(True)


def floor(value: Any) -> int | None:
    """The greatest whole number not above a number."""
    return None if value is None else math.floor(value)


def ceil(value: Any) -> int | None:
    """The least whole number not below a number."""
    return None if value is None else math.ceil(value)


def round_even(value: Any, digits: int = 0) -> Any:
    """A number to so many digits after the point, halves to even."""
    return None if value is None else round(Fraction(value), digits)


def civil(days: Any) -> tuple[date, int]:
    """A date with the same month and day, and by how many years it is off."""
    cycles, rest = divmod(math.floor(days), 146_097)
    return START.date() + timedelta(days=rest), 400 * cycles


def year(days: Any) -> int | None:
    """The year of a date."""
    return None if days is None else civil(days)[0].year + civil(days)[1]


def month(days: Any) -> int | None:
    """The month of a date, from 1."""
    return None if days is None else civil(days)[0].month


def day(days: Any) -> int | None:
    """The day of the month, from 1."""
    return None if days is None else civil(days)[0].day


def weekday(days: Any) -> int | None:
    """The day of the week, from 1 for Monday to 7."""
    return None if days is None else (math.floor(days) + 3) % 7 + 1


def starts_with(level: str | None, text: str) -> bool | None:
    """Whether a level begins with a text."""
    return None if level is None else level.startswith(text)


def ends_with(level: str | None, text: str) -> bool | None:
    """Whether a level ends with a text."""
    return None if level is None else level.endswith(text)


def contains(level: str | None, text: str) -> bool | None:
    """Whether a level contains a text."""
    return None if level is None else text in level


def matches(level: str | None, pattern: str) -> bool | None:
    """Whether a whole level matches a regular expression."""
    return None if level is None else re.fullmatch(pattern, level) is not None


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


def inside(cell: Any, *ranges: tuple[Any, Any]) -> bool:
    """Whether a value lies in a union of ranges, ends included; None is an open end."""
    value = exact(cell)
    return value is not None and any(
        (low is None or low <= value) and (high is None or value <= high) for low, high in ranges
    )


def among(cell: Any, *values: Any) -> bool:
    """Whether a cell is one of several values."""
    return exact(cell) in values


def make(
    frame: pd.DataFrame,
    definition: Callable[..., Any],
    columns: tuple[str, ...],
    writer: Callable[..., Any],
    *options: Any,
) -> pd.Series:
    """A derived column that the frame lacks."""
    cells = [writer(definition(*cells), *options) for cells in rows_of(frame, columns)]
    return pd.Series(cells, index=frame.index, dtype=object)


def rows_of(frame: pd.DataFrame, columns: tuple[str, ...]) -> Iterable[tuple[Any, ...]]:
    """The cells of every row, exact."""
    if not columns:
        return (() for _ in range(len(frame)))
    return zip(*([exact(cell) for cell in frame[column]] for column in columns), strict=True)


def holds(frame: pd.DataFrame, rule: Callable[..., bool | None], columns: tuple[str, ...]) -> pd.Series:
    """Which rows do not break a rule: it is true of them, or unknown."""
    passed = [rule(*cells) is not False for cells in rows_of(frame, columns)]
    return pd.Series(passed, index=frame.index, dtype=bool)


def is_derived(frame: pd.DataFrame, column: str, definition: Callable[..., Any], columns: tuple[str, ...]) -> pd.Series:
    """Which rows hold in a column what its definition gives."""
    passed = [
        isinstance(cell, Foreign) or exact(cell) == definition(*cells)
        for cell, cells in zip(frame[column], rows_of(frame, columns), strict=True)
    ]
    return pd.Series(passed, index=frame.index, dtype=bool)


def is_unique(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """Which rows hold a tuple that no earlier row holds; tuples with a null are left out."""
    seen: set[tuple[Any, ...]] = set()
    passed = []
    for cells in rows_of(frame, columns):
        passed.append(None in cells or cells not in seen)
        seen.add(cells)
    return pd.Series(passed, index=frame.index, dtype=bool)


def depends(frame: pd.DataFrame, left: tuple[str, ...], right: tuple[str, ...]) -> pd.Series:
    """Which rows have the most frequent right side of those with their left side (ties: the first seen)."""
    pairs = list(zip(rows_of(frame, left), rows_of(frame, right), strict=True))
    groups: dict[tuple[Any, ...], dict[tuple[Any, ...], int]] = {}
    for key, value in pairs:
        if None not in key and None not in value:
            sizes = groups.setdefault(key, {})
            sizes[value] = sizes.get(value, 0) + 1
    best = {key: max(sizes, key=lambda value: sizes[value]) for key, sizes in groups.items()}
    passed = [None in key or None in value or best[key] == value for key, value in pairs]
    return pd.Series(passed, index=frame.index, dtype=bool)

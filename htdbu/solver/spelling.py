"""How a column's cells are spelled in a frame, so that a changed cell looks like its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.program import Column

Speller = Callable[[int], Any]

EXACT_POWER, EXACT_WHOLE = 22, 2**53
"""Powers of ten up to this one, and whole numbers below this one, are floats."""
_EPOCH = date(1970, 1, 1)
_START = datetime(1970, 1, 1)
_PAIRS = (("true", "false"), ("yes", "no"), ("t", "f"), ("1", "0"))


def is_textual(series: pd.Series) -> bool:
    """Whether a column's cells are texts, as in a CSV file."""
    if pd.api.types.is_string_dtype(series.dtype) and series.dtype != object:
        return True
    if series.dtype != object:
        return False
    return all(isinstance(cell, str) for cell in series.dropna())


def null_text(column: Column) -> str | None:
    """A null as a text: the empty one, or the first null text that is no level of the column; None where all are."""
    return next((text for text in ("", "NA", "NaN", "null") if text not in column.type.levels), None)


def text_speller(column: Column, series: pd.Series | None) -> Speller:
    """Cells as texts."""
    match column.type.kind:
        case "int" | "decimal":
            return lambda steps: decimal_text(steps, column.type.scale)
        case "bool":
            true, false = bool_words(series)
            return lambda steps: true if steps else false
        case "category":
            return lambda steps: column.type.levels[steps]
        case "date":
            form = column.format or "%Y-%m-%d"
            return lambda steps: _spell_date(_EPOCH + timedelta(days=steps), form)
        case _:
            form = column.format or ("%Y-%m-%d %H:%M:%S" if _has_space(series) else "%Y-%m-%dT%H:%M:%S")
            return lambda steps: _spell_date(_START + timedelta(seconds=steps), form)


def _spell_date(moment: date, form: str) -> str:
    """`strftime`, whose `%Y` does not pad years below 1000 on every platform."""
    return moment.strftime(form.replace("%Y", f"{moment.year:04d}"))


def decimal_text(steps: int, scale: int) -> str:
    """A number of steps with all digits of its scale."""
    return format(Decimal(steps).scaleb(-scale), "f") if scale else str(steps)


def bool_words(series: pd.Series | None) -> tuple[str, str]:
    """The words for true and false in a column of texts, in the case that it uses; `true` and `false` by default."""
    for cell in () if series is None else series.dropna().unique():
        word = str(cell).strip()
        for true, false in _PAIRS:
            if word.lower() in (true, false):
                case = str.upper if word.isupper() else str.capitalize if word[0].isupper() else str.lower
                return case(true), case(false)
    return "true", "false"


def is_bool_word(cell: Any) -> bool:
    """Whether a cell is one of the words that `bool_words` looks for."""
    return str(cell).strip().lower() in {word for pair in _PAIRS for word in pair}


def _has_space(series: pd.Series | None) -> bool:
    return series is not None and any(" " in str(cell).strip() for cell in series.dropna().head(20))


def machine_numbers(column: Column, series: pd.Series, steps: NDArray[np.int64]) -> list[Any] | None:
    """Many numbers at once as a column of machine numbers holds them; None where that needs a closer look.

    A quotient of two whole numbers that are floats is rounded once, and so is the nearest float of that decimal.
    """
    dtype, scale = series.dtype, column.type.scale
    if column.type.kind not in ("int", "decimal") or not pd.api.types.is_numeric_dtype(dtype):
        return None
    if pd.api.types.is_bool_dtype(dtype):
        return None
    if scale == 0:
        whole: list[Any] = steps.tolist()
        return whole
    if scale > EXACT_POWER or (steps.size and np.abs(steps).max() >= EXACT_WHOLE):
        return None
    quotients: list[Any] = (steps / 10.0**scale).tolist()
    return quotients


def typed_speller(column: Column, series: pd.Series) -> Speller:
    """Cells as machine values, of the kind that the column holds."""
    match column.type.kind:
        case "int" | "decimal":
            if any(isinstance(cell, Decimal) for cell in series.dropna().head(100)):
                return lambda steps: Decimal(steps).scaleb(-column.type.scale)
            if column.type.scale == 0:
                return lambda steps: steps
            return lambda steps: float(Decimal(steps).scaleb(-column.type.scale))
        case "bool":
            numeric = pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype)
            return int if numeric else bool
        case "category":
            cells = [_level_cell(level, series) for level in column.type.levels]
            return lambda steps: cells[steps]
        case "date":
            first = series.dropna().head(1)
            if pd.api.types.is_datetime64_dtype(series.dtype) or any(isinstance(cell, datetime) for cell in first):
                return lambda steps: pd.Timestamp(_EPOCH + timedelta(days=steps))
            return lambda steps: _EPOCH + timedelta(days=steps)
        case _:
            return lambda steps: pd.Timestamp(_START + timedelta(seconds=steps))


def _level_cell(level: str, series: pd.Series) -> Any:
    """A level as a column of truth values or numbers holds it; the text itself where it is none."""
    if pd.api.types.is_bool_dtype(series.dtype):
        return {"true": True, "false": False}.get(level, level)
    if pd.api.types.is_numeric_dtype(series.dtype) and level.removeprefix("-").isdecimal() and level == str(int(level)):
        return int(level)
    return level

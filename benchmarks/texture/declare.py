"""Rule files that declare the columns of a table and say nothing else, as anybody would write them for a new table."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from pandas.api import types

MOST_DIGITS = 7


def declared(frame: pd.DataFrame) -> str:
    """The declaration: the kind of each column, its smallest and largest value or its levels, whether it has nulls."""
    lines = [f"  {_name(str(header))} : {_kind(frame[header])}{_rest(frame[header])}" for header in frame]
    return "\n".join(["table t {", *lines, "}", ""])


def table_alone(rules: str) -> str:
    """The declaration of the table out of a rule file that begins with it."""
    declaration, closing, _ = rules.partition("\n}\n")
    return declaration + closing


def _name(header: str) -> str:
    return re.sub(r"\W", "_", header)


def _rest(series: pd.Series) -> str:
    header = str(series.name)
    null = " null" if series.isna().any() else ""
    return null if header == _name(header) else f'{null} as "{header}"'


def _kind(series: pd.Series) -> str:
    known = series.dropna()
    if types.is_bool_dtype(series):
        return "bool"
    if types.is_datetime64_any_dtype(series):
        daily = bool((known == known.dt.normalize()).all())
        low, high = (end.strftime("%Y-%m-%d" if daily else "%Y-%m-%dT%H:%M:%S") for end in (known.min(), known.max()))
        return f"{'date' if daily else 'datetime'} in {low}..{high}"
    if types.is_numeric_dtype(series):
        digits = _digits(known.to_numpy(np.float64))
        kind = f"decimal({digits})" if digits else "int"
        return f"{kind} in {known.min():.{digits}f}..{known.max():.{digits}f}"
    levels = ", ".join(f'"{level}"' for level in sorted(known.unique()))
    return f"category {{ {levels} }}"


def _digits(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
    """How many digits after the point the numbers have, `MOST_DIGITS` at most."""
    return next((k for k in range(MOST_DIGITS) if np.array_equal(values.round(k), values)), MOST_DIGITS)

"""How exported source judges whole columns and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from htdbu.compiler.exports.python_source.prelude import Foreign, exact


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

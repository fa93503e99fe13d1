"""Columns as points on a line, and points as cells again: what sums of cells need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandas.api import types

from htdbu.generators.arrays import Floats, Ints, Ranks
from htdbu.generators.table import Column
from htdbu.generators.values import TICKS, positions

_MOST_DECIMALS = 6
_LARGEST = 2.0**50
"""Points beyond are not whole in a float any more once some are added up."""


@dataclass(frozen=True, eq=False)
class Line:
    """The line of a column.

    Attributes:
        kind: what its points count: numbers, or seconds of dates and durations.
        points: of its symbols, ascending; NaN for "missing".
        decimals: how many digits all its cells have after the point; None where these are more than six.
    """

    kind: Literal["number", "date", "duration"]
    points: Floats
    decimals: int | None

    @classmethod
    def of(cls, column: Column) -> Line | None:
        """The line of a learned column; None where its cells cannot be added."""
        known = column.symbols.iloc[: column.present]
        kind = _kind(known)
        places = positions(known) if kind is not None and column.kind == "number" else None
        if kind is None or places is None or not places.size or not np.isfinite(places).all():
            return None
        if np.abs(places).max() >= _LARGEST:
            return None
        points = np.append(places, np.nan) if column.has_missing else places
        return cls(kind, points, decimals_of(places))

    @property
    def size(self) -> int:
        """How many different points it has."""
        return int(np.isfinite(self.points).sum())

    @property
    def exact(self) -> float:
        """Points nearer than this are one; 0 where only equal ones are."""
        return 0.0 if self.decimals is None else 0.25 * 10.0**-self.decimals

    def exact_with(self, other: Line) -> float:
        """The same for points of two lines."""
        return 0.0 if None in (self.decimals, other.decimals) else min(self.exact, other.exact)

    def at(self, ranks: Ranks) -> Floats:
        """The points of whole ranks; NaN for any other."""
        whole = np.isfinite(ranks) & (ranks == np.floor(ranks))
        return np.where(whole, self.points[np.where(whole, ranks, 0).astype(np.int64)], np.nan)

    def rounded(self, points: Floats) -> Floats:
        """Points with as many digits as the cells have."""
        return points if self.decimals is None else np.round(points, self.decimals)

    def ranks(self, points: Floats) -> Ranks:
        """The ranks of points: whole ones of symbols, half ones between them."""
        own = self.points[: self.size]
        places = np.searchsorted(own, points)
        same = own[np.minimum(places, own.size - 1)] == points
        return np.where(same, places, places - 0.5).astype(np.float64)

    def inside(self, points: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which points lie between the least and the greatest one."""
        own = self.points[: self.size]
        within: np.ndarray[Any, np.dtype[np.bool_]] = (points >= own[0]) & (points <= own[-1])
        return within


def points_of(lines: Sequence[Line | None], ranks: Ranks) -> Floats:
    """(rows, columns) the points of whole ranks; NaN in columns without a line."""
    columns = zip(lines, ranks.T, strict=True)
    return np.column_stack([np.full(len(cells), np.nan) if line is None else line.at(cells) for line, cells in columns])


def cells_at(points: Floats, like: pd.Series[Any]) -> pd.Series[Any]:
    """Points as cells of the dtype of a column that has a line."""
    dtype = like.dtype
    if types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype):
        return moments(np.round(points * TICKS[_ticks_of(like)]).astype(np.int64), like)
    if types.is_integer_dtype(dtype):
        return pd.Series(np.round(points).astype(np.int64)).astype(dtype)
    return pd.Series(points).astype(dtype)


def moments(ticks: Ints, like: pd.Series[Any]) -> pd.Series[Any]:
    """Ticks as cells of the dtype of a column of moments or durations."""
    dtype, unit = like.dtype, _ticks_of(like)
    made = pd.Series(ticks.view(f"{'m' if types.is_timedelta64_dtype(dtype) else 'M'}8[{unit}]"))
    zone = getattr(dtype, "tz", None)
    return (made if zone is None else made.dt.tz_localize("UTC").dt.tz_convert(zone)).astype(dtype)


def _ticks_of(series: pd.Series[Any]) -> str:
    """The unit of its ticks."""
    index = pd.TimedeltaIndex if types.is_timedelta64_dtype(series.dtype) else pd.DatetimeIndex
    unit: str = index(series.iloc[:1]).unit
    return unit


def _kind(series: pd.Series[Any]) -> Literal["number", "date", "duration"] | None:
    dtype = series.dtype
    if types.is_datetime64_any_dtype(dtype):
        return "date"
    if types.is_timedelta64_dtype(dtype):
        return "duration"
    return "number" if types.is_numeric_dtype(dtype) and not types.is_bool_dtype(dtype) else None


def decimals_of(points: Floats) -> int | None:
    """How many digits all of these have after the point; None where these are more than six."""
    for count in range(_MOST_DECIMALS + 1):
        if (np.round(points, count) == points).all():
            return count
    return None

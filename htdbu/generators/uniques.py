"""Values that one real row alone holds, and what is drawn in their place.

A number or date of fewer than two real cells is *unique*: to show it would show something of one row. In its place
comes a value that no real row holds, between half-way to the value below and half-way to the value above; at the
ends of the range only inwards, so that extremes are not shown either. It is as round as the one it stands for: a
number that ends in zeros moves in steps of that power of ten, a moment in whole seconds, minutes, hours or days, and on
no day of the week that real ones leave out. Where that leaves nothing the steps get finer, then the nearest value
serves that is no unique one, then a missing cell where real ones are missing. Only a value of a range that is filled
without a gap by unique ones (a numbering 1..n) stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from pandas.api import types

from htdbu.generators.arrays import Floats, Ints, Mask, Ranks
from htdbu.generators.lines import decimals_of, moments
from htdbu.generators.table import Column
from htdbu.generators.values import TICKS, positions
from htdbu.generators.weekdays import Weekdays

LEAST_CELLS = 2
"""A value of fewer real cells is unique."""
_LARGEST = 2**61
"""Whole numbers beyond leave no room for sums of two in 64 bits."""
_TRIES = 20


class Substitutes(Protocol):
    """What stands for the unique values of a column."""

    def draw(self, ranks: Ranks, rng: np.random.Generator) -> pd.Series[Any]:
        """The cells to take instead of those of unique values, with the rows that they are in as their index."""


def substitutes(column: Column, allowed: bool = False) -> Substitutes | None:
    """What stands for the unique values of a column; None where it has none, or where they are `allowed`.

    Bools and the levels of a pandas categorical are declared by their type, hence no secret. Of all other columns
    without an order (texts) a unique level is replaced by one that is not, as often as those occur; so are, by the
    nearest, Python objects such as `Decimal`. Where all are unique there is none to take, and they stay.
    """
    alone = column.counts < LEAST_CELLS
    alone[column.present :] = False
    known = column.symbols.iloc[: column.present]
    if allowed or not alone.any() or isinstance(known.dtype, pd.CategoricalDtype) or types.is_bool_dtype(known.dtype):
        return None
    if column.kind == "number":
        whole = Whole.of(known)
        if whole is not None:
            return Stepwise.of(column, alone[: column.present], whole)
        if types.is_float_dtype(known.dtype):
            return Between.of(column, alone)
    return Others.of(column, alone)


def substitutes_in(whole: Column, part: Column, allowed: bool = False) -> Substitutes | None:
    """What stands for the values of a part of a column that are unique in the whole of it."""
    made = substitutes(whole, allowed)
    return None if made is None else InPart(made, np.nan_to_num(whole.encode(part.symbols)))


@dataclass(frozen=True, eq=False)
class InPart:
    """Substitutes by the ranks of a part of the column; `places` are the ranks of its symbols in the whole."""

    whole: Substitutes
    places: Ranks

    def draw(self, ranks: Ranks, rng: np.random.Generator) -> pd.Series[Any]:
        """See `Substitutes.draw`."""
        return self.whole.draw(self.places[ranks.astype(np.int64)], rng)


@dataclass(frozen=True, eq=False)
class Stepwise:
    """Whole numbers (of a unit) in steps.

    Attributes:
        alone: by symbol whether it is replaced.
        step, first, count: the multiples of a step to draw from, by symbol; of none a missing cell is made.
        own: the place among them from which on one is left out, since it is the value itself.
        near: what serves where none of them is on a day of the week that occurs; ascending, maybe empty.
    """

    column: Column
    whole: Whole
    alone: Mask
    step: Ints
    first: Ints
    count: Ints
    own: Ints
    near: Ints
    weekdays: Weekdays | None

    @classmethod
    def of(cls, column: Column, alone: Mask, whole: Whole) -> Stepwise | None:
        """Learn from the symbols of a column; None where none of them can be replaced."""
        units = whole.units
        gaps = np.diff(units)
        low = units - np.concatenate([[0], gaps // 2])
        high = units + np.concatenate([gaps // 2, [0]])
        step, first, count, own = np.ones_like(units), units.copy(), np.zeros_like(units), np.zeros_like(units)
        for size in np.unique(whole.steps)[::-1]:
            start = -(-low // size)
            rows = alone & (count == 0) & (units % size == 0) & (high // size > start)
            step[rows], first[rows] = size, start[rows]
            count[rows], own[rows] = (high // size - start)[rows], (units // size - start)[rows]
        left = np.flatnonzero(alone & (count == 0))
        apart = np.flatnonzero(gaps > 1)
        near = np.unique(np.concatenate([units[~alone], units[apart] + 1, units[apart + 1] - 1]))
        weekdays = whole.weekdays()
        if weekdays is not None and weekdays.include(near).any():
            near = near[weekdays.include(near)]
        if near.size:
            first[left], count[left], own[left] = _nearest(near, units[left]), 1, 1
        elif not column.has_missing:
            alone = alone & (count > 0)
        if not alone.any():
            return None
        return cls(column, whole, np.append(alone, False), step, first, count, own, near, weekdays)

    def draw(self, ranks: Ranks, rng: np.random.Generator) -> pd.Series[Any]:
        """See `Substitutes.draw`."""
        places = ranks.astype(np.int64)
        rows = np.flatnonzero(self.alone[places])
        own = places[rows]
        made = self.whole.cells(self._units(own, rng))
        gone = np.flatnonzero(self.count[own] == 0)
        if gone.size:
            made.iloc[gone] = self.column.symbols.iloc[np.full(gone.size, self.column.present)].array
        return made.set_axis(rows)

    def _units(self, own: Ints, rng: np.random.Generator) -> Ints:
        """What stands for each symbol, on a day of the week that occurs."""
        units = self._drawn(own, rng)
        if self.weekdays is None:
            return units
        wrong = np.flatnonzero(~self.weekdays.include(units))
        for _ in range(_TRIES):
            units[wrong] = self._drawn(own[wrong], rng)
            wrong = wrong[~self.weekdays.include(units[wrong])]
        if self.near.size:
            units[wrong] = _nearest(self.near, self.whole.units[own[wrong]])
        return units

    def _drawn(self, own: Ints, rng: np.random.Generator) -> Ints:
        """For each symbol one of its multiples, any with the same chance."""
        drawn = (rng.random(own.size) * self.count[own]).astype(np.int64)
        drawn += self.first[own] + (drawn >= self.own[own])
        units: Ints = drawn * self.step[own]
        return units


@dataclass(frozen=True, eq=False)
class Between:
    """Numbers of any digits: any float between half-way to one neighbour and half-way to the other."""

    column: Column
    alone: Mask
    points: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, column: Column, alone: Mask) -> Substitutes | None:
        """Learn from the symbols of a column; infinities stay, and a missing cell stands for an only value."""
        points = np.asarray(column.symbols.iloc[: column.present], dtype=np.float64)
        finite = np.isfinite(points)
        own = points[finite]
        middles = own[:-1] / 2 + own[1:] / 2
        low, high = points.copy(), points.copy()
        low[finite], high[finite] = np.append(own[:1], middles), np.append(middles, own[-1:])
        apart = np.append(alone[: column.present] & (low < high), alone[column.present :])
        if apart.any():
            return cls(column, apart, points, low, high)
        return Others(column, alone, np.array([column.present]), None) if column.has_missing else None

    def draw(self, ranks: Ranks, rng: np.random.Generator) -> pd.Series[Any]:
        """See `Substitutes.draw`."""
        places = ranks.astype(np.int64)
        rows = np.flatnonzero(self.alone[places])
        own = places[rows]
        dtype = self.column.symbols.dtype
        made = pd.Series(self.points[own]).astype(dtype)
        again = np.arange(rows.size)
        for _ in range(_TRIES):
            low, high = self.low[own[again]], self.high[own[again]]
            made.iloc[again] = pd.Series(low + rng.random(again.size) * (high - low)).astype(dtype).array
            again = again[
                np.isin(np.asarray(made, dtype=np.float64)[again], self.points[self.alone[: self.points.size]])
            ]
            if not again.size:
                break
        return made.set_axis(rows)


@dataclass(frozen=True, eq=False)
class Others:
    """Other cells of the column: for each symbol those that may be taken, and where their shares end."""

    column: Column
    alone: Mask
    fine: Ints
    ends: Floats | None

    @classmethod
    def of(cls, column: Column, alone: Mask) -> Others | None:
        """Learn from the symbols of a column: of an ordered one the nearest is taken, of another one any."""
        fine = np.flatnonzero(~alone[: column.present])
        if not fine.size:
            return None
        shares = np.cumsum(column.counts[fine]) / column.counts[fine].sum()
        return cls(column, alone, fine, None if column.kind == "number" else shares)

    def draw(self, ranks: Ranks, rng: np.random.Generator) -> pd.Series[Any]:
        """See `Substitutes.draw`."""
        rows = np.flatnonzero(self.alone[ranks.astype(np.int64)])
        if self.ends is None:
            taken = _nearest(self.fine, ranks[rows].astype(np.int64))
        else:
            taken = self.fine[np.searchsorted(self.ends, rng.random(rows.size), side="right")]
        return self.column.symbols.iloc[taken].set_axis(rows)


def _nearest(among: Ints, units: Ints) -> Ints:
    """For each number the nearest of some ascending ones, of two the lower."""
    above = np.searchsorted(among, units).clip(max=among.size - 1)
    below = np.maximum(above - 1, 0)
    found: Ints = np.where(np.abs(among[above] - units) < np.abs(units - among[below]), among[above], among[below])
    return found


@dataclass(frozen=True, eq=False)
class Whole:
    """A column's values as whole numbers of a unit, which has `digits` after the point, and steps they may move in."""

    like: pd.Series[Any]
    units: Ints
    steps: Ints
    digits: int = 0

    @classmethod
    def of(cls, series: pd.Series[Any]) -> Whole | None:
        """Learn from ascending values; None where they are no such numbers."""
        dtype = series.dtype
        if types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype):
            index = (pd.TimedeltaIndex if types.is_timedelta64_dtype(dtype) else pd.DatetimeIndex)(series)
            second = int(TICKS[index.unit])
            steps = [10**k for k in range(10) if 10**k < second] + [second * each for each in (1, 60, 3600, 86_400)]
            return cls(series, index.asi8.copy(), np.array(steps))
        if isinstance(dtype, pd.PeriodDtype):
            return cls(series, np.array(pd.PeriodIndex(series).asi8, np.int64), np.ones(1, np.int64))
        if types.is_integer_dtype(dtype):
            if max(abs(int(series.iloc[0])), abs(int(series.iloc[-1]))) >= _LARGEST:
                return None
            units = series.to_numpy(dtype=np.int64)
            return cls(series, units, _steps(units))
        places = positions(series) if types.is_float_dtype(dtype) else None
        digits = decimals_of(places) if places is not None and np.isfinite(places).all() else None
        if places is None or digits is None or np.abs(places).max() * 10.0**digits >= 2**53:
            return None
        units = np.round(places * 10.0**digits).astype(np.int64)
        return cls(series, units, _steps(units), digits)

    def weekdays(self) -> Weekdays | None:
        """The days of the week where one is left out: of dates, and of whole numbers that may count days or seconds."""
        dtype = self.like.dtype
        if types.is_datetime64_any_dtype(dtype):
            return Weekdays.of(self.units, int(TICKS[pd.DatetimeIndex(self.like).unit]) * 86_400)
        counts = types.is_integer_dtype(dtype)
        return (Weekdays.of(self.units, 1) or Weekdays.of(self.units, 86_400)) if counts else None

    def cells(self, units: Ints) -> pd.Series[Any]:
        """Whole numbers as cells of the column."""
        dtype = self.like.dtype
        if types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype):
            return moments(units, self.like)
        if isinstance(dtype, pd.PeriodDtype):
            return pd.Series(pd.arrays.PeriodArray(units, dtype=dtype))
        return pd.Series(units / 10.0**self.digits if self.digits else units).astype(dtype)


def _steps(units: Ints) -> Ints:
    """The powers of ten times what all numbers are multiples of; of whole minutes these, hours and days."""
    unit = max(int(np.gcd.reduce(units)), 1)
    if unit % 60 == 0:
        return np.array([1, 60, unit, 3600, 86_400])
    span = int(units[-1]) - int(units[0])
    return np.array([1, *(unit * 10**k for k in range(19) if k == 0 or unit * 10**k <= span)])

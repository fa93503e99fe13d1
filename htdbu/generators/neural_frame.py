"""A table as SDV is shown it, and what SDV draws as ranks again.

SDV gets plain columns of numbers and of categories, complete and named by place, so that whatever a real table
holds suits it. As SDV itself would have it, numbers, dates and durations are numbers, unless they are whole and few,
and everything else is a category. Rare levels of a category share one, and a column that tells nothing is left out.
SDV scatters missing numbers at random; here a category of its own says where they are, so that is learned too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from htdbu.generators.arrays import Floats, Ints, Ranks
from htdbu.generators.draws import draw_by_uniform, stream
from htdbu.generators.lines import Line, cells_at
from htdbu.generators.table import Column, Table
from htdbu.generators.values import positions

FEW = 10  # whole numbers are a category where they have at most so many values, and ten rows a value
_FARTHEST = 1e100  # where infinite numbers stand


@dataclass(frozen=True, eq=False)
class Axis:
    """A column of numbers, standardised.

    Attributes:
        points: of its symbols but "missing", ascending; finite.
        centre: their median over the rows.
        spread: the mean distance from it.
        line: how numbers that no real row holds become cells; None where none may be made.
        step: the greatest one that all points are multiples of, from the least; 0 for none.
    """

    points: Floats
    centre: float
    spread: float
    line: Line | None
    step: float

    @classmethod
    def of(cls, column: Column, new_numbers: bool) -> Axis:
        """The axis of a column of numbers with two symbols or more beside "missing"."""
        points = _points(column)
        counts = column.counts[: column.present]
        centre = float(points[np.searchsorted(np.cumsum(counts), counts.sum() / 2)])
        spread = float(np.average(np.abs(points - centre), weights=counts))
        line = Line.of(column) if new_numbers else None
        return cls(points, centre, spread or 1.0, line, 0.0 if line is None else _step(line))

    def shown(self, ranks: Ranks) -> Floats:
        """Standardised points of symbols; of "missing" the mean."""
        there = ranks < len(self.points)
        points = (self.points[np.where(there, ranks, 0).astype(np.int64)] - self.centre) / self.spread
        return np.where(there, points, points[there].mean())

    def read(self, values: Floats) -> tuple[Ranks, Floats]:
        """The ranks of standardised points, and the points: on the steps of the column, or those of symbols."""
        points = np.clip(values * self.spread + self.centre, self.points[0], self.points[-1])
        if self.line is None:
            middles = self.points[:-1] / 2 + self.points[1:] / 2
            places = np.searchsorted(middles, points)
            return places.astype(np.float64), self.points[places]
        if self.step:
            points = self.points[0] + np.round((points - self.points[0]) / self.step) * self.step
        points = self.line.rounded(points)
        return self.line.ranks(points), points


@dataclass(frozen=True, eq=False)
class NeuralFrame:
    """The way to SDV and back.

    Attributes:
        table: the learned table.
        axes: those of its columns that SDV sees as numbers, by place.
        discrete: the places of those that it sees as categories.
    """

    table: Table
    axes: dict[int, Axis]
    discrete: tuple[int, ...]

    @classmethod
    def of(cls, table: Table, new_numbers: bool) -> NeuralFrame:
        """Decide what SDV sees of a table."""
        telling = [at for at, column in enumerate(table.columns) if not column.is_flat]
        discrete = tuple(at for at in telling if _is_discrete(table.columns[at]))
        axes = {at: Axis.of(table.columns[at], new_numbers) for at in telling if at not in discrete}
        return cls(table, axes, discrete)

    @property
    def kinds(self) -> dict[str, str]:
        """The SDV types of its columns."""
        kinds = dict.fromkeys(map(str, self.axes), "numerical") | dict.fromkeys(map(str, self.discrete), "categorical")
        return kinds | dict.fromkeys((_gaps(at) for at in self._holed), "categorical")

    @property
    def _holed(self) -> list[int]:
        return [at for at in self.axes if self.table.columns[at].has_missing]

    def shown(self, ranks: Ranks) -> pd.DataFrame:
        """The rows of a table for SDV to learn from."""
        numbers = {str(at): axis.shown(ranks[:, at]) for at, axis in self.axes.items()}
        levels = {str(at): _words(self.table.columns[at].group_of(ranks[:, at])) for at in self.discrete}
        gaps = {_gaps(at): _words(ranks[:, at] == self.table.columns[at].present) for at in self._holed}
        return pd.DataFrame(numbers | levels | gaps)

    def read(self, drawn: pd.DataFrame, seed: int) -> tuple[Ranks, dict[int, Floats]]:
        """Drawn rows as ranks, and the points of their numbers by column."""
        ranks, points = np.empty((len(drawn), len(self.table.columns))), {}
        for at, column in enumerate(self.table.columns):
            uniforms = stream(seed, 1, at).random(len(drawn))
            if at in self.axes:
                ranks[:, at], points[at] = self.axes[at].read(drawn[str(at)].to_numpy(dtype=np.float64))
                if column.has_missing:
                    ranks[_codes(drawn[_gaps(at)]) == 1, at] = column.present
            elif at in self.discrete:
                alone = np.arange(column.group_counts.size, dtype=np.int64)
                ranks[:, at] = column.within(alone, _codes(drawn[str(at)]), uniforms)
            else:
                ranks[:, at] = draw_by_uniform(column.ends, uniforms)
        return ranks, points

    def made(self, at: int, ranks: Ranks, points: Floats) -> pd.Series[Any]:
        """The cells of a column of numbers that no real row holds, by row."""
        rows = np.flatnonzero(ranks != np.floor(ranks))
        return cells_at(points[rows], self.table.columns[at].symbols).set_axis(rows)


def _is_discrete(column: Column) -> bool:
    if column.kind == "category" or column.present < 2:
        return True
    if isinstance(column.symbols.dtype, pd.CategoricalDtype):
        return True
    points = _points(column)
    return column.present <= min(FEW, column.counts.sum() / 10) and bool((points == np.round(points)).all())


def _points(column: Column) -> Floats:
    found = positions(column.symbols.iloc[: column.present])
    assert found is not None, "a column of numbers has points"
    points: Floats = np.clip(found, -_FARTHEST, _FARTHEST)
    return points


def _step(line: Line) -> float:
    if line.decimals is None or line.size < 2:
        return 0.0
    unit = 10.0**-line.decimals
    ticks = np.round(line.points[: line.size] / unit)
    if np.abs(ticks).max() >= 2.0**53:
        return 0.0
    return float(np.gcd.reduce(np.diff(ticks.astype(np.int64)))) * unit


def _gaps(at: int) -> str:
    """The name of the category that says where a column is missing."""
    return f"{at} missing"


def _words(codes: Any) -> pd.Series[Any]:
    return pd.Series(codes.astype(np.int64).astype(str), dtype=object)


def _codes(words: pd.Series[Any]) -> Ints:
    codes: Ints = words.to_numpy(dtype=np.int64)
    return codes

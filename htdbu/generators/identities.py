"""Sums that rows of a table keep, though nobody says so: columns that are equal, shifted by a constant, or added up.

An identity that holds in some rows only counts where none of its cells has a value that is frequent by itself: that two
columns are both 0 says nothing about how they go together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from htdbu.generators.arrays import Floats, Mask, Ranks
from htdbu.generators.lines import Line
from htdbu.generators.stored import State, Stored, lists
from htdbu.generators.table import Column

COMPARED_ROWS = 20_000
"""Enough rows to find identities in."""
FREQUENT = 0.01
"""A value of so large a share is frequent by itself."""
_LEAST_SHARE, _LEAST_ROWS = 0.005, 20
"""An identity holds in so many of the rows, at least."""
_MOST_COLUMNS = 60
"""So many columns are compared, those with most values."""
_SCREENED_ROWS = 1_000
_LONGEST = 12
"""The most columns in a sum."""


@dataclass(frozen=True)
class Identity:
    """`sum(signs * columns) == total`.

    Attributes:
        columns: their positions, ascending.
        share: of the rows in which no cell is missing; 1 only where it holds in all of them.
        exact: how near to the total is equal.
    """

    columns: tuple[int, ...]
    signs: tuple[int, ...]
    total: float
    share: float
    exact: float

    @property
    def always(self) -> bool:
        """Whether no row broke it."""
        return self.share == 1

    def holds(self, points: Floats) -> Mask:
        """The rows that keep it; none with a missing cell does."""
        kept: Mask = np.abs(points[:, list(self.columns)] @ np.array(self.signs) - self.total) <= self.exact
        return kept

    def solved(self, target: int, points: Floats) -> Floats:
        """What the target is where the other columns are as they are; missing where one of them is."""
        own = self.signs[self.columns.index(target)]
        rest = np.zeros(len(points))
        for at, sign in zip(self.columns, self.signs, strict=True):
            if at != target:
                rest += sign * points[:, at]
        return own * (self.total - rest)


def frequent_cells(columns: Sequence[Column], ranks: Ranks) -> Mask:
    """(rows, columns) the cells with a value that is frequent by itself."""
    pairs = zip(columns, ranks.T, strict=True)
    found = [(column.counts > FREQUENT * column.counts.sum())[cells.astype(np.int64)] for column, cells in pairs]
    return np.column_stack(found)


def find_identities(lines: Sequence[Line | None], points: Floats, frequent: Mask) -> tuple[Identity, ...]:
    """The identities of a table, those of most rows first.

    Args:
        lines: the columns; None for one that is no number, date or duration.
        points: (rows, columns) cells as points on their lines, NaN where they are missing or have none.
        frequent: (rows, columns) cells with a value that is frequent by itself.
    """
    chosen = [at for at, line in enumerate(lines) if line is not None and line.size >= 10]
    chosen = sorted(sorted(chosen, key=lambda at: -_line(lines, at).size)[:_MOST_COLUMNS])
    order = np.random.default_rng(0).permutation(len(points))
    short = [*_pairs(lines, points, frequent, chosen, order), *_sums(lines, points, frequent, chosen, order)]
    found = sorted(dict.fromkeys(short), key=lambda each: (-each.share, len(each.columns), each.columns))
    spread = spreads(points)
    apart = set(dependents(found, spread))
    while True:
        rest = [at for at in chosen if at not in apart and _line(lines, at).kind == "number"]
        long = next(_long_sums(lines, points, rest), None)
        if long is None:
            return tuple(sorted(found, key=lambda each: -each.share))
        found.append(long)
        apart.add(max(long.columns, key=lambda at: spread[at]))


def spreads(points: Floats) -> Floats:
    """The standard deviation of each column; 0 for one without points."""
    present = np.isfinite(points)
    counts = np.maximum(present.sum(axis=0), 1)
    means = np.where(present, points, 0).sum(axis=0) / counts
    deviations: Floats = np.sqrt((np.where(present, points - means, 0) ** 2).sum(axis=0) / counts)
    return deviations


def dependents(identities: Sequence[Identity], spread: Floats, known: Iterable[int] = ()) -> dict[int, tuple[int, ...]]:
    """By column that an identity of all rows decides the others that it follows from.

    It is the one that varies most, since what is computed takes up the noise of all the others; never a known one.
    """
    given = set(known)
    found: dict[int, tuple[int, ...]] = {}

    def needs(at: int) -> set[int]:
        return {at}.union(*(needs(other) for other in found.get(at, ())))

    for identity in identities:
        if not identity.always:
            continue
        for at in sorted(identity.columns, key=lambda at: -spread[at]):
            others = tuple(other for other in identity.columns if other != at)
            if at not in found and at not in given and all(at not in needs(other) for other in others):
                found[at] = others
                break
    return found


def in_order(order: Sequence[int], follow: Mapping[int, tuple[int, ...]]) -> list[int]:
    """An order of columns in which those that follow from others come as soon as these have."""
    placed: list[int] = []

    def settle() -> None:
        for at, others in follow.items():
            if at not in placed and all(other in placed for other in others):
                placed.append(at)
                settle()

    for at in order:
        if at not in follow:
            placed.append(at)
            settle()
    return placed


def identity_state(identities: Sequence[Identity]) -> State:
    """Identities as arrays."""
    numbers = [(each.total, each.share, each.exact) for each in identities]
    return {
        "columns": lists([each.columns for each in identities]),
        "signs": lists([each.signs for each in identities]),
        "numbers": np.array(numbers, np.float64).reshape(-1, 3),
    }


def restore_identities(stored: Stored, lines: Sequence[Line | None]) -> tuple[Identity, ...]:
    """Identities from arrays.

    Raises:
        DataError: they are none of columns with these lines.
    """
    columns = stored.lists("columns", low=0, high=len(lines))
    signs = stored.lists("signs", low=-1, high=2)
    numbers = stored.floats("numbers", (len(columns), 3)).tolist()
    if len(signs) != len(columns):
        raise stored.damaged("signs")
    found = [Identity(own, sign, *number) for own, sign, number in zip(columns, signs, numbers, strict=True)]
    for each in found:
        ordered = list(each.columns) == sorted(set(each.columns))
        summed = ordered and len(each.columns) > 1 and all(lines[at] is not None for at in each.columns)
        signed = len(each.signs) == len(each.columns) and 0 not in each.signs
        if not (summed and signed and 0 < each.share <= 1 and each.exact >= 0):
            raise stored.damaged("columns")
    return tuple(found)


def _line(lines: Sequence[Line | None], at: int) -> Line:
    line = lines[at]
    assert line is not None
    return line


def _pairs(
    lines: Sequence[Line | None], points: Floats, frequent: Mask, chosen: Sequence[int], order: NDArray[np.int64]
) -> Iterator[Identity]:
    """Columns with one and the same difference in many rows."""
    for i, j in combinations(chosen, 2):
        one, other = _line(lines, i), _line(lines, j)
        if one.kind != other.kind:
            continue
        exact = one.exact_with(other)
        gaps = points[:, j] - points[:, i]
        shifts = [float(np.median(gaps[np.isfinite(gaps)]))] if np.isfinite(gaps).any() else []
        free = np.isfinite(gaps) & ~frequent[:, i] & ~frequent[:, j]
        values, counts = np.unique(np.round(gaps[free], 6), return_counts=True)
        shifts += [float(values[np.argmax(counts)])] if values.size else []
        for shift in dict.fromkeys([0.0] if exact == 0 else [*shifts, 0.0]):
            yield from _kept(points, frequent, (i, j), (-1, 1), shift, exact, order)


def _sums(
    lines: Sequence[Line | None], points: Floats, frequent: Mask, chosen: Sequence[int], order: NDArray[np.int64]
) -> Iterator[Identity]:
    """Columns that are the sum of two others in many rows."""
    summed = [at for at in chosen if _line(lines, at).kind == "number" and _line(lines, at).exact > 0]
    if len(summed) < 3:
        return
    rows = order[:_SCREENED_ROWS]
    cells, free = points[rows][:, summed], ~frequent[rows][:, summed]
    exact = max(_line(lines, at).exact for at in summed)
    for a, b in combinations(range(len(summed)), 2):
        both = free[:, a] & free[:, b] & (cells[:, a] != 0) & (cells[:, b] != 0)
        near = np.abs((cells[both, a] + cells[both, b])[:, None] - cells[both]) <= exact
        for k in np.flatnonzero((near & free[both]).sum(axis=0) >= max(_LEAST_SHARE * rows.size / 2, 3)).tolist():
            if k not in (a, b):
                signs = {summed[a]: 1, summed[b]: 1, summed[k]: -1}
                columns = tuple(sorted(signs))
                yield from _kept(points, frequent, columns, tuple(signs[at] for at in columns), 0.0, exact, order)


def _long_sums(lines: Sequence[Line | None], points: Floats, chosen: Sequence[int]) -> Iterator[Identity]:
    """Columns that are sums and differences of several others in every row, from least squares."""
    whole = points[np.isfinite(points[:, chosen]).all(axis=1)][:, chosen]
    if len(chosen) < 4 or len(whole) < 2 * len(chosen):
        return
    spread = whole.std(axis=0)
    varied = np.flatnonzero(spread > 0)
    if varied.size < 4:
        return
    scaled = (whole[:, varied] - whole[:, varied].mean(axis=0)) / spread[varied]
    for k, at in enumerate(varied.tolist()):
        others = np.delete(np.arange(varied.size), k)
        found = np.linalg.lstsq(scaled[:, others], scaled[:, k], rcond=None)[0] * spread[at] / spread[varied[others]]
        signs = np.round(found)
        if np.abs(found - signs).max() > 1e-6 or np.abs(signs).max() != 1 or not 3 <= np.abs(signs).sum() < _LONGEST:
            continue
        pairs = {chosen[at]: -1, **{chosen[int(varied[o])]: int(s) for o, s in zip(others, signs, strict=True) if s}}
        columns = tuple(sorted(pairs))
        exact = max(_line(lines, each).exact for each in columns)
        turn = pairs[columns[0]]
        own = tuple(turn * pairs[each] for each in columns)
        present = points[np.isfinite(points[:, list(columns)]).all(axis=1)]
        total = float(np.median(present[:, list(columns)] @ own))
        identity = Identity(columns, own, total, 1.0, exact * len(columns))
        if exact and identity.holds(present).all():
            yield identity


def _kept(
    points: Floats,
    frequent: Mask,
    columns: tuple[int, ...],
    signs: tuple[int, ...],
    total: float,
    exact: float,
    order: NDArray[np.int64],
) -> Iterator[Identity]:
    """The identity, where it holds in enough rows, and in far more than it would by chance."""
    chosen = list(columns)
    present = np.isfinite(points[:, chosen]).all(axis=1)
    identity = Identity(columns, signs, total, 1.0, exact)
    held, n = identity.holds(points), int(present.sum())
    if n >= _LEAST_ROWS and held.sum() == n and len(np.unique(points[present, columns[0]])) >= 10:
        yield identity
        return
    count = int((held & ~frequent[:, chosen].any(axis=1)).sum())
    if count < max(_LEAST_ROWS, _LEAST_SHARE * n):
        return
    shuffled = points.copy()[:, chosen]
    shuffled[order, -1] = shuffled[np.roll(order, 1), -1]
    by_chance = Identity(tuple(range(len(columns))), signs, total, 1.0, exact).holds(shuffled)
    mixed = frequent[:, chosen].copy()
    mixed[order, -1] = mixed[np.roll(order, 1), -1]
    if count > 3 * int((by_chance & ~mixed.any(axis=1)).sum()) + 10:
        yield Identity(columns, signs, total, min(count / n, 1 - 1e-9), exact)

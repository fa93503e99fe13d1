"""Rows of typed tables as points, with exact distances between them.

The embedding: a number or date is its distance from the mean of the reference rows in their standard deviations, a
missing one stands at the mean and is 1 on an axis of its own; a category or bool is one-hot, times 1 / sqrt(2), with
missing as a level. So the squared Euclidean distance of two rows is the sum over columns of (x - y)^2 of standardised
numbers and of 1 where levels differ. Numbers are rounded to 2**-10 standard deviations, which makes squares integers
and ties exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numba
import numpy as np
import pandas as pd

from htdbu.generators.gower import Steps
from htdbu.solver.typed_cells import Codes, Floats, is_number, level_codes, numbers

STEPS = 2**10
"""Steps in a standard deviation; distances are in steps, squared ones in their squares."""
_MOST = 2**20
_SQUARE = STEPS**2
_MISSING = -(2**31)
_ROWS_AT_ONCE = 512


@dataclass(frozen=True)
class Points:
    """Rows as points, (rows, columns) each: standardised numbers in steps, and codes of levels.

    Attributes:
        sizes: how many codes each level column has.
    """

    numbers: Steps
    levels: Steps
    sizes: tuple[int, ...]

    def take(self, rows: Codes | slice) -> Points:
        """Some of the rows."""
        return Points(self.numbers[rows], self.levels[rows], self.sizes)

    def from_centre(self, of: Points) -> Floats:
        """The distance of every row, in steps, from the mean of other points."""
        total = np.zeros(len(self.levels))
        for own, other in zip(self.numbers.T, of.numbers.T, strict=True):
            gone, absent = own == _MISSING, other == _MISSING
            centre = np.where(absent, 0.0, other).mean()
            total += (np.where(gone, 0.0, own) - centre) ** 2 + (STEPS * (gone - absent.mean())) ** 2
        for own, other, size in zip(self.levels.T, of.levels.T, self.sizes, strict=True):
            shares = np.bincount(other, minlength=size) / len(other)
            total += STEPS**2 * (1 - 2 * shares[own] + float(shares @ shares)) / 2
        distance: Floats = np.sqrt(total)
        return distance


def embed(reference: pd.DataFrame, others: Sequence[pd.DataFrame], names: Sequence[str]) -> list[Points]:
    """The reference rows, one or more, and the rows of other tables as points."""
    tables = (reference, *others)
    scaled: list[list[Floats]] = [[] for _ in tables]
    coded: list[list[Codes]] = [[] for _ in tables]
    sizes = []
    for name in names:
        columns = [table[name] for table in tables]
        if is_number(columns[0]):
            for own, cells in zip(scaled, _standardised([numbers(column) for column in columns]), strict=True):
                own.append(cells)
        else:
            levels, parts = level_codes(*columns)
            sizes.append(len(levels))
            for held, codes in zip(coded, parts, strict=True):
                held.append(codes)
    return [
        Points(_matrix(own, len(table)), _matrix(held, len(table)), tuple(sizes))
        for own, held, table in zip(scaled, coded, tables, strict=True)
    ]


def _standardised(columns: Sequence[Floats]) -> list[Floats]:
    known = columns[0][~np.isnan(columns[0])]
    middle, width = (float(known.mean()), float(known.std())) if known.size else (0.0, 0.0)
    steps = STEPS / width if width > 0 else float(STEPS)
    scaled = [np.rint(np.clip((column - middle) * steps, -_MOST, _MOST)) for column in columns]
    return [np.where(np.isnan(column), _MISSING, column) for column in scaled]


def _matrix(columns: Sequence[Floats] | Sequence[Codes], rows: int) -> Steps:
    return np.ascontiguousarray(np.array(columns, np.int32).reshape(len(columns), rows).T)


def nearest_neighbour(points: Points, threads: int | None = None) -> Codes:
    """The squared distance, in squared steps, of every point to the nearest other one of the same two or more."""
    found = np.empty(len(points.levels), np.int64)

    def search(start: int) -> None:
        part = slice(start, start + _ROWS_AT_ONCE)
        own = points.take(part)
        _neighbour(own.numbers, own.levels, start, points.numbers, points.levels, found[part])

    _in_pieces(search, len(found), threads)
    return found


def first_within(points: Points, radius: Codes, among: Points, threads: int | None = None) -> Codes:
    """For every point the place of the first of `among` that is no farther than its squared radius; -1 for none."""
    found = np.empty(len(points.levels), np.int64)

    def search(start: int) -> None:
        part = slice(start, start + _ROWS_AT_ONCE)
        own = points.take(part)
        _first(own.numbers, own.levels, radius[part], among.numbers, among.levels, found[part])

    _in_pieces(search, len(found), threads)
    return found


def _in_pieces(search, rows: int, threads: int | None) -> None:  # type: ignore[no-untyped-def]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(search, range(0, rows, _ROWS_AT_ONCE)))


@numba.njit(cache=True, nogil=True)
def _neighbour(numbers, levels, start, other_numbers, other_levels, found):  # type: ignore[no-untyped-def]
    for i in range(len(found)):
        best = np.int64(2**62)
        for j in range(len(other_levels)):
            if j == start + i:
                continue
            differ = 0
            for c in range(levels.shape[1]):
                differ += levels[i, c] != other_levels[j, c]
            total = np.int64(differ) * _SQUARE
            if total < best:
                for c in range(numbers.shape[1]):
                    total += _squared(np.int64(numbers[i, c]), np.int64(other_numbers[j, c]))
                best = min(best, total)
        found[i] = best


@numba.njit(cache=True, nogil=True)
def _first(numbers, levels, radius, other_numbers, other_levels, found):  # type: ignore[no-untyped-def]
    for i in range(len(found)):
        found[i] = -1
        for j in range(len(other_levels)):
            differ = 0
            for c in range(levels.shape[1]):
                differ += levels[i, c] != other_levels[j, c]
            total = np.int64(differ) * _SQUARE
            if total <= radius[i]:
                for c in range(numbers.shape[1]):
                    total += _squared(np.int64(numbers[i, c]), np.int64(other_numbers[j, c]))
                if total <= radius[i]:
                    found[i] = j
                    break


@numba.njit(cache=True, nogil=True)
def _squared(one, other):  # type: ignore[no-untyped-def]
    if one == _MISSING or other == _MISSING:
        if one == other:
            return np.int64(0)
        present = other if one == _MISSING else one
        return _SQUARE + present * present
    return (one - other) * (one - other)

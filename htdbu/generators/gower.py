"""Gower's distance (1971) between rows of typed tables, and to the nearest of many.

It is the sum over columns of |x - y| / range for numbers and dates (at most 1; the range is that of the tables to
compare with) and of 0 or 1 for categories and bools; two missing cells agree, a missing and a present one differ by 1.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.solver.typed_cells import Floats, is_number, level_codes, numbers

Steps = NDArray[np.int32]

STEPS = 2**14
"""Distances are whole multiples of 1 / 2**14, so that their sums are exact."""
_MISSING = -(2**31)
_FAR = 2**62
_ROWS_AT_ONCE = 512


@dataclass(frozen=True)
class Cells:
    """Rows for Gower's distance, (rows, columns) each: numbers in steps, and codes of levels."""

    numbers: Steps
    levels: Steps

    def take(self, rows: NDArray[np.int64] | slice) -> Cells:
        """Some of the rows."""
        return Cells(self.numbers[rows], self.levels[rows])


def gower_cells(tables: Sequence[pd.DataFrame], names: Sequence[str]) -> list[Cells]:
    """Several tables on one scale; the ranges are those of all tables but the first."""
    scaled: list[list[Any]] = [[] for _ in tables]
    coded: list[list[Any]] = [[] for _ in tables]
    for name in names:
        columns = [table[name] for table in tables]
        number = is_number(columns[0])
        values = _in_steps([numbers(column) for column in columns]) if number else level_codes(*columns)[1]
        for lists, cells in zip(scaled if number else coded, values, strict=True):
            lists.append(cells)
    return [
        Cells(_matrix(own, len(table)), _matrix(codes, len(table)))
        for own, codes, table in zip(scaled, coded, tables, strict=True)
    ]


def _matrix(columns: Sequence[Any], rows: int) -> Steps:
    return np.ascontiguousarray(np.array(columns, np.int32).reshape(len(columns), rows).T)


def _in_steps(columns: Sequence[Floats]) -> list[Floats]:
    others = np.concatenate(columns[1:])
    known = others[~np.isnan(others)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    width = high - low if high > low else 1.0
    scaled = [np.rint(np.clip((column - low) / width, -1.0, 2.0) * STEPS) for column in columns]
    return [np.where(np.isnan(column), _MISSING, column) for column in scaled]


def nearest(rows: Cells, among: Cells, count: int = 1, threads: int | None = None) -> NDArray[np.int64]:
    """For each row the distances, in steps, to the nearest of `among`, ascending: (rows, count).

    Exact, whatever the number of threads. Where there are fewer than `count` rows the last distance stands for more.
    """
    most = min(count, len(among.numbers))
    found = np.full((len(rows.numbers), most), _FAR, np.int64)

    def search(start: int) -> None:
        part = slice(start, start + _ROWS_AT_ONCE)
        own = rows.take(part)
        _search(own.numbers, own.levels, among.numbers, among.levels, found[part])

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        list(pool.map(search, range(0, len(found), _ROWS_AT_ONCE)))
    return np.pad(found, ((0, 0), (0, count - most)), mode="edge")


@numba.njit(cache=True, nogil=True)
def _search(numbers, levels, other_numbers, other_levels, found):  # type: ignore[no-untyped-def]
    for i in range(len(found)):
        best = found[i]
        for j in range(len(other_numbers)):
            worst, total = best[-1], 0
            for c in range(levels.shape[1]):
                if levels[i, c] != other_levels[j, c]:
                    total += STEPS
            if total >= worst:
                continue
            for c in range(numbers.shape[1]):
                one, other = numbers[i, c], other_numbers[j, c]
                if one == _MISSING or other == _MISSING:
                    total += STEPS * (one != other)
                else:
                    total += min(abs(one - other), STEPS)
                if total >= worst:
                    break
            if total < worst:
                place = best.size - 1
                while place > 0 and best[place - 1] > total:
                    best[place] = best[place - 1]
                    place -= 1
                best[place] = total


def learned_share(gain: NDArray[Any]) -> float:
    """The share of rows that lie nearer to the rows learned from than to unseen ones, ties half.

    Args:
        gain: by row how much farther the nearest unseen row is than the nearest learned one.
    """
    return float((gain > 0).mean() + (gain == 0).mean() / 2)

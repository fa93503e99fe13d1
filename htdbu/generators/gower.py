"""Gower's distance (1971) between rows of typed tables, and to the nearest of many.

It is the sum over columns of |x - y| / range for numbers and dates (at most 1; the range is that of the tables to
compare with) and of 0 or 1 for categories and bools; two missing cells agree, a missing and a present one differ by 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.solver.typed_cells import Floats, is_number, level_codes, numbers

Singles = NDArray[np.float32]

_STEPS = 2.0**14
"""Distances are whole multiples of 1 / 2**14, so that their sums are exact in single precision, in any order."""
_CHUNK = 64


@dataclass(frozen=True)
class Cells:
    """Rows for Gower's distance: numbers in steps (NaN where missing), and one-hot levels and missing marks."""

    numbers: Singles
    marks: Singles


def gower_cells(tables: Sequence[pd.DataFrame], names: Sequence[str]) -> list[Cells]:
    """Several tables on one scale; the ranges are those of all tables but the first."""
    scaled: list[list[Floats]] = [[] for _ in tables]
    marks: list[list[Floats]] = [[] for _ in tables]
    for name in names:
        columns = [table[name] for table in tables]
        if is_number(columns[0]):
            values = _in_steps([numbers(column) for column in columns])
            blocks = [np.isnan(cells)[:, None].astype(np.float64) for cells in values]
            for rows, cells in zip(scaled, values, strict=True):
                rows.append(cells)
        else:
            levels, coded = level_codes(*columns)
            blocks = [np.eye(len(levels))[codes] for codes in coded]
        for rows, block in zip(marks, blocks, strict=True):
            rows.append(block)
    return [
        Cells(
            np.array(rows, np.float32).reshape(len(rows), len(table)),
            np.hstack(blocks).astype(np.float32),
        )
        for rows, blocks, table in zip(scaled, marks, tables, strict=True)
    ]


def _in_steps(columns: list[Floats]) -> list[Floats]:
    others = np.concatenate(columns[1:])
    known = others[~np.isnan(others)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    width = high - low if high > low else 1.0
    return [np.rint(np.clip((column - low) / width, -1.0, 2.0) * _STEPS) for column in columns]


def nearest(rows: Cells, among: Cells) -> Floats:
    """For each row the distance, up to a constant, to the nearest of `among`; exact, whatever the number of threads."""
    found = np.empty(rows.numbers.shape[1])
    reach = among.numbers.shape[1]
    total, gap = np.empty((_CHUNK, reach), np.float32), np.empty((_CHUNK, reach), np.float32)
    for start in range(0, len(found), _CHUNK):
        part = slice(start, min(start + _CHUNK, len(found)))
        size = part.stop - start
        np.matmul(rows.marks[part] * np.float32(-_STEPS), among.marks.T, out=total[:size])
        for mine, theirs in zip(rows.numbers, among.numbers, strict=True):
            np.subtract(mine[part, None], theirs, out=gap[:size])
            np.abs(gap[:size], out=gap[:size])
            # fmin takes a step over NaN: a missing cell is one whole range away; two of them agree by their marks.
            np.fmin(gap[:size], np.float32(_STEPS), out=gap[:size])
            total[:size] += gap[:size]
        found[part] = total[:size].min(axis=1)
    return found


def learned_share(gain: Floats) -> float:
    """The share of rows that lie nearer to the rows learned from than to unseen ones, ties half.

    Args:
        gain: by row how much farther the nearest unseen row is than the nearest learned one.
    """
    return float((gain > 0).mean() + (gain == 0).mean() / 2)

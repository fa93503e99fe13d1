"""Closeness: do synthetic rows lie nearer to the rows that were learned from than to other real rows?

The share of synthetic rows whose nearest training row is nearer than their nearest test row, out of equally many of
each (ties count half). 0.5 is what a generator that memorises nothing gives, 1 what a copier gives (Platzer and
Reutterer 2021, arXiv:2104.00635). The distance is that of Gower (1971): the sum over columns of |x - y| / range for
numbers and dates (at most 1; the range is that of both sets of real rows) and of 0 or 1 for categories and bools; two
missing cells agree, a missing and a present one differ by 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.evaluation.columns import Floats, is_number, level_codes, numbers
from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows

Singles = NDArray[np.float32]

MOST_CELLS = 8_000_000_000
"""Numbers compared at most; a wider or longer table is judged by some of its synthetic rows."""
_STEPS = 2.0**14
"""Distances are whole multiples of 1 / 2**14, so that their sums are exact in single precision, in any order."""
_CHUNK = 64


@dataclass(frozen=True)
class Cells:
    """Rows for Gower's distance: numbers in steps (NaN where missing), and one-hot levels and missing marks."""

    numbers: Singles
    marks: Singles


def gower_cells(tables: list[pd.DataFrame], names: list[str]) -> list[Cells]:
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


def measure(comparison: Comparison) -> Measured:
    """`dcr_share`."""
    why = need_rows(comparison)
    if why is None and (comparison.test is None or not len(comparison.test)):
        why = "needs test rows"
    if why is None and not comparison.columns:
        why = "no column can be compared"
    if why is not None or comparison.test is None:
        return METRIC.nothing(str(why))
    rng, names = comparison.rng(METRIC.name), list(comparison.columns)
    n = min(len(comparison.real), len(comparison.test))
    most = max(MOST_CELLS // (2 * n * len(names)), 1)
    sizes = {"synthetic": most, "real": n, "test": n}
    parts = [_drawn(getattr(comparison, name), size, rng) for name, size in sizes.items()]
    rows, learned, unseen = gower_cells(parts, names)
    gain = nearest(rows, unseen) - nearest(rows, learned)
    return Measured({"dcr_share": float((gain > 0).mean() + (gain == 0).mean() / 2)})


def _drawn(table: pd.DataFrame, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """At most `n` rows."""
    return table.iloc[np.sort(rng.permutation(len(table))[:n])]


METRIC = Metric("dcr", ("dcr_share",), measure, section="privacy")

"""Which columns depend most on one another: Cramér's V of their binned values, corrected for bias.

Bergsma 2013, "A bias-correction for Cramér's V and Tschuprow's T": independent columns give 0 on average however many
levels they have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from htdbu.evaluation.columns import code_tables
from htdbu.solver.typed_cells import Codes, Floats

BINS = 10
MOST_ROWS = 20_000
"""Rows that are looked at, spread over the table; more would not move the order of pairs that are worth a chart."""
OFTEN = 2
"""Pairs that a column may be part of."""
_LEAST = 0.05
"""Weaker pairs show nothing to the eye."""


def cramers_v(left: Codes, right: Codes, sizes: tuple[int, int]) -> float:
    """The corrected V of two coded columns of equally many rows, from 0 to 1; 0 where either is constant."""
    counts = np.bincount(left * sizes[1] + right, minlength=sizes[0] * sizes[1]).reshape(sizes).astype(np.float64)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n, (rows, columns) = counts.sum(), counts.shape
    if n < 2 or min(rows, columns) < 2:
        return 0.0
    expected: Floats = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    phi = float(((counts - expected) ** 2 / expected).sum()) / n
    corrected = max(phi - (rows - 1) * (columns - 1) / (n - 1), 0.0)
    sides = (k - (k - 1) ** 2 / (n - 1) for k in (rows, columns))
    least = min(sides) - 1
    return float(min(np.sqrt(corrected / least), 1.0)) if least > 0 else 0.0


def strongest_pairs(real: pd.DataFrame, names: Sequence[str], most: int) -> list[tuple[tuple[str, str], float]]:
    """At most so many pairs of the named columns with their V, the strongest first; each column in a few of them."""
    if len(names) < 2 or not len(real):
        return []
    part = real.iloc[:: max(len(real) // MOST_ROWS, 1)]
    coded = code_tables(names, BINS, part)
    codes = coded.tables[0]
    found = [
        ((names[i], names[j]), cramers_v(codes[i], codes[j], (coded.sizes[i], coded.sizes[j])))
        for i, j in combinations(range(len(names)), 2)
    ]
    used: Counter[str] = Counter()
    kept: list[tuple[tuple[str, str], float]] = []
    for pair, strength in sorted(found, key=lambda line: -line[1]):
        if strength < _LEAST or len(kept) == most:
            break
        if all(used[name] < OFTEN for name in pair):
            used.update(pair)
            kept.append((pair, strength))
    return kept

"""Closeness: do synthetic rows lie nearer to the rows that were learned from than to other real rows?

The share of synthetic rows whose nearest training row is nearer than their nearest test row, out of equally many of
each (ties count half). 0.5 is what a generator that memorises nothing gives, 1 what a copier gives (Platzer and
Reutterer 2021, arXiv:2104.00635). The distance is that of Gower, see `htdbu.generators.gower`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.generators.gower import gower_cells, learned_share, nearest

MOST_CELLS = 8_000_000_000
"""Numbers compared at most; a wider or longer table is judged by some of its synthetic rows."""


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
    gain = (nearest(rows, unseen) - nearest(rows, learned))[:, 0]
    return Measured({"dcr_share": learned_share(gain)})


def _drawn(table: pd.DataFrame, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """At most `n` rows."""
    return table.iloc[np.sort(rng.permutation(len(table))[:n])]


METRIC = Metric("dcr", ("dcr_share",), measure, section="privacy")

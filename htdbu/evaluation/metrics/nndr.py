"""NNDR, nearest-neighbour distance ratio: do synthetic rows sit on single real rows?

For a synthetic row, the distance to the nearest real row divided by that to the second nearest: near 0 where it copies
one real row that stands alone, near 1 where no single real row is singled out (1 where both distances are 0). `nndr` is
the 5th percentile over the synthetic rows, as in Zhao, Kunar, Birke, Chen 2021 ("CTAB-GAN", ACML, section 4.3); higher
is better. The distance is that of Gower, see `htdbu.generators.gower`; of a large table some synthetic rows are judged,
drawn by seed.

Floor: the same of real rows, each held against all others; the mean over 20 tables of as many real rows, drawn with
replacement. `nndr_spread` is the standard deviation of these.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.parts import some
from htdbu.generators.gower import gower_cells, nearest
from htdbu.solver.typed_cells import Floats

PERCENTILE = 5
REPEATS = 20
FEWEST_ROWS = 3
MOST_CELLS = 4_000_000_000
"""Numbers compared at most, once for the synthetic rows and once for the floor."""


def ratios(rows: pd.DataFrame, real: pd.DataFrame, names: Sequence[str], own: int = 0) -> Floats:
    """By row the distance to the nearest real row, divided by that to the second nearest.

    Args:
        own: 1 where the rows are real rows themselves, each of which is its own nearest; else 0.
    """
    cells, among = gower_cells([rows, real], names)
    found = nearest(cells, among, own + 2)
    first, second = found[:, own].astype(np.float64), found[:, own + 1]
    return np.divide(first, second, out=np.ones(len(found)), where=second > 0)


def measure(comparison: Comparison) -> Measured:
    """`nndr` with its floor and spread."""
    why, real, names = need_rows(comparison), comparison.real, comparison.columns
    if why is None and not names:
        why = "no column can be compared"
    if why is None and len(real) < FEWEST_ROWS:
        why = f"needs at least {FEWEST_ROWS} real rows"
    if why is not None:
        return METRIC.nothing(why)
    rng = comparison.rng(METRIC.name)
    most = max(MOST_CELLS // (len(real) * len(names)), 1)
    judged = some(comparison.synthetic, most, rng)
    held = ratios(some(real, most, rng), real, names, own=1)
    draws = [np.percentile(rng.choice(held, len(judged)), PERCENTILE) for _ in range(REPEATS)]
    values = {
        "nndr": float(np.percentile(ratios(judged, real, names), PERCENTILE)),
        "nndr_floor": float(np.mean(draws)),
        "nndr_spread": float(np.std(draws)),
    }
    return Measured(values)


METRIC = Metric("nndr", ("nndr", "nndr_floor", "nndr_spread"), measure, section="privacy")

"""Pile-up: do rows crowd at the bounds that rules set, where a repair moves what breaks them?

For every end of a domain, and for every rule and number or date that it reads, the share of rows that stand at the
bound: one step further (1, a cent, a day) and the rule would be broken; see `htdbu.evaluation.edges`. A repair to the
nearest valid row moves rows to just there, so a share above the real one tells of it. The measure is our own.

Floor: the mean of |share - real share| over 20 tables of as many rows, drawn from the real rows with replacement.
"""

from __future__ import annotations

import numpy as np

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.edges import edges
from htdbu.solver.encoding import encode

REPEATS = 20


def measure(comparison: Comparison) -> Measured:
    """`pile_up`: a list, one entry a bound."""
    why = need_rows(comparison)
    if why is not None:
        return METRIC.nothing(why)
    program, raw, names = comparison.program, comparison.raw, comparison.columns
    real, synthetic = (edges(program, encode(program, table, raw.nulls), names) for table in (raw.real, raw.synthetic))
    draws = comparison.resampled(METRIC.name, REPEATS)
    lines = []
    for before, after in zip(real, synthetic, strict=True):
        share = float(before.rows.mean())
        floor = float(np.mean([abs(before.rows[drawn].mean() - share) for drawn in draws]))
        place = {"column": before.column, "bound": before.bound, "rule": before.rule}
        lines.append({**place, "real": share, "synthetic": float(after.rows.mean()), "floor": floor})
    return Measured({"pile_up": lines})


METRIC = Metric("pile_up", ("pile_up",), measure)

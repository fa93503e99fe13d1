"""Alpha-precision: do synthetic rows lie where real rows are typical?

P(a) is the share of synthetic rows inside the smallest ball around the mean of the real rows that holds a share `a` of
these; alpha-precision is 1 - 2 * integral over a in 0..1 of |P(a) - a|, 1 at best (Alaa, van Breugel, Saveliev, van der
Schaar 2022, ICML, "How faithful is your synthetic data?", sections 3 and 4). The paper learns an embedding for every
table; here it is fixed (standardised numbers and one-hot levels, see `htdbu.evaluation.embedding`), so that scores of
two tables can be compared. The real rows are the test rows where there are any, else one half of the real ones; at most
20,000 rows of each, drawn by seed.

Floor: the mean of what five tables of as many other real rows score, drawn with replacement; `_spread` is the standard
deviation of these. In a table of few distinct rows ties keep even real rows below 1.
"""

from __future__ import annotations

import numpy as np

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.embedding import Points, embed
from htdbu.evaluation.parts import reference_and_rest, some
from htdbu.solver.typed_cells import Floats

REPEATS = 5
MOST_ROWS = 20_000
STEPS = 1_000
"""Steps of the integral."""


def alpha_precision(reference: Points, rows: Points) -> float:
    """Integrated alpha-precision of some rows against real ones, one or more of each."""
    return agreement(within(reference.from_centre(reference), rows.from_centre(reference)))


def within(radii: Floats, distances: Floats) -> Floats:
    """By share (i + 1/2) / STEPS how many of `distances`, as a share, are within that quantile of `radii`."""
    shares = (np.arange(STEPS) + 0.5) / STEPS
    balls = np.sort(radii)[np.ceil(shares * len(radii)).astype(np.int64) - 1]
    return np.searchsorted(np.sort(distances), balls, side="right") / len(distances)


def agreement(curve: Floats) -> float:
    """1 - 2 * integral of |curve(a) - a|."""
    return float(1 - 2 * np.abs(curve - (np.arange(STEPS) + 0.5) / STEPS).mean())


def measure(comparison: Comparison) -> Measured:
    """`alpha_precision` with its floor and spread."""
    why = need_rows(comparison)
    if why is None and not comparison.columns:
        why = "no column can be compared"
    if why is not None:
        return METRIC.nothing(why)
    rng = comparison.rng(METRIC.name)
    reference, rest = reference_and_rest(comparison, rng)
    n = min(len(reference), len(comparison.synthetic), MOST_ROWS)
    tables = [some(comparison.synthetic, n, rng), rest]
    real, synthetic, others = embed(some(reference, n, rng), tables, comparison.columns)
    values: dict[str, float | None] = dict.fromkeys(METRIC.keys)
    values["alpha_precision"] = alpha_precision(real, synthetic)
    if not len(rest):
        return Measured(values, (f"{METRIC.name}: one real row has no floor",))
    scores = [alpha_precision(real, others.take(rng.integers(len(rest), size=n))) for _ in range(REPEATS)]
    values["alpha_precision_floor"], values["alpha_precision_spread"] = float(np.mean(scores)), float(np.std(scores))
    return Measured(values)


METRIC = Metric(
    "alpha_precision",
    ("alpha_precision", "alpha_precision_floor", "alpha_precision_spread"),
    measure,
    section="fidelity",
)

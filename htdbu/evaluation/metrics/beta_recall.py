"""Beta-recall: are all kinds of real rows among the synthetic ones?

R(b) is the share of real rows that have a synthetic row at least as near as their nearest other real row, counting only
the synthetic rows inside the smallest ball around their mean that holds a share `b` of them; beta-recall is
1 - 2 * integral over b in 0..1 of |R(b) - b|, 1 at best (Alaa, van Breugel, Saveliev, van der Schaar 2022, ICML, "How
faithful is your synthetic data?", sections 3 and 4, with k = 1). Embedding and real rows as for alpha-precision, as
many real as synthetic rows, at most 10,000 of each, drawn by seed.

Floor: the mean of what three tables of as many other real rows score, drawn with replacement; `_spread` is the standard
deviation of these. Real rows do not reach 1: of a real and a fresh row either is the nearer one half of the time, which
gives about 0.5, and less with repeats among the drawn rows.
"""

from __future__ import annotations

import numpy as np

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.embedding import Points, embed, first_within, nearest_neighbour
from htdbu.evaluation.metrics.alpha_precision import agreement, within
from htdbu.evaluation.parts import reference_and_rest, some
from htdbu.solver.typed_cells import Codes

REPEATS = 3
MOST_ROWS = 10_000
FEWEST_ROWS = 2


def beta_recall(reference: Points, radius: Codes, rows: Points) -> float:
    """Integrated beta-recall of one or more rows; `radius` is the squared distance of each real row to the next."""
    distances = rows.from_centre(rows)
    order = np.argsort(distances, kind="stable")
    # The first row from the centre outwards that is near enough says how large the ball has to be.
    first = first_within(reference, radius, rows.take(order))
    reached = np.where(first < 0, np.inf, distances[order][first])
    return agreement(within(distances, reached))


def measure(comparison: Comparison) -> Measured:
    """`beta_recall` with its floor and spread."""
    why = need_rows(comparison)
    rng = comparison.rng(METRIC.name)
    reference, rest = reference_and_rest(comparison, rng)
    n = min(len(reference), len(comparison.synthetic), MOST_ROWS)
    if why is None and not comparison.columns:
        why = "no column can be compared"
    if why is None and n < FEWEST_ROWS:
        why = "needs two rows of either kind"
    if why is not None:
        return METRIC.nothing(why)
    tables = [some(comparison.synthetic, n, rng), rest]
    real, synthetic, others = embed(some(reference, n, rng), tables, comparison.columns)
    radius = nearest_neighbour(real)
    values: dict[str, float | None] = dict.fromkeys(METRIC.keys)
    values["beta_recall"] = beta_recall(real, radius, synthetic)
    draws = [others.take(rng.integers(len(rest), size=n)) for _ in range(REPEATS)]
    scores = [beta_recall(real, radius, drawn) for drawn in draws]
    values["beta_recall_floor"], values["beta_recall_spread"] = float(np.mean(scores)), float(np.std(scores))
    return Measured(values)


METRIC = Metric("beta_recall", ("beta_recall", "beta_recall_floor", "beta_recall_spread"), measure, section="fidelity")

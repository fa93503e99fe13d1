"""Closeness: do synthetic rows lie nearer to the rows that were learned from than to other real rows?

The share of synthetic rows whose nearest training row is nearer than their nearest test row, out of equally many of
each (ties count half). 0.5 is what a generator that memorises nothing gives, 1 what a copier gives (Platzer and
Reutterer 2021, arXiv:2104.00635). The distance is that of Gower, see `htdbu.generators.gower`. It needs test rows; of a
large table some synthetic rows are judged, drawn by seed.

Floor: 0.5 and the mean distance from it over three tables of real rows that are judged in the place of the synthetic
ones, and are neither among the training rows that they are held against nor among the test rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.parts import Trial, beyond_chance, real_trial, some
from htdbu.generators.gower import gower_cells, learned_share, nearest

REPEATS = 3
MOST_CELLS = 8_000_000_000
"""Numbers compared at most; a wider or longer table is judged by some of its synthetic rows, and so are the floors."""


def nearer_share(trial: Trial, names: Sequence[str]) -> float:
    """The share of judged rows that lie nearer to a learned row than to an unseen one; one or more of each."""
    rows, learned, unseen = gower_cells([trial.judged, trial.learned, trial.unseen], names)
    return learned_share((nearest(rows, unseen) - nearest(rows, learned))[:, 0])


def measure(comparison: Comparison) -> Measured:
    """`dcr_share` and `dcr_floor`."""
    why, real, test = need_rows(comparison), comparison.real, comparison.test
    if why is None and (test is None or not len(test)):
        why = "needs test rows"
    if why is None and not comparison.columns:
        why = "no column can be compared"
    if why is not None or test is None:
        return METRIC.nothing(str(why))
    rng, names = comparison.rng(METRIC.name), comparison.columns
    n = min(len(real), len(test))
    most = max(MOST_CELLS // (2 * n * len(names)), 1)
    judged = some(comparison.synthetic, most, rng)
    share = nearer_share(Trial(some(real, n, rng), some(test, n, rng), judged), names)
    trials = [real_trial(real, test, n, max(min(len(judged), most // REPEATS), 1), rng) for _ in range(REPEATS)]
    floor = beyond_chance([nearer_share(trial, names) for trial in trials if trial is not None])
    notes = () if floor is not None else (f"{METRIC.name}: one real row has no floor",)
    return Measured({"dcr_share": share, "dcr_floor": floor}, notes)


METRIC = Metric("dcr", ("dcr_share", "dcr_floor"), measure, section="privacy")

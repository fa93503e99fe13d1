"""Membership inference: can one who holds a real row tell from the synthetic table whether it was learned from?

The attack calls a row a member the nearer its nearest synthetic row is (Chen, Yu, Zhang, Fritz 2020, "GAN-Leaks", CCS,
the black-box attack; a holdout as non-members as in van Breugel, Sun, Qian, van der Schaar 2023, AISTATS). `mia_auc` is
the area under the ROC curve of this score over rows that were learned from and equally many test rows, at most 10,000
of each, drawn by seed: 0.5 is a coin toss, 1 gives every member away. The distance is that of Gower, see
`htdbu.generators.gower`. It needs test rows. An attacker may know better attacks: a high value is evidence, a low one
no proof.

Floor: 0.5 and the mean distance from it over three attacks on real rows in the place of the synthetic ones, which
neither the members nor the others have any part in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.parts import Trial, beyond_chance, real_trial, some
from htdbu.generators.gower import gower_cells, nearest

REPEATS = 3
MOST_ROWS = 10_000
MOST_CELLS = 4_000_000_000
"""Numbers compared at most in one attack; of a larger synthetic table some rows are used."""


def attack_auc(trial: Trial, names: Sequence[str]) -> float:
    """The AUC of telling learned from unseen rows by their distance to the nearest judged one; one or more of each."""
    rows = pd.concat([trial.learned[list(names)], trial.unseen[list(names)]], ignore_index=True)
    cells, among = gower_cells([rows, trial.judged], names)
    member = np.repeat([True, False], [len(trial.learned), len(trial.unseen)])
    return float(roc_auc_score(member, -nearest(cells, among)[:, 0]))


def measure(comparison: Comparison) -> Measured:
    """`mia_auc` and `mia_floor`."""
    why, real, test, names = need_rows(comparison), comparison.real, comparison.test, comparison.columns
    if why is None and (test is None or not len(test)):
        why = "needs test rows"
    if why is None and not names:
        why = "no column can be compared"
    if why is not None or test is None:
        return METRIC.nothing(str(why))
    rng = comparison.rng(METRIC.name)
    n = min(len(real), len(test), MOST_ROWS)
    most = max(MOST_CELLS // (2 * n * len(names)), 1)
    trial = Trial(some(real, n, rng), some(test, n, rng), some(comparison.synthetic, most, rng))
    blind = [real_trial(real, test, n, len(trial.judged), rng) for _ in range(REPEATS)]
    floor = beyond_chance([attack_auc(each, names) for each in blind if each is not None])
    notes = () if floor is not None else (f"{METRIC.name}: one real row has no floor",)
    return Measured({"mia_auc": attack_auc(trial, names), "mia_floor": floor}, notes)


METRIC = Metric("mia", ("mia_auc", "mia_floor"), measure, section="privacy")

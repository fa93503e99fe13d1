"""Detection: can a strong classifier tell synthetic rows from real ones?

The area under the ROC curve of gradient-boosted trees that are trained to tell the two apart, the mean over three
folds of cross-validation ("classifier two-sample test", Lopez-Paz and Oquab 2017, arXiv:1610.06545). 0.5 is perfect,
1 is told apart every time. The real rows are the test rows where there are any, as a table that repeats its training
rows could not be told from these. Both sides have equally many rows, at most 20,000, drawn by seed.

Floor: 0.5 and the mean distance from it over three pairs of real tables that share no row: as many real rows drawn by
seed against test rows, or without these two halves of the real rows.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xgboost
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.learners.boosted import features
from htdbu.evaluation.parts import beyond_chance, reference_and_rest, some
from htdbu.solver.typed_cells import Codes, Floats

FOLDS = 3
ROUNDS = 100
REPEATS = 3
FEWEST_ROWS = 10
MOST_ROWS = 20_000
"""Rows of each kind; more would cost time and no longer move the second digit."""
SETTINGS = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 5,
    "eta": 0.1,
    "nthread": 1,  # the sums of several threads differ in their last bits
    "verbosity": 0,
}


def detection_auc(real: pd.DataFrame, synthetic: pd.DataFrame, names: list[str], seed: int) -> float:
    """The cross-validated AUC of telling the rows of two typed tables apart; each holds at least `FOLDS` rows."""
    sides, types = features(real[names], synthetic[names])
    cells = np.concatenate(sides)
    truth = np.repeat(np.array([0, 1]), [len(real), len(synthetic)])
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(cells, truth)
    return float(np.mean([_fold(cells, types, truth, train, test, seed) for train, test in folds]))


def _fold(cells: Floats, types: list[str], truth: Codes, train: Codes, test: Codes, seed: int) -> float:
    def matrix(rows: Codes) -> xgboost.DMatrix:
        return xgboost.DMatrix(cells[rows], truth[rows], feature_types=types, enable_categorical=True, nthread=1)

    model = xgboost.train({**SETTINGS, "seed": seed}, matrix(train), ROUNDS)
    return float(roc_auc_score(truth[test], model.predict(matrix(test))))


def measure(comparison: Comparison) -> Measured:
    """`c2st_auc` and `c2st_floor`."""
    real = comparison.real if comparison.test is None else comparison.test
    n = min(len(real), len(comparison.synthetic), MOST_ROWS)
    why = need_rows(comparison)
    if why is None and not comparison.columns:
        why = "no column can be compared"
    if why is None and n < FEWEST_ROWS:
        why = f"needs at least {FEWEST_ROWS} real and {FEWEST_ROWS} synthetic rows"
    if why is not None:
        return METRIC.nothing(why)
    rng = comparison.rng(METRIC.name)
    sides = [table.iloc[np.sort(rng.permutation(len(table))[:n])] for table in (real, comparison.synthetic)]
    auc = detection_auc(sides[0], sides[1], list(comparison.columns), comparison.seed("folds"))
    floor = beyond_chance([score for score in _of_real_rows(comparison, n) if score is not None])
    notes = () if floor is not None else (f"{METRIC.name}: too few real rows for a floor",)
    return Measured({"c2st_auc": auc, "c2st_floor": floor}, notes)


def _of_real_rows(comparison: Comparison, n: int) -> Iterator[float | None]:
    """The AUC of telling real rows from other real rows, of each at most `n`; None where there are too few."""
    rng, names = comparison.rng("c2st floor"), list(comparison.columns)
    for _ in range(REPEATS):
        pair = reference_and_rest(comparison, rng)
        size = min(n, *(len(table) for table in pair))
        sides = [some(table, size, rng) for table in pair]
        yield detection_auc(sides[0], sides[1], names, comparison.seed("folds")) if size >= FEWEST_ROWS else None


METRIC = Metric("c2st", ("c2st_auc", "c2st_floor"), measure, section="fidelity")

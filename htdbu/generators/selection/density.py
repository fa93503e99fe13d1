"""How much likelier a row is among real rows than among sampled ones, from a classifier that tells the two apart."""

from __future__ import annotations

import numpy as np
import xgboost

from htdbu.generators.arrays import Floats, Ints
from htdbu.generators.draws import stream
from htdbu.generators.selection.features import Features

ROUNDS, FOLDS = 3, 2
_TREES = 60
_MOST_REAL, _MOST_POOL = 50_000, 200_000
"""Rows that a classifier learns from; more would hardly move what it says."""
_MOST_RATIO = 20.0
_SETTINGS = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 5,
    "eta": 0.1,
    "min_child_weight": 5,
    "nthread": 1,  # the sums of several threads differ in their last bits
    "verbosity": 0,
}


def density_ratios(features: Features, weights: Floats, seed: int) -> Floats:
    """For each pool row the ratio of the two densities, its mean 1 (Sugiyama et al. 2012, section 4).

    Rows are judged by classifiers that did not learn from them, and in rounds, each of which corrects the one before.

    Args:
        weights: how much each real row counts.
    """
    n_real, n = features.n_real, len(features.cells)
    truth = np.arange(n) < n_real
    ratios = np.ones(n - n_real)
    for round_ in range(ROUNDS):
        balanced = np.concatenate([weights / weights.sum(), ratios / ratios.sum()]) * n
        odds = np.zeros(n)
        rng = stream(seed, round_)
        fold = rng.integers(FOLDS, size=n)
        for k in range(FOLDS):
            learn = _some(rng, np.flatnonzero((fold != k) & (balanced > 0)), n_real)
            asked = np.flatnonzero((fold == k) & ~truth)
            data = _matrix(features, learn)
            data.set_label(truth[learn])
            data.set_weight(balanced[learn])
            booster = xgboost.train(_SETTINGS | {"seed": seed % 2**31}, data, _TREES)
            odds[asked] = booster.predict(_matrix(features, asked), output_margin=True)
        ratios *= np.exp(np.clip(odds[n_real:], -5, 5))
        ratios = np.clip(ratios / ratios.mean(), 1 / _MOST_RATIO, _MOST_RATIO)
    return ratios


def _some(rng: np.random.Generator, rows: Ints, n_real: int) -> Ints:
    """Some rows to learn from: not more real ones, nor more of the pool, than are of use."""
    parts = [rows[rows < n_real], rows[rows >= n_real]]
    for k, most in enumerate((_MOST_REAL, _MOST_POOL)):
        if parts[k].size > most:
            parts[k] = np.sort(rng.choice(parts[k], most, replace=False))
    return np.concatenate(parts)


def _matrix(features: Features, rows: Ints) -> xgboost.DMatrix:
    return xgboost.DMatrix(features.cells[rows], feature_types=list(features.kinds), enable_categorical=True, nthread=1)

"""Linear models of mixed tables: logistic regression for classes, ridge regression for numbers.

Both are L2-regularised with a strength of 1 (C = 1, alpha = 1) on standardised features, and computed on one thread, so
that the last bits do not depend on the machine's cores.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from htdbu.evaluation.grading import Answers, few_rows_a_class
from htdbu.evaluation.learners.learner import Learner
from htdbu.solver.typed_cells import Codes, Floats, is_number, level_codes, numbers

MOST_LEVELS = 100
"""A category's most frequent levels get a feature each; rarer ones share the absence of all of them."""
MOST_STEPS = 2_000


def design(train: pd.DataFrame, test: pd.DataFrame, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Feature matrices of two tables, learned from the first alone.

    Numbers are standardised, a missing one is the median and sets an indicator; categories and bools are one-hot, with
    missing as a level. What is constant in `train` gives no feature.
    """
    blocks = [(_number_block if is_number(train[name]) else _level_block)(train[name], test[name]) for name in names]
    left, right = ([block[side] for block in blocks] for side in (0, 1))
    return np.hstack([np.empty((len(train), 0)), *left]), np.hstack([np.empty((len(test), 0)), *right])


def _number_block(train: pd.Series, test: pd.Series) -> tuple[Floats, Floats]:
    values = numbers(train)
    gone = np.isnan(values)
    if gone.all():
        return np.empty((len(train), 0)), np.empty((len(test), 0))
    median = float(np.median(values[~gone]))
    filled = np.where(gone, median, values)
    mean, spread = float(filled.mean()), float(filled.std())

    def block(series: pd.Series) -> Floats:
        cells = numbers(series)
        missing = np.isnan(cells)
        columns = [(np.where(missing, median, cells) - mean) / spread] if spread > 0 else []
        columns += [missing.astype(np.float64)] if gone.any() else []
        return np.column_stack(columns) if columns else np.empty((len(series), 0))

    return block(train), block(test)


def _level_block(train: pd.Series, test: pd.Series) -> tuple[Floats, Floats]:
    levels, (known, asked) = level_codes(train, test)
    counts = np.bincount(known, minlength=len(levels))
    kept = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    kept = np.sort(kept[counts[kept] > 0])
    if len(kept) < 2:
        kept = kept[:0]
    features = [(codes[:, None] == kept[None, :]).astype(np.float64) for codes in (known, asked)]
    return features[0], features[1]


def classify(train: pd.DataFrame, truth: Codes, asked: pd.DataFrame, n_classes: int, seed: int) -> Answers | None:
    """Logistic regression; None where no column tells the rows apart. `truth` holds two classes or more."""
    features, other = design(train, asked, list(train.columns))
    if not features.shape[1]:
        return None
    model = LogisticRegression(max_iter=MOST_STEPS)
    with threadpool_limits(limits=1), few_rows_a_class(), warnings.catch_warnings():
        # A model that is still improving after so many steps is good enough to be measured.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features, truth)
        known = model.predict_proba(other)
    return Answers.of(known, model.classes_, n_classes)


def regress(train: pd.DataFrame, truth: Floats, asked: pd.DataFrame, seed: int) -> Floats | None:
    """Ridge regression; None where no column tells the rows apart."""
    features, other = design(train, asked, list(train.columns))
    if not features.shape[1]:
        return None
    with threadpool_limits(limits=1):
        answers: Floats = Ridge(solver="cholesky").fit(features, truth).predict(other)
    return answers


LEARNER = Learner("linear", classify, regress)

"""Logistic regression on mixed tables, and how its answers are scored."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from htdbu.solver.typed_cells import Codes, Floats, is_number, level_codes, numbers

MOST_LEVELS = 100
"""A category's most frequent levels get a feature each; rarer ones share the absence of all of them."""
MOST_STEPS = 2_000


@dataclass(frozen=True)
class Task:
    """A classification: the classes by name, and the positive one (None where there are more than two)."""

    classes: tuple[str, ...]
    positive: int | None


@dataclass(frozen=True)
class Answers:
    """What a model says of rows: the class, (rows,), and the probability of each class, (rows, classes)."""

    classes: Codes
    probabilities: Floats


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


def learn_and_answer(features: Floats, truth: Codes, asked: Floats, n_classes: int) -> Answers:
    """Fit logistic regression (L2, C = 1) and ask it about other rows; classes it never saw get probability 0.

    Computed on one thread, so that the last bits do not depend on the machine's cores. `truth` holds two classes or
    more.
    """
    model = LogisticRegression(max_iter=MOST_STEPS)
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # A model that is still improving after so many steps is good enough to be measured.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features, truth)
        known = model.predict_proba(asked)
    probabilities = np.zeros((len(asked), n_classes))
    probabilities[:, model.classes_] = known
    return Answers(model.classes_[known.argmax(axis=1)].astype(np.int64), probabilities)


def grade(answers: Answers, truth: Codes, task: Task) -> dict[str, float | None]:
    """Accuracy, F1 and AUROC of answers.

    F1 and AUROC are those of the positive class, or with several classes the plain mean over the classes that the rows
    hold (one against the rest). None where the rows hold one class alone, as both are undefined there.
    """
    accuracy = float((answers.classes == truth).mean())
    held = np.unique(truth)
    if len(held) < 2:
        return {"accuracy": accuracy, "f1": None, "auroc": None}
    judged = held if task.positive is None else np.array([task.positive])
    f1 = f1_score(truth, answers.classes, labels=judged, average="macro", zero_division=0.0)
    auroc = [roc_auc_score(truth == k, answers.probabilities[:, k]) for k in judged]
    return {"accuracy": accuracy, "f1": float(f1), "auroc": float(np.mean(auroc))}

"""What a model is asked to learn, what it answers, and how the answers are scored."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from htdbu.solver.typed_cells import Codes, Floats

Scores = dict[str, float | None]
NOTHING: Scores = {"accuracy": None, "f1": None, "auroc": None, "rmse": None, "r2": None}


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

    @classmethod
    def of(cls, probabilities: Floats, known: Codes, n_classes: int) -> Answers:
        """From the probabilities of the classes that a model knows, (rows, known); others get probability 0."""
        spread = np.zeros((len(probabilities), n_classes))
        spread[:, known] = probabilities
        return cls(known[probabilities.argmax(axis=1)].astype(np.int64), spread)


@contextmanager
def few_rows_a_class() -> Iterator[None]:
    """Let scikit-learn take classes for what they are where hardly a row of each is there; it warns of numbers else."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
        yield


def grade(answers: Answers, truth: Codes, task: Task) -> Scores:
    """Accuracy, F1 and AUROC of answers.

    F1 and AUROC are those of the positive class, or with several classes the plain mean over the classes that the rows
    hold (one against the rest). None where the rows hold one class alone, as both are undefined there.
    """
    accuracy = float((answers.classes == truth).mean())
    held = np.unique(truth)
    if len(held) < 2:
        return {**NOTHING, "accuracy": accuracy}
    judged = held if task.positive is None else np.array([task.positive])
    with few_rows_a_class():
        f1 = f1_score(truth, answers.classes, labels=judged, average="macro", zero_division=0.0)
    auroc = [roc_auc_score(truth == k, answers.probabilities[:, k]) for k in judged]
    return {**NOTHING, "accuracy": accuracy, "f1": float(f1), "auroc": float(np.mean(auroc))}


def grade_numbers(answers: Floats, truth: Floats) -> Scores:
    """RMSE, in the units of the target (dates: seconds), and R2 = 1 - sum (y - answer)^2 / sum (y - mean)^2.

    R2 is None where all rows have the same target, as it is undefined there.
    """
    squares, spread = float(np.mean((truth - answers) ** 2)), float(np.var(truth))
    return {**NOTHING, "rmse": float(np.sqrt(squares)), "r2": 1 - squares / spread if spread > 0 else None}

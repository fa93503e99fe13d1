"""What a model learns of the target from some rows, judged on real ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from htdbu.evaluation.learning import Task, design, grade, learn_and_answer
from htdbu.solver.typed_cells import level_codes


def downstream_auroc(train: pd.DataFrame, judge: pd.DataFrame, target: str) -> float | None:
    """AUROC of a logistic regression learned from some rows and judged on others; None where it is not defined."""
    levels, (truth, asked) = level_codes(train[target], judge[target])
    known, judged = truth < len(levels) - 1, asked < len(levels) - 1
    classes = levels[:-1]
    if len(np.unique(truth[known])) < 2 or len(np.unique(asked[judged])) < 2:
        return None
    names = [str(name) for name in train if name != target]
    features, questions = design(train[known], judge[judged], names)
    if not features.shape[1]:
        return None
    counts = np.bincount(asked[judged], minlength=len(classes))
    held = np.flatnonzero(counts)
    task = Task(classes, int(held[counts[held].argmin()]) if len(held) == 2 else None)
    answers = learn_and_answer(features, truth[known], questions, len(classes))
    return grade(answers, asked[judged], task)["auroc"]

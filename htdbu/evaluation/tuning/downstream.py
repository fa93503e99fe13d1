"""What a model learns of the target from some rows, judged on real ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from htdbu.evaluation.grading import grade
from htdbu.evaluation.learners import linear
from htdbu.evaluation.tasks import class_task, labelled


def downstream_auroc(train: pd.DataFrame, judge: pd.DataFrame, target: str) -> float | None:
    """AUROC of a logistic regression learned from some rows and judged on others; None where it is not defined."""
    names = [str(name) for name in train if name != target]
    classes, (lesson, test) = labelled([train, judge], target, names)
    truth, asked = (rows.truth.astype(np.int64) for rows in (lesson, test))
    if not classes or min(len(np.unique(truth)), len(np.unique(asked))) < 2:
        return None
    answers = linear.LEARNER.classify(lesson.rows, truth, test.rows, len(classes), 0)
    if answers is None:
        return None
    task = class_task(classes, np.bincount(asked, minlength=len(classes)))
    return grade(answers, asked, task)["auroc"]

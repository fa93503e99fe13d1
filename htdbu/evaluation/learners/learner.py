"""What a learner is: two functions that learn from one typed table and answer for the rows of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from htdbu.evaluation.grading import Answers
from htdbu.solver.typed_cells import Codes, Floats


@dataclass(frozen=True)
class Learner:
    """A kind of model.

    Attributes:
        name: its key in `utility`.
        classify: given the rows to learn from (features alone), their classes (two or more), the rows to answer for,
            how many classes there are, and a seed.
        regress: given the rows to learn from, their targets, the rows to answer for, and a seed.
        most_rows: it learns from so many at most; None is no limit.

    Both give None where no column tells the rows apart.
    """

    name: str
    classify: Callable[[pd.DataFrame, Codes, pd.DataFrame, int, int], Answers | None]
    regress: Callable[[pd.DataFrame, Floats, pd.DataFrame, int], Floats | None]
    most_rows: int | None = None

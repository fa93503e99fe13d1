"""Gradient-boosted trees (Chen and Guestrin 2016, "XGBoost", KDD), for classes and for numbers.

The settings are the same for all tables: depth 5, step 0.1, 100 rounds; with k classes a round grows k trees, so there
are 500 / k rounds then, at least 20. One thread, since the sums of several differ in their last bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xgboost

from htdbu.evaluation.grading import Answers
from htdbu.evaluation.learners.learner import Learner
from htdbu.solver.typed_cells import Codes, Floats, is_number, level_codes, numbers

ROUNDS = 100
_FEWEST_ROUNDS, _MOST_TREES = 20, 500
MOST_ROWS = 50_000
SETTINGS = {"tree_method": "hist", "max_depth": 5, "eta": 0.1, "nthread": 1, "verbosity": 0}


def features(*tables: pd.DataFrame) -> tuple[list[Floats], list[str]]:
    """The columns of several tables as XGBoost reads them, NaN where a cell is missing; and the kind of each column."""
    columns: list[list[Floats]] = [[] for _ in tables]
    kinds = []
    for name in tables[0].columns:
        cells = [table[name] for table in tables]
        kinds.append("q" if is_number(cells[0]) else "c")
        for column, values in zip(columns, _values(cells), strict=True):
            column.append(values)
    matrices = [
        np.column_stack(column) if column else np.empty((len(table), 0))
        for column, table in zip(columns, tables, strict=True)
    ]
    return matrices, kinds


def _values(cells: list[pd.Series]) -> list[Floats]:
    if is_number(cells[0]):
        return [numbers(column) for column in cells]
    levels, coded = level_codes(*cells)
    return [np.where(codes == len(levels) - 1, np.nan, codes) for codes in coded]


def classify(train: pd.DataFrame, truth: Codes, asked: pd.DataFrame, n_classes: int, seed: int) -> Answers | None:
    """Trees on the log loss; None where no column tells the rows apart. `truth` holds two classes or more."""
    known, labels = np.unique(truth, return_inverse=True)
    if len(known) == 2:
        said = _learn(train, labels, asked, {"objective": "binary:logistic", "seed": seed}, ROUNDS)
        return None if said is None else Answers.of(np.column_stack([1 - said, said]), known, n_classes)
    settings = {"objective": "multi:softprob", "num_class": len(known), "seed": seed}
    said = _learn(train, labels, asked, settings, min(ROUNDS, max(_FEWEST_ROUNDS, _MOST_TREES // len(known))))
    return None if said is None else Answers.of(said, known, n_classes)


def regress(train: pd.DataFrame, truth: Floats, asked: pd.DataFrame, seed: int) -> Floats | None:
    """Trees on the squared error, of the standardised target, since XGBoost computes in single precision."""
    middle, width = float(truth.mean()), float(truth.std()) or 1.0
    said = _learn(train, (truth - middle) / width, asked, {"objective": "reg:squarederror", "seed": seed}, ROUNDS)
    return None if said is None else said * width + middle


def _learn(
    train: pd.DataFrame, truth: Codes | Floats, asked: pd.DataFrame, settings: dict[str, Any], rounds: int
) -> Floats | None:
    (known, other), kinds = features(train, asked)
    if not any(_varies(column) for column in known.T):
        return None
    data = {"feature_types": kinds, "enable_categorical": True, "nthread": 1}
    model = xgboost.train({**SETTINGS, **settings}, xgboost.DMatrix(known, truth, **data), rounds)
    return np.asarray(model.predict(xgboost.DMatrix(other, **data)), dtype=np.float64)


def _varies(column: Floats) -> bool:
    gone = np.isnan(column)
    present = column[~gone]
    return bool(present.size and (gone.any() or present.min() < present.max()))


LEARNER = Learner("xgboost", classify, regress, MOST_ROWS)

"""What synthetic rows are judged by beside `htdbu.evaluate`: parts of tables, and XGBoost as the model downstream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xgboost
from sklearn.metrics import f1_score, roc_auc_score

from benchmarks.runs import Figures
from htdbu.compiler.program import Program
from htdbu.evaluation.columns import is_number, level_codes, numbers
from htdbu.evaluation.learners.boosted import features
from htdbu.evaluation.metrics.detection import MOST_ROWS, SETTINGS, detection_auc
from htdbu.solver.typed import typed_frame

ROUNDS = 200
"""Trees of the model downstream; its other settings are those of the detector, chosen once and for all tables."""


def comparable(program: Program) -> list[str]:
    """The columns that are compared: no keys, no texts."""
    return [column.name for column in program.columns if column.type.kind != "text" and not column.key]


def detect(program: Program, real: pd.DataFrame, synthetic: pd.DataFrame, seed: int, balanced: bool = True) -> float:
    """XGB-AUC: how well XGBoost tells the rows of two tables apart, by cross-validation.

    Args:
        balanced: whether as many rows of each are compared; with few rows of one kind all of the other tell more.
    """
    typed = [typed_frame(program, table) for table in (real, synthetic)]
    most = min(*(len(table) for table in typed), MOST_ROWS) if balanced else MOST_ROWS
    sides = [table.sample(min(most, len(table)), random_state=seed).reset_index(drop=True) for table in typed]
    return detection_auc(sides[0], sides[1], comparable(program), seed)


def range_coverage(program: Program, real: pd.DataFrame, synthetic: pd.DataFrame) -> float:
    """How much of the range of each number the synthetic rows reach over, at most 1; the mean over all numbers."""
    typed = [typed_frame(program, table) for table in (real, synthetic)]
    shares = []
    for name in comparable(program):
        if is_number(typed[0][name]):
            (low, high), (least, most) = ((np.nanmin(v), np.nanmax(v)) for v in (numbers(t[name]) for t in typed))
            if high > low:
                shares.append(max(0.0, min(high, most) - max(low, least)) / (high - low))
    return float(np.mean(shares))


def downstream(program: Program, train: pd.DataFrame, test: pd.DataFrame, target: str) -> dict[str, float]:
    """What XGBoost learns from `train`, judged on `test`: accuracy, f1 and auroc, or rmse where the target is a number.

    Of the two levels that `test` holds the rarer one is the positive one.
    """
    typed = [typed_frame(program, table) for table in (train, test)]
    names = [name for name in comparable(program) if name != target]
    cells, kinds = features(*(table[names] for table in typed))
    if is_number(typed[0][target]):
        truth = [numbers(table[target]) for table in typed]
        known = [~np.isnan(values) for values in truth]
        said = _learn(cells, truth, known, kinds, "reg:squarederror")
        return {"rmse": float(np.sqrt(np.mean((said - truth[1][known[1]]) ** 2)))}
    levels, codes = level_codes(*(table[target] for table in typed))
    known = [code < len(levels) - 1 for code in codes]
    held, counts = np.unique(codes[1][known[1]], return_counts=True)
    positive = held[np.argmin(counts)]
    truth = [(code == positive).astype(np.float64) for code in codes]
    said = _learn(cells, truth, known, kinds, "binary:logistic")
    judged = truth[1][known[1]]
    return {
        "accuracy": float(((said >= 0.5) == judged).mean()),
        "f1": float(f1_score(judged, said >= 0.5, zero_division=0.0)),
        "auroc": float(roc_auc_score(judged, said)),
    }


def _learn(
    cells: Sequence[np.ndarray[Any, Any]],
    truth: Sequence[np.ndarray[Any, Any]],
    known: Sequence[np.ndarray[Any, Any]],
    kinds: list[str],
    objective: str,
) -> np.ndarray[Any, Any]:
    """Learn from the first table, answer for the second; rows without a target are left out."""

    def matrix(k: int) -> xgboost.DMatrix:
        rows = known[k]
        return xgboost.DMatrix(
            cells[k][rows], truth[k][rows], feature_types=kinds, enable_categorical=True, nthread=SETTINGS["nthread"]
        )

    model = xgboost.train({**SETTINGS, "objective": objective, "seed": 0}, matrix(0), ROUNDS)
    said: np.ndarray[Any, Any] = model.predict(matrix(1))
    return said


def named(prefix: str, scores: Mapping[str, float | None]) -> Figures:
    """Scores with a prefix before their names; those that could not be taken are left out."""
    return {f"{prefix}_{name}": value for name, value in scores.items() if value is not None}


def gaps(figures: Figures, synthetic: str, real: str) -> Figures:
    """For each score of synthetic rows how far it lies from that of real ones, in either direction."""
    pairs = ((name, f"{real}{name.removeprefix(synthetic)}") for name in figures if name.startswith(f"{synthetic}_"))
    return {
        f"{name}_gap": abs(float(figures[name]) - float(figures[other])) for name, other in pairs if other in figures
    }


def likeness(scores: Mapping[str, Any]) -> Figures:
    """The figures that are taken from `htdbu.evaluate`, by the names that they have here."""
    names = {
        "xgb_auc": ("fidelity", "c2st_auc"),
        "shape": ("fidelity", "shape_error"),
        "shape_test": ("fidelity", "shape_error_unseen"),
        "trend": ("fidelity", "trend_error"),
        "nearest": ("privacy", "dcr_share"),
        "copies": ("privacy", "copied_rows"),
    }
    found = {name: scores[section][key] for name, (section, key) in names.items()}
    found["violations"] = scores["violations"]["violating_rows"]
    return {name: value for name, value in found.items() if value is not None}

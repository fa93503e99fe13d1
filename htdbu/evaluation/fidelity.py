"""Fidelity: Shape, Trend and a classifier that tells synthetic rows from real ones.

Shape and Trend follow the ideas of SDMetrics' column shapes and pair trends, given as errors (0 is perfect); Trend bins
real and synthetic amounts by common edges, which sdmetrics does not. c2st_auc is a classifier two-sample test
(Lopez-Paz and Oquab 2017) with XGBoost: 0.5 is perfect.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from xgboost import XGBClassifier

from htdbu.evaluation.context import Context, amounts, is_label, labels
from htdbu.evaluation.distances import binned, edges, kolmogorov_smirnov, variation

_FOLDS = 3
_MOST_ROWS = 20_000
_BINS = 10


def fidelity(context: Context) -> dict[str, Any]:
    """`shape_error`, `trend_error`, `c2st_auc`; alpha-precision and beta-recall are not measured yet (None)."""
    against = context.real if context.test is None else context.test
    enough = min(len(context.synthetic), len(context.real)) > 0
    return {
        "shape_error": shape_error(context) if enough else None,
        "trend_error": trend_error(context) if enough else None,
        "c2st_auc": c2st_auc(against, context.synthetic, context.compared, context.random_state),
        "alpha_precision": None,
        "beta_recall": None,
    }


def column_error(real: pd.Series, synthetic: pd.Series) -> float:
    """Distance of a column's two marginals: total variation for labels, Kolmogorov-Smirnov for amounts."""
    if is_label(real):
        return variation(labels(real).value_counts(), labels(synthetic).value_counts())
    return kolmogorov_smirnov(real, synthetic)


def shape_error(context: Context) -> float:
    """The mean distance of the marginals of all columns."""
    return float(np.mean([column_error(context.real[c], context.synthetic[c]) for c in context.compared]))


def trend_error(context: Context) -> float | None:
    """The mean total variation distance of the joint tables of all pairs of columns, amounts in common bins."""
    names = context.compared
    cuts = {name: np.zeros(0) if is_label(context.real[name]) else edges(context.real[name], _BINS) for name in names}
    real, synthetic = (
        pd.DataFrame({name: binned(frame[name], cuts[name]) for name in names})
        for frame in (context.real, context.synthetic)
    )
    pairs = [
        variation(real[list(pair)].value_counts(), synthetic[list(pair)].value_counts())
        for pair in combinations(names, 2)
    ]
    return float(np.mean(pairs)) if pairs else None


def c2st_auc(real: pd.DataFrame, synthetic: pd.DataFrame, columns: list[str], random_state: int) -> float | None:
    """Cross-validated AUC of an XGBoost that tells synthetic rows from as many real ones; None for too few rows."""
    count = min(len(real), len(synthetic), _MOST_ROWS)
    if count < 2 * _FOLDS or not columns:
        return None
    rng = np.random.default_rng(random_state)
    parts = [frame.iloc[np.sort(rng.choice(len(frame), count, replace=False))] for frame in (real, synthetic)]
    rows = pd.concat([_numbers(part, columns) for part in parts], ignore_index=True).to_numpy()
    origin = np.repeat([0, 1], count)
    scores = np.zeros(2 * count)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=random_state)
    for train, test in folds.split(rows, origin):
        model = XGBClassifier(n_estimators=60, max_depth=5, learning_rate=0.2, tree_method="hist", n_jobs=1)
        model.fit(rows[train], origin[train])
        scores[test] = model.predict_proba(rows[test])[:, 1]
    return float(roc_auc_score(origin, scores))


def _numbers(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Amounts as they are, labels by their code; missing values stay missing."""
    data = {}
    for name in columns:
        series = frame[name]
        if isinstance(series.dtype, pd.CategoricalDtype):
            data[name] = series.cat.codes.astype(float).where(series.notna())
        else:
            data[name] = amounts(series)
    return pd.DataFrame(data).reset_index(drop=True)

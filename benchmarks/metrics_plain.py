"""The metrics once more, as plainly as they can be written: from their formulas, with scipy, scikit-learn and loops."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier

Array = np.ndarray[Any, Any]


def numbers_of(table: pd.DataFrame) -> list[str]:
    """The columns of numbers; all others hold texts."""
    types = pd.api.types
    return [name for name in table if types.is_numeric_dtype(table[name]) and not types.is_bool_dtype(table[name])]


def variation(left: pd.DataFrame, right: pd.DataFrame) -> float:
    """1/2 sum |p - q| over the rows that occur."""
    p, q = (table.value_counts(normalize=True) for table in (left, right))
    return float(p.sub(q, fill_value=0).abs().sum() / 2)


def shape(real: pd.DataFrame, rows: pd.DataFrame) -> float:
    """The mean of Kolmogorov-Smirnov and total variation distances."""
    numbers = numbers_of(real)
    distances = [
        ks_2samp(real[name], rows[name]).statistic if name in numbers else variation(real[[name]], rows[[name]])
        for name in real
    ]
    return float(np.mean(distances))


def trend(real: pd.DataFrame, rows: pd.DataFrame) -> float:
    """The mean total variation of pairs, numbers cut at the deciles of the real column."""
    cut = [table.copy() for table in (real, rows)]
    for name in numbers_of(real):
        edges = np.unique(np.quantile(real[name], np.arange(1, 10) / 10))
        for table in cut:
            table[name] = np.searchsorted(edges, table[name], side="right")
    return float(np.mean([variation(cut[0][list(pair)], cut[1][list(pair)]) for pair in combinations(real, 2)]))


def told_apart(real: pd.DataFrame, rows: pd.DataFrame) -> float:
    """The AUC of XGBoost with one-hot features, three folds."""
    both = pd.get_dummies(pd.concat([real, rows], ignore_index=True)).to_numpy(dtype=float)
    truth = np.repeat([0, 1], [len(real), len(rows)])
    model = XGBClassifier(n_estimators=100, max_depth=5, learning_rate=0.1, tree_method="hist", n_jobs=1)
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    return float(cross_val_score(model, both, truth, cv=folds, scoring="roc_auc").mean())


def embedded(real: pd.DataFrame, rows: pd.DataFrame) -> tuple[Array, Array]:
    """Standardised numbers beside one-hot levels times 1 / sqrt(2)."""
    numbers = numbers_of(real)
    levels = pd.get_dummies(pd.concat([real, rows], ignore_index=True).drop(columns=numbers)).to_numpy(dtype=float)
    scaler = StandardScaler().fit(real[numbers])
    scaled = np.vstack([scaler.transform(table[numbers]) for table in (real, rows)])
    points = np.hstack([scaled, levels / np.sqrt(2)])
    return points[: len(real)], points[len(real) :]


def faithful(real: Array, rows: Array) -> tuple[float, float]:
    """Alpha-precision and beta-recall, ball by ball."""
    shares = (np.arange(200) + 0.5) / 200
    typical, judged = (np.linalg.norm(points - real.mean(axis=0), axis=1) for points in (real, rows))
    own = np.linalg.norm(rows - rows.mean(axis=0), axis=1)
    # Two ways to compute one distance differ in their last bits.
    radius = NearestNeighbors(n_neighbors=2, algorithm="brute").fit(real).kneighbors(real)[0][:, 1] + 1e-6
    precision, recall = [], []
    for share in shares:
        precision.append((judged <= np.quantile(typical, share, method="inverted_cdf")).mean())
        ball = rows[own <= np.quantile(own, share, method="inverted_cdf")]
        nearest = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(ball).kneighbors(real)[0][:, 0]
        recall.append((nearest <= radius).mean())
    scores = [1 - 2 * np.abs(np.array(curve) - shares).mean() for curve in (precision, recall)]
    return float(scores[0]), float(scores[1])


def gower(rows: pd.DataFrame, among: pd.DataFrame, ranges: pd.Series) -> Array:
    """All distances between the rows of two tables."""
    total = np.zeros((len(rows), len(among)))
    for name in rows:
        one, other = rows[name].to_numpy()[:, None], among[name].to_numpy()[None, :]
        total += np.minimum(np.abs(one - other) / ranges[name], 1) if name in ranges else one != other
    return total


def ranges_of(*tables: pd.DataFrame) -> pd.Series:
    """The range of every number column over several tables."""
    both = pd.concat(tables)[numbers_of(tables[0])]
    width: pd.Series = both.max() - both.min()
    return width


def nearer_share(learned: pd.DataFrame, unseen: pd.DataFrame, rows: pd.DataFrame) -> float:
    """The share of rows that are nearer to a learned than to an unseen row, ties half."""
    ranges = ranges_of(learned, unseen)
    gain = gower(rows, unseen, ranges).min(axis=1) - gower(rows, learned, ranges).min(axis=1)
    return float((gain > 1e-9).mean() + (np.abs(gain) <= 1e-9).mean() / 2)


def distance_ratio(real: pd.DataFrame, rows: pd.DataFrame) -> float:
    """The 5th percentile of nearest over second nearest."""
    found = np.sort(gower(rows, real, ranges_of(real)), axis=1)[:, :2]
    return float(np.percentile(np.where(found[:, 1] > 0, found[:, 0] / np.maximum(found[:, 1], 1e-12), 1), 5))


def attack(learned: pd.DataFrame, unseen: pd.DataFrame, rows: pd.DataFrame) -> float:
    """The AUC of the nearness of a synthetic row."""
    ranges = ranges_of(rows)
    near = [-gower(table, rows, ranges).min(axis=1) for table in (learned, unseen)]
    return float(roc_auc_score(np.repeat([1, 0], [len(learned), len(unseen)]), np.concatenate(near)))


def copies(real: pd.DataFrame, rows: pd.DataFrame) -> int:
    """Rows that occur among the real ones."""
    known = set(real.itertuples(index=False, name=None))
    return sum(row in known for row in rows.itertuples(index=False, name=None))


def learned(train: pd.DataFrame, test: pd.DataFrame, target: str, positive: Any, model: str) -> dict[str, float]:
    """F1 and AUROC on the test rows."""
    numbers = [name for name in numbers_of(train) if name != target]
    levels = [name for name in train if name not in (*numbers, target)]
    kind = {
        "linear": LogisticRegression(max_iter=2_000),
        "xgboost": XGBClassifier(n_estimators=100, max_depth=5, learning_rate=0.1, tree_method="hist", n_jobs=1),
    }[model]
    encoder = make_column_transformer(
        (StandardScaler(), numbers), (OneHotEncoder(handle_unknown="ignore", sparse_output=False), levels)
    )
    pipeline = make_pipeline(encoder, kind).fit(train[[*numbers, *levels]], train[target] == positive)
    chance = pipeline.predict_proba(test[[*numbers, *levels]])[:, 1]
    truth = test[target] == positive
    return {"f1": float(f1_score(truth, chance >= 0.5)), "auroc": float(roc_auc_score(truth, chance))}

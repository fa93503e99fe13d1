"""TSTR and TRTR: what a model learns from synthetic rows, and from real ones, judged on real test rows.

The model is a logistic regression on standardised amounts and one-hot labels. Source: Esteban, Hyland, Rätsch 2017.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from htdbu.evaluation.context import Context, is_label, labels
from htdbu.evaluation.features import Encoder

TEST_SHARE = 0.3

Figures = dict[str, float | None]
NOTHING: Figures = {"accuracy": None, "f1": None, "auroc": None}


def utility(context: Context) -> dict[str, Any]:
    """`tstr` and `trtr`, each with accuracy, F1 and AUROC (None where it cannot be measured)."""
    if not is_label(context.real[context.target]):
        context.notes.append(f"TSTR is not measured: `{context.target}` holds no labels")
        return {"tstr": dict(NOTHING), "trtr": dict(NOTHING)}
    train, test = _split(context)
    rng = np.random.default_rng(context.random_state)
    count = min(len(context.synthetic), len(train)) or len(train)
    sample = train.iloc[np.sort(rng.choice(len(train), size=count, replace=False))]
    positive = _rarer(context.real[context.target])
    return {
        "tstr": _score(context, "TSTR", context.synthetic, test, positive),
        "trtr": _score(context, "TRTR", sample, test, positive),
    }


def _split(context: Context) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Real rows to learn from and to test on; without test rows a part of the real ones is held out for TRTR."""
    if context.test is not None:
        return context.real, context.test
    context.notes.append("no test rows were given: 30 % of the real rows, which the generator saw, serve as the test")
    order = np.random.default_rng(context.random_state).permutation(len(context.real))
    cut = int(len(order) * (1 - TEST_SHARE))
    return context.real.iloc[np.sort(order[:cut])], context.real.iloc[np.sort(order[cut:])]


def _rarer(target: pd.Series) -> str:
    """The positive class of a binary target: true, else the rarer label."""
    counts = labels(target[target.notna()]).value_counts()
    if "True" in counts.index:
        return "True"
    return str(min(counts.index, key=lambda level: (counts[level], level))) if len(counts) else ""


def _score(context: Context, name: str, train: pd.DataFrame, test: pd.DataFrame, positive: str) -> Figures:
    train = train[train[context.target].notna()]
    test = test[test[context.target].notna()]
    known, truth = labels(train[context.target]).to_numpy(), labels(test[context.target]).to_numpy()
    if len(set(known)) < 2 or not len(truth):
        context.notes.append(f"{name} is not measured: it needs two classes to learn from and a row to test on")
        return dict(NOTHING)
    encoder = Encoder(context.features).fit(train)
    rows = encoder.transform(train)
    if not rows.shape[1]:
        context.notes.append(f"{name} is not measured: no column varies")
        return dict(NOTHING)
    model = LogisticRegression(max_iter=2000).fit(rows, known)
    shares = model.predict_proba(encoder.transform(test))
    guessed = model.classes_[shares.argmax(axis=1)]
    binary = len(set(known) | set(truth)) == 2
    return {
        "accuracy": float(accuracy_score(truth, guessed)),
        "f1": float(_f1(truth, guessed, positive if binary else None)),
        "auroc": _auroc(truth, shares, list(model.classes_), positive if binary else None),
    }


def _f1(truth: Any, guessed: Any, positive: str | None) -> float:
    if positive is None:
        return float(f1_score(truth, guessed, average="macro", zero_division=0))
    return float(f1_score(truth == positive, guessed == positive, zero_division=0))


def _auroc(truth: Any, shares: Any, classes: list[str], positive: str | None) -> float | None:
    """Area under the ROC curve; over several classes the mean of one against the rest."""
    wanted = [positive] if positive is not None else classes
    areas = [
        roc_auc_score(truth == level, shares[:, classes.index(level)])
        for level in wanted
        if level in classes and 0 < (truth == level).sum() < len(truth)
    ]
    return float(np.mean(areas)) if areas else None

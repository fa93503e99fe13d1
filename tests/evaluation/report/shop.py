"""A small table with hostile names, its rules, and what a synthesis, a metric and a feedback loop may say of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from htdbu.evaluation import Scores
from htdbu.generators import SynthesisReport

RULES = """\
## A small shop.
table shop {
  price : decimal(2) in 0..100
  size  : category { "small", "large" }
  day   : date in 2020-01-01..2020-12-31 null
  mood  : category { "<b>&\\"glad\\"</b>", "sad" }
  good  : bool
  note  : text
}
## Large things cost something.
hard not_free: size == "large" => price >= 1
soft(2) cheap: price <= 90
factor good { true -> mood in { "<b>&\\"glad\\"</b>" } }
target half: share(good) in 40%..60%
"""
HOSTILE = '<b>&"glad"</b>'
ESCAPED = "&lt;b&gt;&amp;&#34;glad&#34;&lt;/b&gt;"


def shop(n: int, seed: int = 0) -> pd.DataFrame:
    """So many rows that obey the rules."""
    rng = np.random.default_rng(seed)
    good = np.arange(n) % 2 == 0
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 365, n), unit="D")
    return pd.DataFrame(
        {
            "price": (rng.integers(100, 10_000, n) / 100).round(2),
            "size": rng.choice(["small", "large"], n),
            "day": pd.Series(days).where(rng.random(n) > 0.2),
            "mood": np.where(good | (rng.random(n) < 0.5), HOSTILE, "sad"),
            "good": good,
            "note": [f"note {k}" for k in range(n)],
        }
    )


def synthesis_of(found: dict[str, Any]) -> SynthesisReport:
    """How 120 rows came about whose check is `found`."""
    raw = [{**rule, "fail": 30, "rate": 0.25} if rule["name"] == "not_free" else rule for rule in found["rules"]]
    return SynthesisReport(
        rows=120,
        plan=[
            {"cell": {"good": True, "mood": HOSTILE}, "planned": 61, "real_share": 0.5, "got": 60},
            {"cell": {"good": False, "mood": None}, "planned": 59, "real_share": 0.5, "got": 59},
        ],
        ways={"sampled": 90, "redrawn": 15, "steered": 8, "completed": 2, "repaired": 5, "copied": 0},
        rounds=3,
        raw_violations={**found, "rules": raw, "violating_rows": 30, "violation_rate": 0.25},
        raw_examples=[{"rule": "not_free", "row": 7, "cells": {"size": "large", "price": "0.07", "mood": None}}],
        violations=found,
        real_violations={**found, "violating_rows": 6, "violation_rate": 0.03, "rows": 200},
        generator="independent",
        seed=77,
        seconds=1.5,
        trained=4,
        relations=[{"relation": "price <= 100", "real_share": 1.0, "share": 0.995}],
        privacy={"dcr_share": 0.515, "limit": 0.55, "copied_rows": 3},
        warnings=("few rows obey",),
        steps=[
            {
                "step": "sampled",
                "rows": 600,
                "violating_rows": 123,
                "violation_rate": 0.205,
                "fails": {"not_free": 123},
            },
            {"step": "finished", "rows": 120, "violating_rows": 0, "violation_rate": 0.0, "fails": {}},
        ],
    )


class More(Scores):
    """Scores with further measures, as metrics of a later day add them."""

    added: dict[str, Any]

    @classmethod
    def of(cls, scores: Scores, **added: Any) -> More:
        more = cls(**{name: getattr(scores, name) for name in Scores.__dataclass_fields__})
        object.__setattr__(more, "added", added)
        return more

    def to_dict(self) -> dict[str, Any]:
        found = super().to_dict()
        parts = {
            name: {**(found.get(name) or {}), **part} if isinstance(part, dict) else part
            for name, part in self.added.items()
        }
        return {**found, **parts}


ADDED: dict[str, Any] = {
    "utility": {
        "linear": {side: {"auroc": value} for side, value in (("tstr", 0.7), ("trtr", 0.9), ("floor", 0.01))},
        "xgboost": {side: {"auroc": value} for side, value in (("tstr", 0.93), ("trtr", 0.94), ("floor", 0.02))},
    },
    "fidelity": {
        "alpha_precision": 0.91,
        "alpha_precision_floor": 0.97,
        "alpha_precision_spread": 0.01,
        "beta_recall": 0.5,
        "beta_recall_floor": 0.52,
        "beta_recall_spread": 0.01,
    },
    "privacy": {
        "nndr": 0.61,
        "nndr_floor": 0.66,
        "nndr_spread": 0.02,
        "mia_auc": 0.9,
        "mia_floor": 0.52,
        "singling_out": 0.125,
    },
    "pile_up": [
        {"column": "price", "bound": 1, "rule": "not_free", "real": 0.01, "synthetic": 0.2, "floor": 0.004},
        {"column": "price", "bound": "90", "rule": "cheap", "real": 0.01, "synthetic": 0.01, "floor": None},
    ],
}
BARE: dict[str, Any] = {
    "utility": None,
    "fidelity": {"alpha_precision": None, "beta_recall": None},
    "privacy": {"nndr": None, "mia_auc": None},
    "pile_up": None,
}
"""What takes such measures away again."""
ROUNDS: list[dict[str, Any]] = [
    {
        "round": 1,
        "action": "adjust constraints",
        "scores": {
            "xmodal": {"value": 0.2, "floor": 0.01, "within": False},
            "auroc": {"value": 0.9, "floor": None, "within": None},
        },
        "causes": [{"kind": "rule", "name": "cheap", "evidence": "12 % of the real rows break it & <more>"}],
        "patch": "-soft cheap: price <= 90\n+soft cheap: price <= 95\n",
        "accepted": True,
    },
    {"round": 2, "action": "stop", "scores": {}, "causes": [], "patch": None, "accepted": False},
]

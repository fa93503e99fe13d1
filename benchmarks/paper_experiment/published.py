"""The figures of the H-TDBU paper (Nie, Jin, Chen 2026, arXiv:2605.28198) as far as they are known here.

The table is that of the paper as a public reading note gives it; for the four generators that do not come from SDV the
authors' own repository has the same (`junfengn-ctrl/hierarchical-synthetic-tabular`, `README.md` and `results/`). The
ablation and the real rows stand in that repository (`results/xgboost_ablation_summary.csv`, means over three seeds),
and so does a later run of CTGAN and TVAE, which differs from the paper's. No other figure is known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

GENERATORS = ("independent", "gaussian-copula", "random-forest", "xgboost", "ctgan", "tvae")


@dataclass(frozen=True)
class Published:
    """What a model reaches on real test rows; and XModal, None where it says nothing."""

    accuracy: float
    f1: float
    auroc: float
    xmodal: float | None = None


TABLE: Mapping[str, Mapping[str, Published]] = {
    "manual": {
        "independent": Published(0.8830, 0.0000, 0.4905, 0.1094),
        "gaussian-copula": Published(0.8949, 0.2034, 0.7738, 0.0485),
        "random-forest": Published(0.9281, 0.6122, 0.9188, 0.0555),
        "xgboost": Published(0.9139, 0.5621, 0.9190, 0.1127),
        "ctgan": Published(0.8992, 0.2694, 0.8358, 0.0646),
        "tvae": Published(0.8622, 0.5581, 0.8827, 0.0533),
    },
    "strict": {
        "independent": Published(0.8830, 0.0000, 0.5359, 0.3320),
        "gaussian-copula": Published(0.9423, 0.6749, 0.9968, 0.1605),
        "random-forest": Published(0.9971, 0.9878, 0.9998, 0.1437),
        "xgboost": Published(0.9746, 0.9003, 0.9948, 0.3234),
        "ctgan": Published(0.9574, 0.7863, 0.9903, 0.1225),
        "tvae": Published(0.9881, 0.9476, 0.9885, 0.0193),
    },
}
"""By rules and generator; the paper calls the strict rules Gemini's."""

RERUN: Mapping[str, Mapping[str, Published]] = {
    "manual": {
        "ctgan": Published(0.8971, 0.3737, 0.8034, 0.1128),
        "tvae": Published(0.8932, 0.5802, 0.8815, 0.0276),
    },
    "strict": {
        "ctgan": Published(0.9620, 0.8248, 0.9882, 0.1045),
        "tvae": Published(0.9948, 0.9782, 0.9995, 0.0233),
    },
}
"""The authors' later run, one seed."""

REAL: Mapping[str, Published] = {
    "manual": Published(0.9308, 0.6437, 0.9460),
    "strict": Published(1.0, 1.0, 1.0),
}
"""TRTR: what a model reaches that learned from three quarters of the real rows."""

ABLATION: Mapping[str, Mapping[tuple[int, int], Published]] = {
    "manual": {
        (1_000, 12): Published(0.9044, 0.5404, 0.8985, 0.1171),
        (3_000, 12): Published(0.9067, 0.5363, 0.9105, 0.1143),
        (8_000, 4): Published(0.9009, 0.3400, 0.7749, 0.1112),
        (8_000, 8): Published(0.9124, 0.5389, 0.9162, 0.1129),
        (8_000, 12): Published(0.9139, 0.5621, 0.9190, 0.1127),
    },
    "strict": {
        (1_000, 12): Published(0.9581, 0.8376, 0.9866, 0.3290),
        (3_000, 12): Published(0.9691, 0.8797, 0.9922, 0.3281),
        (8_000, 4): Published(0.9925, 0.9690, 0.9999, 0.3025),
        (8_000, 8): Published(0.9766, 0.9079, 0.9954, 0.3259),
        (8_000, 12): Published(0.9745, 0.9003, 0.9948, 0.3234),
    },
}
"""XGBoost by rules, training rows and conditioning columns."""

"""The scores of a round: every channel's figures beside their floors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from htdbu.evaluation.columns import code_tables
from htdbu.evaluation.distances import joint_variation
from htdbu.evaluation.tuning.downstream import downstream_auroc
from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.likeness import STATISTICS, Likeness
from htdbu.evaluation.tuning.noise import Noise
from htdbu.evaluation.tuning.setup import Setup
from htdbu.solver.typed_cells import is_number

Score = dict[str, Any]
BINS = 10
RESAMPLED = 8
MOST_JOINED = 3


def take_scores(setup: Setup, evidence: Evidence, target: str | None) -> dict[str, Score]:
    """By metric its `value`, its `floor`, and whether it lies `within`; None where it could not be taken.

    `raw_…` are raw samples, `repaired_…` real rows repaired under the rules, those without a prefix the final rows;
    `broken_real_rows` is the share of real rows that break a hard rule, which has no floor of its own.
    """
    final = evidence.final(setup)
    scores: dict[str, Score] = {}
    sources = {"": final.likeness, "raw_": evidence.raw(setup.recipe), "repaired_": evidence.repaired(setup)}
    for prefix, found in sources.items():
        scores |= _likeness(prefix, found, evidence)
    broken = np.any([outcome.fail for outcome in evidence.outcomes(setup)], axis=0)
    scores["broken_real_rows"] = {"value": float(broken.mean()), "floor": None, "within": None}
    scores["xmodal"] = _xmodal(setup, evidence, final.frame)
    if target is not None and target in evidence.rows.frame:
        scores["tstr_auroc"] = _tstr(evidence, final.frame, target)
    return scores


def _score(value: float | None, floor: float, higher_is_better: bool = False) -> Score:
    within = None if value is None else value >= floor if higher_is_better else value <= floor
    return {"value": value, "floor": floor, "within": within}


def _likeness(prefix: str, found: Likeness | None, evidence: Evidence) -> dict[str, Score]:
    return {
        f"{prefix}{name}": _score(
            None if found is None else found.values[name], evidence.noise(name).limit(len(STATISTICS))
        )
        for name in STATISTICS
    }


def _xmodal(setup: Setup, evidence: Evidence, final: pd.DataFrame | None) -> Score:
    """The distance of the joint of a factor and the columns that it speaks of; see the metric of that name."""
    rows = evidence.rows
    names = list(
        dict.fromkeys(
            name
            for factor in setup.program.factors
            for name in (factor.column, *(a.column for branch in factor.branches for a in branch.attributes))
            if name in rows.frame
        )
    )[:MOST_JOINED]
    if not names:
        return {"value": None, "floor": None, "within": None}

    def distance(one: pd.DataFrame, other: pd.DataFrame) -> float:
        coded = code_tables(names, BINS, one, other)
        return joint_variation(coded.tables[0], coded.tables[1], coded.sizes)

    def floor() -> Noise:
        drawn = []
        for k in range(RESAMPLED):
            order = rows.rng(8, k).permutation(len(rows.frame))
            drawn.append(distance(rows.frame.iloc[order[: rows.compared]], rows.frame.iloc[order[-rows.compared :]]))
        return Noise.of(drawn)

    noise = evidence.once(("xmodal", *names), "the joint distribution of the factors", floor)
    return _score(None if final is None else distance(rows.judge, final), noise.limit())


def _tstr(evidence: Evidence, final: pd.DataFrame | None, target: str) -> Score:
    """AUROC of a logistic regression learned from final rows; the floor is what real rows reach, less their spread."""
    rows = evidence.rows
    if is_number(rows.judge[target]):
        return {"value": None, "floor": None, "within": None}

    def floor() -> Noise | None:
        found = []
        for k in range(RESAMPLED):
            drawn = rows.rng(9, k).permutation(len(rows.train))[: max(len(rows.train) * 2 // 3, 1)]
            score = downstream_auroc(rows.train.iloc[drawn], rows.judge, target)
            found += [] if score is None else [score]
        return Noise.of(found) if len(found) > 1 else None

    noise = evidence.once(("tstr", target), f"what models learn of {target} from real rows", floor)
    if noise is None:
        return {"value": None, "floor": None, "within": None}
    value = None if final is None else downstream_auroc(final, rows.judge, target)
    return _score(value, noise.mean - noise.width(), higher_is_better=True)

"""The verdict: judged by floors where there are any, and what chance explains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from htdbu.evaluation.chance import auc_limit, count_limit, half_limit, ks_noise, tv_noise
from htdbu.evaluation.limits import MARGIN, STRAYS
from htdbu.evaluation.measures import MEASURES, findings, paths_known
from htdbu.evaluation.metrics import METRICS
from htdbu.evaluation.verdict import Verdict, verdicts

CHECK: dict[str, Any] = {"rows": 400, "violating_rows": 0, "violation_rate": 0.0, "rules": [], "targets": []}
NOTHING: dict[str, Any] = {
    "setup": {"rows": {"real": 400, "synthetic": 400, "test": 400}, "target": "y", "joint": ["y", "m"], "seed": 0},
    "violations": CHECK,
    "tstr": {},
    "trtr": {},
    "xmodal": None,
    "fidelity": {},
    "privacy": {},
}


def judged(**parts: Any) -> tuple[Verdict, ...]:
    return verdicts({**NOTHING, **parts})


def useful(ours: float, ceiling: float, spread: float | None, score: str = "auroc") -> Verdict:
    learner = {side: {score: value} for side, value in (("tstr", ours), ("trtr", ceiling), ("floor", spread))}
    return judged(utility={"linear": learner})[1]


def test_what_was_not_measured_is_not_judged() -> None:
    assert ["Yes", *["Not measured"] * 3] == [verdict.answer for verdict in judged()]
    assert () == judged()[2].figures
    assert [] == findings(NOTHING)


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        ({"violating_rows": 1, "violation_rate": 0.0025}, "No"),
        ({"targets": [{"met": False}, {"met": True}, {"met": None}]}, "Rules yes, targets no"),
        ({"rows": 0}, "No rows"),
        ({}, "Yes"),
    ],
)
def test_valid_is_a_matter_of_counting(parts: dict[str, Any], answer: str) -> None:
    assert answer == judged(violations={**CHECK, **parts})[0].answer


def test_useful_is_held_against_how_far_real_rows_stray() -> None:
    assert "Yes" == useful(0.95 - STRAYS * 0.01, 0.95, 0.01).answer
    assert "Partly" == useful(0.95 - STRAYS * 0.01 - 0.001, 0.95, 0.01).answer
    assert "Yes" == useful(0.95 - MARGIN, 0.95, None).answer
    assert "Partly" == useful(0.95 - MARGIN - 0.001, 0.95, None).answer
    # What three digits do not show is no difference, even where nothing strays.
    assert "Yes" == useful(0.9998, 1.0, 0.0).answer


def test_hardly_useful_keeps_less_than_half_of_what_real_rows_teach() -> None:
    assert "Partly" == useful(0.71, 0.9, 0.0).answer
    assert "Hardly" == useful(0.69, 0.9, 0.0).answer
    assert "Hardly" == useful(0.29, 0.6, 0.0, "r2").answer
    assert "Partly" == useful(0.31, 0.6, 0.0, "r2").answer


def test_scores_that_rank_as_well_but_cut_worse_are_nearly_useful() -> None:
    linear = {
        "tstr": {"auroc": 0.9, "f1": 0.3},
        "trtr": {"auroc": 0.9, "f1": 0.6},
        "floor": {"auroc": 0.01, "f1": 0.01},
    }
    found = judged(utility={"linear": linear})[1]
    assert ("Nearly", "mixed") == (found.answer, found.state)
    assert "0.300 of F1 (linear model)" in found.words


def test_an_error_of_a_number_may_be_larger_by_what_chance_explains() -> None:
    assert "Yes" == useful(10 + STRAYS * 0.5, 10, 0.5, "rmse").answer
    assert "Partly" == useful(10.1 + STRAYS * 0.5, 10, 0.5, "rmse").answer
    assert "Not measured" == useful(11, 10, None, "rmse").answer


@pytest.mark.parametrize(
    ("fidelity", "answer"),
    [
        ({"shape_error": 0.02, "shape_floor": 0.01}, "Yes"),
        ({"shape_error": 0.021, "shape_floor": 0.01}, "Partly"),
        ({"shape_error": 0.0, "shape_floor": 0.0}, "Yes"),
        ({"shape_error": 0.01, "shape_floor": 0.01, "shape_error_unseen": 0.05, "shape_floor_unseen": 0.01}, "Partly"),
        ({"c2st_auc": auc_limit(400, 400)}, "Yes"),
        ({"c2st_auc": auc_limit(400, 400) + 0.01}, "Nearly"),
        ({"c2st_auc": 0.75}, "Not in detail"),
        ({"c2st_auc": 0.5 + STRAYS * 0.03, "c2st_floor": 0.53}, "Yes"),
        ({"alpha_precision": 0.95, "alpha_precision_floor": 0.98, "alpha_precision_spread": 0.01}, "Yes"),
        ({"alpha_precision": 0.94, "alpha_precision_floor": 0.98, "alpha_precision_spread": 0.01}, "Partly"),
        ({"alpha_precision": 0.94, "alpha_precision_floor": 0.98}, "Not measured"),
    ],
)
def test_close_is_held_against_floors(fidelity: dict[str, float], answer: str) -> None:
    assert answer == judged(fidelity=fidelity)[2].answer


@pytest.mark.parametrize(
    ("privacy", "answer"),
    [
        ({"dcr_share": half_limit(400), "copied_rows": 0}, "No sign against it"),
        ({"dcr_share": half_limit(400) + 0.001, "copied_rows": 0}, "In doubt"),
        ({"dcr_share": 0.5, "copied_rows": 7, "copied_rows_floor": 2.0}, "Look at the copies"),
        ({"dcr_share": 0.5, "copied_rows": 6, "copied_rows_floor": 2.0}, "No sign against it"),
        ({"dcr_share": 0.5, "copied_rows": 1, "copied_rows_floor": None}, "Look at the copies"),
        ({"copied_rows": 0}, "No copies"),
        ({"copied_rows": 0, "mia_auc": 0.7, "mia_floor": 0.5}, "In doubt"),
        ({"copied_rows": 0, "nndr": 0.43, "nndr_floor": 0.5, "nndr_spread": 0.02}, "In doubt"),
        ({"copied_rows": 0, "nndr": 0.44, "nndr_floor": 0.5, "nndr_spread": 0.02}, "No sign against it"),
    ],
)
def test_private_is_held_against_chance(privacy: dict[str, float | None], answer: str) -> None:
    assert answer == judged(privacy=privacy)[3].answer


def test_without_unseen_rows_little_can_be_told_of_privacy() -> None:
    setup = {**NOTHING["setup"], "rows": {"real": 400, "synthetic": 400, "test": None}}
    far, near = (
        judged(setup=setup, privacy={"copied_rows": 0, "nndr": nndr, "nndr_floor": 0.5, "nndr_spread": 0.02})[3]
        for nndr in (0.5, 0.3)
    )
    assert ("No copies", "In doubt") == (far.answer, near.answer)
    assert all("shows only with test rows" in verdict.words for verdict in (far, near))


def test_what_lies_beyond_its_limit_is_marked() -> None:
    figures = judged(fidelity={"shape_error": 0.05, "shape_floor": 0.01, "trend_error": 0.01, "trend_floor": 0.01})[
        2
    ].figures
    assert [False, True] == [figure.within for figure in figures]


def test_every_measure_of_likeness_and_privacy_has_a_line_that_says_how_to_read_it() -> None:
    keys = {(metric.section, key) for metric in METRICS if metric.section is not None for key in metric.keys}
    assert set() == keys - paths_known()
    assert len(MEASURES) == len({line.name for line in MEASURES})


def test_chance_stays_within_its_limits_hardly_ever_beyond() -> None:
    rng, n, draws = np.random.default_rng(0), 300, 2_000
    halves = rng.binomial(n, 0.5, draws) / n
    assert 0.01 > (halves > half_limit(n)).mean()
    counts = rng.poisson(20, draws)
    assert 0.01 > (counts > count_limit(20)).mean()
    ranks = np.argsort(rng.random((draws, 60)), axis=1).argsort(axis=1)[:, :30]
    aucs = (ranks.sum(axis=1) - 30 * 29 / 2) / (30 * 30)
    assert 0.01 > (aucs > auc_limit(30, 30)).mean()
    assert 0.03 > abs(aucs.std() - (auc_limit(30, 30) - 0.5) / 3)


def test_the_floor_of_a_drift_is_what_drawn_rows_stray() -> None:
    rng, n = np.random.default_rng(1), 500
    shares = np.array([0.6, 0.3, 0.08, 0.02])
    floor, limit = tv_noise(shares, n)
    moved = np.abs(rng.multinomial(n, shares, 4_000) / n - shares).sum(axis=1) / 2
    assert floor == pytest.approx(moved.mean(), rel=0.05)
    assert 0.01 > (moved > limit).mean()
    places = np.sort(rng.random((1_000, n)), axis=1)
    ends = np.arange(n) / n
    gaps = np.maximum(np.abs(places - ends), np.abs(places - ends - 1 / n)).max(axis=1)
    floor, limit = ks_noise(n)
    assert floor == pytest.approx(gaps.mean(), rel=0.05)
    assert 0.01 > (gaps > limit).mean()

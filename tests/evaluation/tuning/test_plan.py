"""Shares and targets that the real rows contradict are named; what chance explains is left alone."""

from __future__ import annotations

import pytest

from htdbu.evaluation.tuning.diagnoses import plan
from tests.evaluation.tuning.conftest import TRUTH, Begin, club

FACTOR = "factor trainer {"


def stated(share: str, other: str) -> str:
    """The true rules with shares of trainers."""
    return TRUTH.replace(FACTOR, f"factor trainer ~ {{ true: {share}, false: {other} }} {{")


def test_a_plan_that_the_real_rows_have_is_left_alone(begin: Begin) -> None:
    assert [] == plan.diagnose(*begin(TRUTH), [])
    real = float(club()["trainer"].mean())
    assert [] == plan.diagnose(*begin(stated(f"{100 * real + 1:.1f}%", f"{99 - 100 * real:.1f}%")), [])


def test_a_wrong_share_is_named_and_the_real_ones_proposed(begin: Begin) -> None:
    setup, evidence = begin(stated("38%", "62%"))
    (cause,) = plan.diagnose(setup, evidence, [])
    assert ("plan", "trainer") == (cause.kind, cause.name)
    assert cause.change is not None
    changed = cause.change.apply(setup)
    assert changed is not None
    shares = changed.program.factors[0].shares
    assert shares is not None
    assert float(club()["trainer"].mean()) == pytest.approx(float(shares[0].share), abs=0.0001)
    assert [] == plan.diagnose(changed, evidence, [])


def test_a_wrong_share_that_is_meant_is_kept(begin: Begin) -> None:
    assert [] == plan.diagnose(*begin(stated("38%", "62%"), keep=["trainer"]), [])


def test_a_wrong_share_within_a_branch_is_named_by_its_factor(begin: Begin) -> None:
    text = TRUTH.replace(
        'true  -> town in { "north", "south", "east" }',
        'true  -> town ~ { "north": 10%, "south": 10%, "east": 80% }',
    )
    setup, evidence = begin(text)
    (cause,) = plan.diagnose(setup, evidence, [])
    assert "trainer" == cause.name
    assert cause.change is not None
    changed = cause.change.apply(setup)
    assert changed is not None
    assert [] == plan.diagnose(changed, evidence, [])


@pytest.mark.parametrize(
    "bound",
    ["share(trainer) in 50%..60%", "share(trainer) <= 10%", "share(trainer) == 60% within 5%", "mean(age) >= 60"],
)
def test_a_target_that_real_rows_miss_is_moved_up_to_them(begin: Begin, bound: str) -> None:
    setup, evidence = begin(TRUTH.replace("share(trainer) in 10%..40%", bound))
    (cause,) = plan.diagnose(setup, evidence, [])
    assert ("plan", "trainers") == (cause.kind, cause.name)
    assert cause.change is not None
    changed = cause.change.apply(setup)
    assert changed is not None
    assert [] == plan.diagnose(changed, evidence, [])


def test_a_target_missed_by_less_than_chance_is_left_alone(begin: Begin) -> None:
    real = float(club()["trainer"].mean())
    bound = f"share(trainer) in 0%..{100 * real - 0.5:.1f}%"
    assert [] == plan.diagnose(*begin(TRUTH.replace("share(trainer) in 10%..40%", bound)), [])

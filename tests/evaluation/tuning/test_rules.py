"""Wrong rules are named and changed as little as the data support; right ones and dirty rows are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from htdbu.evaluation.tuning.cause import Cause
from htdbu.evaluation.tuning.diagnoses import rules
from htdbu.evaluation.tuning.setup import Edit, Setup
from tests.evaluation.tuning.conftest import TRUTH, Begin, club


def spoilt(before: str, after: str) -> str:
    """The true rules with one text changed."""
    assert 1 == TRUTH.count(before)
    return TRUTH.replace(before, after)


def line_of(setup: Setup, cause: Cause) -> str:
    """The statement of a rule after the change that is proposed."""
    assert isinstance(cause.change, Edit)
    changed = cause.change.apply(setup)
    assert changed is not None
    lines = changed.source.text.split("\n")
    return " ".join(next(line for line in lines if f" {cause.name}:" in line).split())


def test_right_rules_are_left_alone(begin: Begin) -> None:
    assert [] == rules.diagnose(*begin(TRUTH), [])


@pytest.mark.parametrize(
    ("before", "after", "name", "proposed"),
    [
        ("age >= 10\n", "age >= 30\n", "youngest", "hard youngest: age >= 10"),
        ("5 * visits", "2 * visits", "fee_of_visits", "hard fee_of_visits: fee <= 5 * visits + 20"),
        (
            'town == "south" => fee <= 300',
            'fee <= 300 => town == "south"',
            "south_cheap",
            'hard south_cheap: town == "south" => fee <= 300',
        ),
        (
            'town == "south" => fee <= 300',
            'town == "south" <=> fee <= 300',
            "south_cheap",
            'hard south_cheap: town == "south" => fee <= 300',
        ),
    ],
)
def test_a_wrong_rule_is_named_and_mended(begin: Begin, before: str, after: str, name: str, proposed: str) -> None:
    setup, evidence = begin(spoilt(before, after))
    (cause,) = rules.diagnose(setup, evidence, [])
    assert ("rule", name) == (cause.kind, cause.name)
    assert proposed == line_of(setup, cause)
    assert cause.change is not None
    changed = cause.change.apply(setup)
    assert changed is not None
    assert [] == rules.diagnose(changed, evidence, [])


@pytest.mark.parametrize("bound", [12, 37, 55])
def test_a_bound_moves_past_values_that_stand_far_apart(begin: Begin, bound: int) -> None:
    real = club()
    real["term"] = 12 + 12 * (np.arange(len(real)) % 5)
    text = TRUTH.replace("  trainer : bool", "  trainer : bool\n  term : int in 1..120")
    setup, evidence = begin(f"{text}hard longest: term <= {bound}\n", real)
    (cause,) = rules.diagnose(setup, evidence, [])
    assert "hard longest: term <= 60" == line_of(setup, cause)


def test_a_rule_that_one_level_breaks_gets_a_narrower_premise(begin: Begin) -> None:
    real = club()
    real.loc[real["town"] == "east", "trainer"] = True
    real.loc[real["town"] != "east", "trainer"] = False
    setup, evidence = begin(f"{TRUTH}hard no_trainers: not trainer\n".replace("in 10%..40%", "in 0%..100%"), real)
    (cause,) = rules.diagnose(setup, evidence, [])
    assert 'hard no_trainers: town not in { "east" } => (not trainer)' == line_of(setup, cause)


def test_a_bound_that_nothing_can_break_is_not_preferred_to_the_right_direction(begin: Begin) -> None:
    real = club()
    real["gain"] = np.where(np.arange(len(real)) % 10 == 0, 50, 0)
    real["loss"] = np.where(np.arange(len(real)) % 20 == 1, 50, 0)
    text = TRUTH.replace("  trainer : bool", "  trainer : bool\n  gain : int in 0..99\n  loss : int in 0..99")
    setup, evidence = begin(f"{text}hard either: loss == 0 => gain > 0\n", real)
    (cause,) = rules.diagnose(setup, evidence, [])
    assert "hard either: gain > 0 => loss == 0" == line_of(setup, cause)


def test_a_contradiction_becomes_soft_and_asks_for_nothing_where_most_rows_break_it(begin: Begin) -> None:
    setup, evidence = begin(f"{TRUTH}hard all_trainers: trainer\n")
    (cause,) = rules.diagnose(setup, evidence, [])
    assert "soft(0.01) all_trainers: trainer" == line_of(setup, cause)


def test_a_softened_rule_weighs_the_log_odds_of_being_kept(begin: Begin) -> None:
    setup, evidence = begin(f"{TRUTH}forbid no_trainers: trainer\n")
    (cause,) = rules.diagnose(setup, evidence, [])
    kept = 1 - float(club()["trainer"].mean())
    assert f"soft({np.log(kept / (1 - kept)):.2f}) no_trainers: not (trainer)" == line_of(setup, cause)


def test_rows_that_are_dirty_do_not_make_a_rule_wrong(begin: Begin) -> None:
    real = club()
    real["age"] = real["age"].clip(lower=12)
    real.loc[:8, "age"] = 11
    assert [] == rules.diagnose(*begin(spoilt("age >= 10\n", "age >= 12\n"), real), [])


def test_two_wrong_rules_that_the_same_rows_break_do_not_hide_one_another(begin: Begin) -> None:
    text = f"{TRUTH}hard grown: age >= 30\nhard older: age > 28\n"
    causes = rules.diagnose(*begin(text), [])
    assert ["grown", "older"] == [cause.name for cause in causes]


def test_a_rule_that_is_meant_is_kept(begin: Begin) -> None:
    assert [] == rules.diagnose(*begin(spoilt("age >= 10\n", "age >= 30\n"), keep=["youngest"]), [])


def test_a_range_that_is_too_narrow_is_widened(begin: Begin) -> None:
    setup, evidence = begin(spoilt("fee     : int in 0..1_000", "fee     : int in 0..100"))
    (cause,) = rules.diagnose(setup, evidence, [])
    assert "fee.domain" == cause.name
    assert cause.change is not None
    changed = cause.change.apply(setup)
    assert changed is not None
    domain = changed.program.column("fee").domain
    assert domain is not None
    assert int(domain[0].high or 0) >= club()["fee"].quantile(0.999)


def test_a_support_that_lacks_a_level_gets_it(begin: Begin) -> None:
    setup, evidence = begin(spoilt('true  -> town in { "north", "south", "east" }', 'true  -> town in { "north" }'))
    (cause,) = rules.diagnose(setup, evidence, [])
    assert "trainer.true.town" == cause.name
    assert cause.change is not None
    changed = cause.change.apply(setup)
    assert changed is not None
    assert 'true  -> town in { "north", "south", "east" }' in changed.source.text


def test_a_key_that_repeats_is_named_though_no_change_is_known(begin: Begin) -> None:
    real = club()
    real["id"] = real["id"] // 2
    (cause,) = rules.diagnose(*begin(TRUTH, real), [])
    assert ("key(id)", None) == (cause.name, cause.change)

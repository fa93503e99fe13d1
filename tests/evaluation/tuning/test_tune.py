"""The loop as a whole: the right cause in all rounds, the same result for the same seed, no file that is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import htdbu
from benchmarks.tuning.withheld import Withheld
from htdbu.errors import InfeasibleError, UsageError
from htdbu.evaluation.tuning.diagnoses import model, rules
from htdbu.evaluation.tuning.recipe import Recipe
from htdbu.grammar.source import Source
from tests.evaluation.tuning.conftest import TRUTH, Begin, club

SPOILT = TRUTH.replace("age >= 10\n", "age >= 30\n")


def test_a_model_that_knows_no_relations_is_at_fault_and_no_column_stands_out(begin: Begin) -> None:
    (cause,) = model.diagnose(*begin(TRUTH, recipe=Recipe.of("independent", {})), [])
    assert ("model", "independent") == (cause.kind, cause.name)
    assert cause.change is not None
    assert "retrain as bits()" == cause.change.said
    assert "farthest off in pairs" not in cause.evidence


def test_the_column_that_a_model_was_denied_is_named(begin: Begin) -> None:
    made = Withheld(inner="trees", column="fee", random_state=0, threads=1)
    (cause,) = model.diagnose(*begin(TRUTH, recipe=Recipe("trees without fee", {}, made)), [])
    assert "farthest off in pairs with `fee`" in cause.evidence or "and `fee`" in cause.evidence


@pytest.mark.slow
def test_a_healthy_set_up_is_left_alone() -> None:
    result = htdbu.tune(Source("club.htr", TRUTH), club(1_200), 50)
    assert ((), None, 1) == (result.tuning.causes, result.patch, len(result.rounds))
    assert result.tuning.ending in ("within floors", "nothing to blame")
    assert 50 == len(result.data)


@pytest.mark.slow
def test_a_rule_and_a_model_are_both_named_and_mended_and_the_log_tells() -> None:
    result = htdbu.tune(
        Source("club.htr", SPOILT), club(1_200), 40, generator="trees", settings={"max_rows": 40}, apply=True
    )
    assert [("model", "trees"), ("rule", "youngest")] == [(c.kind, c.name) for c in result.tuning.causes]
    first, second = result.rounds[:2]
    assert {"round", "action", "scores", "causes", "patch", "accepted"} == set(first)
    assert "retrain as trees(); `youngest`: 30 becomes 10" == second["action"]
    assert second["accepted"]
    assert second["scores"]["c2st_auc"]["value"] < first["scores"]["c2st_auc"]["value"]
    assert "+hard youngest:      age >= 10" in (result.patch or "")
    assert result.data["age"].min() < 30
    assert result.patched


@pytest.mark.slow
def test_without_apply_the_rows_obey_the_rules_as_they_stand_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "club.htr"
    path.write_text(SPOILT)
    results = [htdbu.tune(path, club(), 60, threads=threads) for threads in (1, 2)]
    assert SPOILT == path.read_text()
    assert "age >= 10" in results[0].rules_text
    assert results[0].data["age"].min() >= 30
    assert not results[0].patched
    told = [{**result.to_dict(), "seconds": 0} for result in results]
    assert told[0] == told[1]
    assert results[0].data.equals(results[1].data)


def test_it_stops_at_the_most_rounds() -> None:
    result = htdbu.tune(Source("club.htr", SPOILT), club(300), 5, generator="independent", max_rounds=1)
    assert (1, "max rounds", None) == (len(result.rounds), result.tuning.ending, result.patch)


def test_rules_that_leave_no_table_are_a_finding() -> None:
    text = SPOILT.replace("factor trainer {", "factor trainer ~ { true: 90%, false: 10% } {").replace(
        "age >= 30", "age >= 10"
    )
    with pytest.raises(InfeasibleError, match="apply=True"):
        htdbu.tune(Source("club.htr", text), club(), 20, generator="trees")
    result = htdbu.tune(Source("club.htr", text), club(), 20, generator="trees", apply=True)
    assert "plan trainer" in [f"{cause.kind} {cause.name}" for cause in result.tuning.causes]
    assert result.rounds[0]["scores"]["c2st_auc"]["value"] is None
    assert result.rounds[-1]["scores"]["c2st_auc"]["value"] is not None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keep": ["yuongest"]}, "no rule, factor or target `yuongest`"),
        ({"target": "agee"}, "no column `agee`"),
        ({"max_rounds": 0}, "max_rounds is 0"),
        ({"random_state": -1}, "the seed -1 is negative"),
        ({"generator": "bitz"}, "no generator 'bitz'"),
    ],
)
def test_what_does_not_fit_is_refused_before_any_work(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        htdbu.tune(Source("club.htr", TRUTH), club(60), 5, **options)


@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [
            "hard f: age >= {0}",
            "hard f: age <= {0}",
            "forbid f: visits > {0} and trainer",
            'hard f: town == "north" => fee <= {0}',
            "hard f: trainer <=> age > {0}",
            "hard f: fee <= {0} or visits >= 30",
        ]
    ),
    st.integers(1, 80),
)
def test_every_change_compiles_and_real_rows_no_longer_contradict_it(begin: Begin, rule: str, bound: int) -> None:
    setup, evidence = begin(f"{TRUTH}{rule.format(bound)}\n", club(400))
    for cause in rules.diagnose(setup, evidence, []):
        assert cause.change is not None
        changed = cause.change.apply(setup)
        assert changed is not None
        assert cause.name not in [each.name for each in rules.diagnose(changed, evidence, [])]

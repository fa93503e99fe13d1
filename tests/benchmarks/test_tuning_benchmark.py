"""The benchmark of the feedback loop: healthy rules are kept by the real rows, and every fault spoils what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.tuning.bases import TABLES, Base, base
from benchmarks.tuning.case import cases
from benchmarks.tuning.faults import FAULTS, LEAST_BROKEN, Fault
from benchmarks.tuning.page import page, verdict
from htdbu.evaluation.tuning.recipe import Recipe

SPOILT = [name for name in FAULTS if name != "healthy"]


def healthy(here: Base) -> Fault:
    """A fault that is none yet."""
    return Fault(here.rules, Recipe.of(None, {}))


@pytest.mark.parametrize("table", TABLES)
def test_real_rows_keep_the_healthy_rules(data_dir: Path, table: str) -> None:
    here = base(data_dir, table, 3)
    broken = {outcome.name: int(outcome.fail.sum()) for outcome in here.evidence.outcomes(here.healthy)}
    assert {} == {name: count for name, count in broken.items() if count > 3}


@pytest.mark.parametrize("name", SPOILT)
@pytest.mark.parametrize("table", TABLES)
def test_a_fault_spoils_what_it_says_and_nothing_else(data_dir: Path, table: str, name: str) -> None:
    here = base(data_dir, table, 3)
    fault = FAULTS[name][0](here, healthy(here), np.random.default_rng(1))
    setup = here.setup(fault.text, fault.recipe)
    assert len(fault.causes) == len(fault.details) == (2 if name.startswith("both") else 1)
    rules = {outcome.name for outcome in here.evidence.outcomes(setup) if outcome.fail.mean() >= LEAST_BROKEN}
    assert rules == {cause.removeprefix("rule ") for cause in fault.causes if cause.startswith("rule")}
    assert ("model" in fault.causes) == (fault.recipe != Recipe.of(None, {}))
    assert any(cause.startswith("plan") for cause in fault.causes) == (
        " ~ {" in fault.text.replace("sentiment ~ {", "")
    )


def test_there_are_sixty_faults_and_twenty_healthy_runs_each_drawn_by_its_own_seed() -> None:
    made = cases(1, list(FAULTS))
    assert (60, 20) == tuple(sum((case.fault == "healthy") == sound for case in made) for sound in (False, True))
    assert 80 == len({case.name for case in made})
    assert {20} == {sum(case.table == table for case in made if case.fault != "healthy") for table in TABLES}


def test_a_page_of_some_cases_says_that_not_all_were_run() -> None:
    row = {"case": "rule: bound #0", "table": "bank", "fault": "rule: bound", "what": "oldest: 98 became 50"}
    judged = {"wanted": "rule oldest", "named": "rule oldest", "right": 1, "touched": 0, "changes": float("nan")}
    scores = {
        f"{name}_{when}": -1 if when == "before" else 0.5
        for name in ("c2st_auc", "trend_error", "shape_error")
        for when in ("before", "after", "healthy")
    }
    lines, missed = verdict([{**row, **judged, **scores}])
    assert missed
    assert "not all cases were run yet: 1 of 80" == lines[-1]
    text = page([{**row, **judged, **scores}])
    assert "| rule: bound #0 | bank | oldest: 98 became 50 | rule oldest | yes | - | - | 0.500 | 0.500 |" in text

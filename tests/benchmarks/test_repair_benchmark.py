"""The repair benchmark: its rule files, its tables, and the way from a run to the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from benchmarks import repair_speed
from benchmarks.repair import judge, tables
from benchmarks.repair.contestants.timing import timed
from benchmarks.repair.figures import lines
from benchmarks.repair.linear_rules import linear_part
from benchmarks.repair.page import page, rounded, svg
from benchmarks.repair.rule_sets import RULE_SETS, TINY
from htdbu.analyses import analyse
from htdbu.compiler.lowering import normalise
from htdbu.solver.components import components
from htdbu.solver.evaluate import Evaluator

ROWS = 100
NAMES = ["tiny", "rep", pytest.param("big", marks=pytest.mark.slow)]
SIZES = {"tiny": (8, 3), "rep": (25, 23), "big": (100, 150)}


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_file_has_its_size_and_no_errors(name: str) -> None:
    program = RULE_SETS[name].program
    assert SIZES[name] == (len(program.columns), len(program.rules))
    assert [] == [finding for finding in analyse(program) if finding.severity in ("error", "warning")]


def test_the_large_rule_set_has_ten_blocks() -> None:
    blocks = components(normalise(RULE_SETS["big"].program), frozenset())
    assert [(10, 15)] * 10 == [(len(block.columns), len(block.hard)) for block in blocks]


@pytest.mark.parametrize("kind", list(tables.SHARES))
@pytest.mark.parametrize("name", NAMES)
def test_exactly_the_share_of_rows_violates(name: str, kind: str) -> None:
    frame = tables.make(RULE_SETS[name], kind, ROWS)
    assert round(tables.SHARES[kind] * ROWS) == judge.violating(RULE_SETS[name].program, frame)


@pytest.mark.parametrize("name", NAMES)
def test_valid_rows_break_nothing_and_are_all_different(name: str) -> None:
    frame = tables.make(RULE_SETS[name], "valid", ROWS)
    assert 0 == sum(rule.fail for rule in RULE_SETS[name].program.check(frame).rules)
    assert ROWS == len(frame.drop_duplicates())


@pytest.mark.parametrize("name", NAMES)
def test_noise_stays_in_its_domains(name: str) -> None:
    program = RULE_SETS[name].program
    report = program.check(tables.make(RULE_SETS[name], "noise", ROWS))
    assert 0 == sum(rule.fail for rule in report.rules if rule.kind in ("domain", "null"))
    assert report.hard_violations > ROWS / 2


def test_the_same_seed_gives_the_same_table_and_another_one_another() -> None:
    first, again, other = (tables.make(TINY, "30", ROWS, seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_the_layer_gets_the_linear_rules_in_natural_units() -> None:
    part = linear_part(TINY.program)
    assert ("limit_ceiling", "drawn_in_limit") == part.names
    assert ["ordering y_0 y_1 y_2", "- 5y_1 + 2y_0 >= 0", "- 1y_2 + 1y_1 >= 0"] == part.text.splitlines()[:3]
    assert "- 1y_0 >= -500000" in part.text.splitlines()


def test_the_layers_inequalities_hold_where_its_rules_do() -> None:
    for rule_set in RULE_SETS.values():
        part = linear_part(rule_set.program)
        frame = tables.make(rule_set, "noise", ROWS)
        numbers = np.rint(frame[list(part.columns)].to_numpy() * 10**4)
        wanted = np.ones(ROWS, dtype=bool)
        for line in part.text.splitlines()[1:]:
            terms, _, least = line.partition(" >= ")
            total = np.zeros(ROWS)
            for term in terms.replace("- ", "-").replace("+ ", "").split():
                factor, _, place = term.partition("y_")
                total += float(factor) * numbers[:, int(place)]
            wanted &= total >= float(least) * 10**4
        assert ROWS - int(wanted.sum()) == judge.violating(rule_set.program, frame, part.names)


def test_the_judge_counts_changes_price_and_rows_on_the_edge() -> None:
    before = tables.make(TINY, "valid", 50)
    after = before.copy()
    after.loc[0, "income"], after.loc[0, "credit_limit"], after.loc[0, "drawn"] = 50_000.0, 20_000.0, 0.0
    found = judge.judge(TINY, before, after)
    assert (0, 0, 3, 0, 1) == tuple(
        found[key] for key in ("violating_before", "violating_after", "cells", "edge_before", "edge_after")
    )
    assert 3 < found["price"] < 6
    assert 1 == judge.unlike_rows(TINY.program, before, after)


def test_the_judge_names_the_level_that_was_thinned() -> None:
    before = tables.make(TINY, "valid", 300)
    after = before[before["job"] != "student"]
    found = judge.thinned(TINY.program, before, after)
    assert ("job student", 0.0) == (found["level"], found["after"])


def test_timing_grows_to_the_whole_table_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    # A tenth of a microsecond a row, whatever else the machine does.
    monkeypatch.setattr("benchmarks.repair.contestants.timing.time.perf_counter", lambda: sum(asked) / 1e7)
    timing = timed(asked.append, 5_000, 0.01)
    assert 5_000 == timing.rows
    assert 10 == asked[0]
    assert 3 == len(timing.wall)


def test_walks_end_at_sound_rows_of_every_block() -> None:
    table = tables.valid_rows(RULE_SETS["rep"], 40, np.random.default_rng(5))
    evaluator = Evaluator(normalise(RULE_SETS["rep"].program), table)
    assert not any(evaluator.truth(rule.outcome)[1].any() for rule in normalise(RULE_SETS["rep"].program).rules)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (0.1234, "0.12"), (12.34, "12.3"), (567.8, "568"), (98_765.4, "98,800")]
)
def test_numbers_are_shown_with_three_digits(value: float, shown: str) -> None:
    assert shown == rounded(value)


@pytest.mark.slow
def test_a_quick_run_ends_with_page_and_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--quick", "--rows", "60", "--seconds", "0.02", "--sets", "tiny", "--tables", "30"]
    assert 0 == repair_speed.main([*arguments, "--cache", str(tmp_path / "cache"), "--out", str(tmp_path / "out")])
    results = json.loads((tmp_path / "out" / "repair_speed.json").read_text())
    assert [""] * len(results["cells"]) == [cell["trouble"] for cell in results["cells"]]
    assert {0} == {line.left + line.unlike for line in lines(results)}
    text = (tmp_path / "out" / "repair.md").read_text()
    assert "## tiny: 8 columns, 3 rules" in text
    assert str(tmp_path) not in text
    assert "| tiny | 30 % |" in capsys.readouterr().out
    ElementTree.fromstring((tmp_path / "out" / "repair.svg").read_text())


def test_the_page_says_in_words_what_is_missing_and_names_mistakes_and_losses() -> None:
    results = _results()
    text = page(results)
    assert "| tiny | 30 % | 1,000 | 500 | not installed: pip could not install pishield==1.0.0 | 2,000 |" in text
    assert "**Our engines did not agree with `cp-sat`, which is a mistake: auto on tiny 30 % (3 rows).**" in text
    assert "naive CP-SAT passes 2.00 times as many rows a second as `auto` on tiny, 30 %" in text
    assert "| tiny | failed: MemoryError |" in text
    assert "\n\n\n" not in text
    ElementTree.fromstring(svg(results))


def _results() -> dict[str, Any]:
    """Results as a run would write them, with a peer that is missing and an engine that is wrong."""
    common = {"rows": 100, "violating_before": 30, "cells": 40, "price": 44.5, "edge_before": 1, "edge_after": 4}

    def cell(who: str, seconds: float, unlike: int = 0, **figures: Any) -> dict[str, Any]:
        figures |= {"rows": 100, "seconds": seconds, "cpu_seconds": seconds, "first_call_seconds": 0.1}
        return {
            "set": "tiny",
            "kind": "30",
            "who": who,
            "trouble": "",
            "figures": figures,
            "violating": 30,
            "left": 0,
            "common": common,
            "compared": 100,
            "unlike": unlike,
        }

    missing = {"set": "tiny", "kind": "30", "who": "PiShield", "figures": None}
    missing["trouble"] = "not installed: pip could not install pishield==1.0.0"
    del missing["figures"]
    auto = cell("auto", 0.1, 3, report={"engine": {"table": 10, "compiled": 19, "cp-sat": 1}})
    engine = {"set": "tiny", "kind": "30", "who": "cp-sat", "trouble": "failed: KeyError", "figures": None}
    return {
        "machine": {
            "cores": 2,
            "cpu": "a processor",
            "system": "Linux",
            "python": "3.12.0",
            "packages": {"numpy": "2.0"},
            "seconds": 8.0,
            "threads": 2,
            "seed": 0,
        },
        "cold": [{"set": "tiny", "who": "auto", "trouble": "", "figures": {"first_call_seconds": 9.5}}],
        "cells": [auto, cell("cp-sat", 0.2), missing, cell("naive CP-SAT", 0.05)],
        "alone": [engine],
        "generated": [{"set": "tiny", "who": "SDV", "trouble": "failed: MemoryError"}],
    }

"""The study of providers: spoiled rules, the pool and its verdicts, agreement, who takes part, and the page."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import htdbu
from benchmarks import providers
from benchmarks.appended import AppendedResults
from benchmarks.bank_main import EXAMPLE
from benchmarks.paper_experiment.readings import tables
from benchmarks.providers_study.agreement import agreement, agreements
from benchmarks.providers_study.collected import collect, spread
from benchmarks.providers_study.findings import findings
from benchmarks.providers_study.measuring import FIGURES
from benchmarks.providers_study.page import page
from benchmarks.providers_study.perturbations import PERTURBATIONS, crossed, dropped, moved, one_way, swapped
from benchmarks.providers_study.plan import READINGS, RULES, changed, jobs
from benchmarks.providers_study.pool import KINDS, packed, pool, spoiled, unpacked
from benchmarks.providers_study.subjects import TABLE, TARGET, Fixed, digest, given, shipped, unique
from benchmarks.runs import ROOT, TROUBLE, Figures, Run, parsed, written
from benchmarks.texture.part import Settings
from htdbu.errors import UsageError
from tests.providers.llm.scripted import says, serving

ASKED = ("strict", 42)
STRICT = (EXAMPLE / "strict.htr").read_text("utf-8")
DAYS = STRICT[STRICT.index("def days_of") : STRICT.index("## Who was never called")]
EDITS = {each.name: each.edit for each in PERTURBATIONS}
SOUND = {
    "age": "40",
    "job": "technician",
    "marital": "single",
    "education": "primary",
    "default": "no",
    "balance": "100",
    "housing": "no",
    "loan": "no",
    "contact": "cellular",
    "day": "12",
    "month": "may",
    "duration": "100",
    "campaign": "1",
    "pdays": "90",
    "previous": "2",
    "poutcome": "failure",
    "y": "no",
    "sentiment": "neutral",
    "headline": "Nothing new.",
}
NEVER = {"pdays": "-1", "previous": "0", "poutcome": "unknown"}


def keeps(rules: str, cells: Mapping[str, str]) -> bool:
    """Whether the sound row with other cells obeys the rules."""
    return htdbu.compile_text(rules).check(pd.DataFrame([{**SOUND, **cells}])).hard_violations == 0


@pytest.mark.parametrize(
    ("name", "cells", "by_strict", "by_spoiled"),
    [
        ("drop never_called", {"pdays": "-1"}, False, True),
        ("drop outcome_needs_call", {**NEVER, "poutcome": "failure"}, False, True),
        ("drop factor", {"y": "yes", "sentiment": "negative"}, False, True),
        ("loosen never_called", {**NEVER, "pdays": "90"}, False, True),
        ("loosen never_called", {"pdays": "-1"}, False, False),
        ("loosen day_exists", {"day": "30", "month": "feb"}, False, True),
        ("loosen day_exists", {"day": "31", "month": "feb"}, False, False),
        ("loosen old_student", {"job": "student", "age": "60"}, False, True),
        ("loosen old_student", {"job": "student", "age": "70"}, False, False),
        ("reverse outcome_needs_call", {"poutcome": "unknown"}, True, False),
        ("reverse outcome_needs_call", {**NEVER, "poutcome": "failure"}, False, True),
        ("reverse short_call", {}, True, False),
        ("reverse short_call", {"y": "yes", "sentiment": "positive", "duration": "3"}, False, True),
        ("reverse factor", {"y": "yes", "sentiment": "positive"}, True, False),
        ("reverse factor", {"y": "yes", "sentiment": "negative"}, False, True),
    ],
)
def test_a_spoiled_file_differs_where_it_says(
    name: str, cells: Mapping[str, str], by_strict: bool, by_spoiled: bool
) -> None:
    assert (by_strict, by_spoiled) == (keeps(STRICT, cells), keeps(EDITS[name](STRICT), cells))


@pytest.mark.parametrize("name", EDITS)
def test_every_spoiled_file_compiles_and_leaves_the_other_rules_as_they_were(name: str) -> None:
    before, after = htdbu.compile_text(STRICT), htdbu.compile_text(EDITS[name](STRICT))
    assert before.columns == after.columns
    held = [{rule.name: rule.outcome for rule in program.rules} for program in (before, after)]
    others = [rule for rule in held[0] if held[0][rule] != held[1].get(rule)]
    if name.endswith("factor"):
        assert {"factor"} == {rule.origin for rule in before.rules if rule.name in others}
    else:
        assert [name.split()[1]] == others
        assert before.factors == after.factors


def test_a_change_of_the_file_is_followed() -> None:
    older = STRICT.replace("age >= 50", "age >= 55")
    assert "age >= 75" in moved("old_student", "age", 20)(older)
    assert "age >= 45" in moved("old_student", "age", -10)(older)
    assert "duration <= 3 => not y" in STRICT.replace("duration <= 5", "duration <= 3")


def test_a_dropped_rule_takes_its_comment_along_and_nothing_else() -> None:
    lines = STRICT.split("\n")
    at = next(k for k, line in enumerate(lines) if line.startswith("hard short_call"))
    assert lines[at - 1].startswith("##")
    assert [*lines[: at - 1], *lines[at + 1 :]] == dropped("short_call")(STRICT).split("\n")


def test_a_rule_that_is_gone_or_of_another_form_is_an_error() -> None:
    gone = dropped("short_call")(STRICT)
    for edit in (dropped("short_call"), swapped("short_call"), moved("short_call", "duration", 1)):
        with pytest.raises(UsageError, match="made from the rule 'short_call', and the file has none"):
            edit(gone)
    with pytest.raises(UsageError, match="'never_called', which is no longer of the form a => b"):
        swapped("never_called")(STRICT)
    with pytest.raises(UsageError, match="'short_call', which is no longer of the form a <=> b"):
        one_way("short_call")(STRICT)
    with pytest.raises(UsageError, match="'old_student', which is no longer one bound of balance"):
        moved("old_student", "balance", 1)(STRICT)
    with pytest.raises(UsageError, match="'day_exists', which is no longer a factor of two values"):
        crossed("day_exists")(STRICT)


def bits(text: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([sign == "x" for sign in text])


def test_agreement_counts_rows_with_the_same_verdict_and_what_is_beyond_chance() -> None:
    found = agreement(bits("xx........"), bits("x.x......."))
    assert pytest.approx(0.8) == found.same
    # By chance 0.2 * 0.2 + 0.8 * 0.8 of the rows get the same verdict.
    assert pytest.approx((0.8 - 0.68) / 0.32) == found.kappa
    assert pytest.approx(1 / 3) == found.jaccard
    apart = agreement(bits("x........."), bits(".x........"))
    assert (pytest.approx(0.8), 0.0) == (apart.same, apart.jaccard)
    assert apart.kappa < 0


def test_files_that_reject_nothing_agree_fully() -> None:
    nothing = agreement(bits("...."), bits("...."))
    assert (1.0, 1.0, 1.0) == (nothing.same, nothing.kappa, nothing.jaccard)
    some = agreement(bits("...."), bits("x..."))
    assert (0.75, 0.0, 0.0) == (some.same, some.kappa, some.jaccard)
    assert [("a", "b"), ("a", "c"), ("b", "c")] == [*agreements(dict.fromkeys("abc", bits("x.")))]


@pytest.mark.parametrize("size", [1, 7, 8, 9_001])
def test_verdicts_come_back_from_a_results_file(size: int) -> None:
    broken = np.random.default_rng(size).random(size) < 0.1
    read = parsed(written(packed(broken)))
    assert isinstance(read, str)
    np.testing.assert_array_equal(broken, unpacked(read))


def test_a_spoiled_row_has_one_to_three_cells_of_other_rows() -> None:
    rows = pd.DataFrame({name: [f"{name}{k}" for k in range(500)] for name in "abcdef"})
    made = spoiled(rows, np.random.default_rng(1))
    assert {1, 2, 3} == set((made != rows).sum(axis=1))
    assert all(set(made[name]) <= set(rows[name]) for name in rows)


def test_subjects_are_named_with_where_they_came_from(tmp_path: Path) -> None:
    path = tmp_path / "my.htr"
    path.write_text(STRICT, "utf-8")
    plain, full = given([f"mine={path}"], [f"talk:openai:short:rich={path}"], ASKED)
    assert ("mine", "given", "", "") == (plain.name, plain.provider, plain.prompt, plain.granularity)
    assert ("talk", "openai", "short", "rich") == (full.name, full.provider, full.prompt, full.granularity)
    assert (True, False) == (plain.is_cheap, full.is_cheap)
    for wrong in (f"={path}", "mine", f"a:b:c:d:e={path}", f"a|b={path}"):
        with pytest.raises(UsageError, match="names no subject"):
            given([wrong], [], ASKED)
    with pytest.raises(UsageError, match="there is no file"):
        given(["mine=nowhere.htr"], [], ASKED)
    with pytest.raises(UsageError, match="two subjects are called 'strict'"):
        unique([*shipped(), *given([f"strict={path}"], [], ASKED)])


def settings(data: Path = Path("nowhere")) -> Settings:
    return Settings(data, (42,), ("independent",), quick=True)


def test_the_plan_holds_every_run_once_the_verdicts_of_a_seed_before_its_rows() -> None:
    several = Settings(Path("nowhere"), (42, 123), ("independent", "trees"))
    found = [run for (run, _), _, _ in jobs(several, shipped(), READINGS, 12_000)]
    assert 2 * 2 * 3 * len(shipped()) == len(found) == len(set(found))
    assert {42} == {run.seed for run in found[: len(found) // 2]}
    assert {"strict rules"} == {run.part for run in found[: len(shipped())]}
    assert {"strict rules", "manual rules"} == {
        run.part for (run, _), _, _ in jobs(several, shipped(), READINGS, 12_000, [RULES])
    }


def test_a_run_of_rules_that_have_changed_is_measured_again(tmp_path: Path) -> None:
    path = tmp_path / "my.htr"
    path.write_text(STRICT, "utf-8")
    subjects = [*given([f"mine={path}"], [], ASKED), next(each for each in shipped() if each.name == "strict")]
    found = jobs(settings(), subjects, ["strict"], 100)
    results = AppendedResults(None, FIGURES)
    for (run, _), _, _ in found:
        results.add(run, {"digest": digest(STRICT)})
    assert [] == changed(results, settings(), found)
    path.write_text(EDITS["drop factor"](STRICT), "utf-8")
    assert {"mine"} == {run.case for run, _ in changed(results, settings(), found)}
    assert 2 == len(changed(results, settings(), found))


def test_a_spread_holds_mean_deviation_and_range() -> None:
    several, one = spread([1.0, 2.0, 3.0]), spread([2.0])
    assert several is not None
    assert one is not None
    assert "2.0 ± 0.8 [1.0, 3.0]" == several.written(".1f")
    assert "200.0" == one.written(".1f", 100)
    assert spread([]) is None


def rules(name: str, provider: str, verdicts: str, alarm: float = 0.0) -> Figures:
    """What was measured of a rule file."""
    kinds = {f"rejected_{kind}": 0.25 for kind in KINDS}
    counts = {"hard": 3, "soft": 0, "factors": 1, "targets": 0}
    told = {"provider": provider, "prompt": "asked", "says": f"the file {name}", "pool": "sha256:a"}
    return {**told, **counts, **kinds, "alarm": alarm, "verdicts": packed(bits(verdicts))}


def drawn(own: int, reference_rate: float, lr_f1: float) -> Figures:
    """What was measured of rows."""
    like = {"xmodal": 0.01, "shape": 0.01, "trend": 0.02, "xgb_auc": 0.6}
    use = {f"{model}_{score}": lr_f1 for model in ("lr", "xgb") for score in ("accuracy", "f1", "auroc")}
    real = {f"{model}_real_{score}": 0.7 for model in ("lr", "xgb") for score in ("accuracy", "f1", "auroc")}
    return {"own": own, "lost": 0, "raw": 0.4, "reference_rate": reference_rate, **like, **use, **real}


def measured(own: int = 0) -> AppendedResults:
    """Two seeds of three subjects, one of which no table obeys."""
    results = AppendedResults(None, FIGURES)
    for seed in (42, 123):
        for name, provider, verdicts in (
            ("strict", "LLM", "xx.."),
            ("odd", "given", "x..."),
            ("none", "given", "...."),
        ):
            alarm = 0.5 if name == "odd" else 0.0
            results.add(Run("strict rules", name, "pool", seed, 4), rules(name, provider, verdicts, alarm))
        results.add(Run("strict rows", "strict", "trees", seed, 10), drawn(0, 0.0, 0.6))
        results.add(Run("strict rows", "odd", "trees", seed, 10), drawn(own, 0.25, 0.4))
        results.add(Run("strict rows", "none", "trees", seed, 10), {TROUBLE: "no table meets it"})
    return results


def test_the_page_says_what_the_figures_say() -> None:
    text = page(measured())
    assert "4 runs; no row of any breaks a hard rule of its file; none is a row short." in text
    assert "- Nothing but a reason in 2 runs: *none* (no table meets it)." in text
    assert "1 of 3 files reject real rows that they never saw: *odd* 50.00%; the other 2 reject none." in text
    assert "rows of 1 of 2 files break none of its rules; those of the others do: *odd* 25.00%." in text
    assert "from 0.400 (*odd*) to 0.600 (*strict*) over 2 files, standard deviation 0.100" in text
    assert "more than 0.01 from *strict* (0.600): *odd* 0.400; over its 2 seeds" in text
    # strict and odd agree on 3 of 4 rows, odd and none too, strict and none on 2.
    assert "judge 66.7% of the pool alike on average over 3 pairs, and 50.0% where they differ most" in text
    assert "| 1 strict |  | 75.0 | 50.0 |" in text
    assert "| 2 odd | 50.0 |  | 75.0 |" in text
    assert "| given | 2 | 25.00 ± 25.00 [0.00, 50.00] | 0.625 ± 0.125 [0.500, 0.750] |" in text
    assert "- strict, `independent`: nothing yet" in text
    assert "- strict, `trees`: 0 of 3 seeds of manual, table alone, drop never_called," in text
    assert "; 2 of 3 seeds of strict, odd, none\n" in text
    assert "### By granularity" not in text
    assert "- manual, `trees`: nothing yet" in text
    assert "None" not in text


def test_files_are_compared_over_the_seeds_that_all_have() -> None:
    results = measured()
    results.add(Run("strict rows", "strict", "trees", 2024, 10), drawn(0, 0.0, 0.9))
    assert {"strict": 0.6, "odd": 0.4} == pytest.approx(collect(results, "strict").of_rows("trees", "lr_f1"))


def test_rows_that_break_their_own_rules_are_named() -> None:
    said = findings(collect(measured(own=3), "strict"))
    assert "Validity by a file's own rules: 4 runs; rows that break one: *odd* 3; none is a row short." == said[0]


def test_verdicts_on_other_pools_are_not_compared() -> None:
    results = measured()
    for seed in (42, 123):
        results.runs[Run("strict rules", "odd", "pool", seed, 4)]["pool"] = "sha256:b"
    assert [("strict", "none")] == [*collect(results, "strict").pairs]


def test_a_page_of_nothing_says_that_nothing_is_measured() -> None:
    text = page(AppendedResults(None, FIGURES))
    assert 2 * len(READINGS) == text.count(": nothing yet\n")
    assert "## Rows of" not in text


@pytest.mark.slow
def test_files_go_through_one_model_and_a_run_that_is_there_is_kept(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, mine = tmp_path / "wrong.htr", tmp_path / "mine.htr"
    wrong.write_text("table bank {", "utf-8")
    mine.write_text('import "days.htr"\n' + STRICT.replace(DAYS, ""), "utf-8")
    (tmp_path / "days.htr").write_text(DAYS, "utf-8")
    chosen = ["--quick", "--data", str(data_dir), "-o", str(tmp_path), "--readings", "strict"]
    chosen += ["--generators", "independent", "--rules", f"mine:a person:by hand:={mine}", f"wrong={wrong}"]
    assert 0 == providers.main([*chosen, "--subjects", "strict", "mine", "wrong", "drop never_called"])
    results = AppendedResults(tmp_path / "providers.csv", FIGURES)
    files = {run.case: figures for run, figures in results.of("strict rules")}
    rows = {run.case: figures for run, figures in results.of("strict rows")}
    assert files["strict"]["verdicts"] == files["mine"]["verdicts"]
    assert 0 == files["strict"]["alarm"]
    assert files["drop never_called"]["rejected_raw"] < files["strict"]["rejected_raw"]
    assert ({"provider", "says", TROUBLE}, {TROUBLE}) == (set(files["wrong"]), set(rows["wrong"]))
    assert "the rules do not compile: this `{` is never closed" == rows["wrong"][TROUBLE]
    own = ("digest", "fit_seconds", "draw_seconds")
    same = [{name: each[name] for name in each if name not in own} for each in (rows["strict"], rows["mine"])]
    assert same[0] == same[1]
    assert (0, 0, 0) == tuple(rows["strict"][name] for name in ("own", "reference", "lost"))
    assert 0 == rows["drop never_called"]["own"] < int(rows["drop never_called"]["reference"])
    assert "| a person |" in (tmp_path / "providers.md").read_text("utf-8")
    capsys.readouterr()
    assert 0 == providers.main([*chosen, "--subjects", "strict", "mine"])
    assert 4 == capsys.readouterr().out.count("is there already")


@pytest.mark.slow
def test_a_transcript_of_the_command_is_replayed(data_dir: Path, tmp_path: Path) -> None:
    here = settings(data_dir)
    tables(here, "strict", 42)[0].to_csv(tmp_path / "train.csv", index=False)
    command = [sys.executable, "-m", "htdbu", "draft", "train.csv", "-o", "drafted.htr", "--table", TABLE]
    command += ["--target", TARGET, "--granularity", "minimal", "--provider", "llm", "--model", "scripted"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with serving(says(STRICT)) as server:
        command += ["--base-url", server.url, "--transcript", "talk.jsonl"]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    (subject,) = given([], [f"talk:scripted:short:minimal={tmp_path / 'talk.jsonl'}"], ASKED)
    text = subject.text(here, "strict", 42)
    assert (tmp_path / "drafted.htr").read_text("utf-8") == text
    assert "hard short_call" in text


def test_the_pool_is_the_same_for_all_and_holds_a_third_of_each_kind(data_dir: Path) -> None:
    found = pool(settings(data_dir), "strict", 42, 300)
    assert dict.fromkeys(KINDS, 100) == {kind: int((found.kinds == kind).sum()) for kind in KINDS}
    assert found.digest == pool(settings(data_dir), "strict", 42, 300).digest
    broken = found.verdicts(htdbu.compile_text(STRICT))
    shares = found.shares(broken)
    assert 0.0 == shares["real"]
    assert shares["raw"] > 0
    assert shares["spoiled"] > 0


def test_what_is_asked_wrongly_ends_with_a_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == providers.main(["--quick", "--subjects", "nobody"])
    assert "there is no subject 'nobody'" in capsys.readouterr().err


def test_fixed_files_that_cannot_be_read_are_an_error(tmp_path: Path) -> None:
    subject = Fixed("gone", "", "", "", "", tmp_path / "gone.htr")
    with pytest.raises(htdbu.DataError, match="the rules gone"):
        subject.text(settings(), "strict", 42)

"""`htdbu fit` learns a table once; `htdbu synthesize --model` then serves any rules."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from htdbu.datasets import load_loans, loans_rules
from tests.cli.conftest import Outcome
from tests.cli.test_endings import hear_interrupts

Htdbu = Callable[..., Outcome]

MORE = """
hard settled: owed == 0 or age <= 80
hard modest: job == "student" => income <= 40_000
"""


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a loan book, spelled in a way of its own, and two rule files."""
    folder = tmp_path_factory.mktemp("loans")
    load_loans(700, random_state=1).to_csv(folder / "loans.csv", index=False, sep=";", lineterminator="\r\n")
    # Without the factor, whose few rows are steered to, which can ask the model for anything.
    rules = loans_rules().partition("\nfactor ")[0] + "\ntarget grades: dist(rating) ~ real within 3%\n"
    (folder / "loans.htr").write_text(rules, "utf-8")
    (folder / "more.htr").write_text(rules + MORE, "utf-8")
    return folder


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)


def test_one_model_serves_rule_files_without_training(htdbu: Htdbu, loans: Path, tmp_path: Path) -> None:
    model = tmp_path / "loans.model"
    data, rules = loans / "loans.csv", loans / "loans.htr"
    fitted = htdbu("fit", data, "-o", model, "--rules", rules, "--generator", "trees", "--format", "json")
    assert (0, "") == (fitted.code, fitted.err)
    told = fitted.json
    assert (700, "trees", model.stat().st_size) == tuple(told[key] for key in ("rows", "generator", "bytes"))
    assert "date" == told["columns"]["opened"]
    assert {"id", "note"} < set(told["left_out"])
    assert told["trained"] > 12
    real = read(data)
    for name in ("loans.htr", "more.htr"):
        out = tmp_path / f"{name}.csv"
        made = htdbu("synthesize", loans / name, "--model", model, "-n", 100, "-o", out, "--format", "json")
        assert (0, "") == (made.code, made.err)
        assert (0, 0) == (made.json["trained"], made.json["violations"]["violating_rows"])
        broken = htdbu("check", loans / name, data, "--format", "json").json["violating_rows"]
        assert broken == made.json["real_violations"]["violating_rows"]
        assert htdbu("check", loans / name, out, "--real", data).code == 0
        rows = read(out)
        assert list(real.columns) == list(rows.columns)
        assert rows["id"].is_unique
        assert not set(rows["id"]) & set(real["id"])
        assert b"\r\n" in out.read_bytes()
    assert broken > 0
    assert (
        "learned from all real rows, though"
        in htdbu("synthesize", loans / "more.htr", "--model", model, "-n", 20, "-o", tmp_path / "x.csv").out
    )


def test_what_rules_ask_for_that_came_later_is_trained_and_told(htdbu: Htdbu, loans: Path, tmp_path: Path) -> None:
    model, out = tmp_path / "loans.model", tmp_path / "out.csv"
    told = htdbu("fit", loans / "loans.csv", "-o", model, "--generator", "trees")
    assert "left out: id (serial numbers)" in told.out
    assert f"written: {model} (" in told.out
    call = ("synthesize", loans / "loans.htr", "--model", model, "-n", 100, "-o", out, "--seed", 3)
    assert "trained now: " in htdbu(*call).out
    once = out.read_bytes()
    htdbu(*call, "--threads", 1)
    assert once == out.read_bytes()
    report = tmp_path / "report.html"
    assert 0 == htdbu(*call, "--report", report, "--target", "defaulted").code
    assert "<svg" in report.read_text("utf-8")


def test_a_typed_file_gives_typed_rows(htdbu: Htdbu, loans: Path, tmp_path: Path) -> None:
    real = load_loans(300, random_state=2)
    real.to_parquet(tmp_path / "loans.parquet")
    model, out = tmp_path / "a.model", tmp_path / "out.parquet"
    assert 0 == htdbu("fit", tmp_path / "loans.parquet", "-o", model, "--generator", "independent").code
    assert 0 == htdbu("synthesize", loans / "loans.htr", "--model", model, "-n", 50, "-o", out).code
    direct = tmp_path / "direct.parquet"
    arguments = ("-n", 50, "-o", direct, "--generator", "independent")
    assert 0 == htdbu("synthesize", loans / "loans.htr", tmp_path / "loans.parquet", *arguments).code
    assert pd.read_parquet(direct).dtypes.equals(pd.read_parquet(out).dtypes)


def test_calls_that_do_not_fit_together(htdbu: Htdbu, loans: Path, tmp_path: Path) -> None:
    data, rules, model, out = loans / "loans.csv", loans / "loans.htr", tmp_path / "a.model", tmp_path / "out.csv"
    assert 0 == htdbu("fit", data, "-o", model, "--generator", "independent").code
    for arguments, message in [
        ((), "no rows to learn from"),
        ((data, "--model", model), "both REAL and --model"),
        (("--model", model, "--generator", "trees"), "--generator does not go with --model"),
        (("--model", model, "--set", "depth=3"), "--set does not go with --model"),
        ((data, "--set", "depth"), "not of the form NAME=V, like depth=6"),
        ((data, "--set", "dept=3"), "did you mean `depth`?"),
        (("--model", model, "--delimiter", ";"), "--delimiter does not go with --model"),
        (("--model", model, "--allow-unique-values"), "--allow-unique-values does not go with --model"),
        (("--model", model, "--max-dcr-share", 0.6), "--max-dcr-share does not go with --model"),
        (("--model", data), "is no model file"),
        (("--model", tmp_path / "b.model"), "cannot be read: No such file"),
        (("--model", tmp_path), "cannot be read: Is a directory"),
    ]:
        outcome = htdbu("synthesize", rules, *arguments, "-n", 5, "-o", out)
        assert (2, "") == (outcome.code, outcome.out)
        assert message in outcome.err
        assert "hint: " in outcome.err
        assert "unexpected" not in outcome.err
    assert not out.exists()
    for arguments, message in [
        (("-o", data), "would be written over"),
        (("-o", tmp_path / "c.model", "--generator", "tree"), "did you mean 'trees'?"),
        (("-o", tmp_path / "nowhere" / "c.model"), "no folder"),
        (("-o", tmp_path / "c.model", "--generator", "xgboost", "--set", "trees=0"), "trees is 0"),
    ]:
        outcome = htdbu("fit", data, *arguments)
        assert (2, "") == (outcome.code, outcome.out)
        assert message in outcome.err


def test_an_interrupted_fit_leaves_the_old_file(loans: Path, tmp_path: Path) -> None:
    model = tmp_path / "a.model"
    model.write_text("old")
    command = [sys.executable, "-m", "htdbu", "fit", str(loans / "loans.csv"), "-o", str(model)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hear_interrupts, env=os.environ
    ) as process:
        time.sleep(2.5)
        process.send_signal(2)
        _, err = process.communicate(timeout=60)
    assert "old" == model.read_text() or 0 == process.returncode
    assert [model] == list(tmp_path.iterdir())
    assert process.returncode in (0, 130)
    assert "Traceback" not in err

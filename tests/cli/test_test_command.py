"""`htdbu test`: verdicts, coverage and exit codes, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from htdbu.cli import main

RULES = """\
table t {
  age : int in 0..120
  job : category { "none", "judge" }
}
param least = 18
hard adult: job != "none" => age >= least
soft(2) old: job == "judge" => age >= 40
"""
GOOD = 'test "children do not work" {\n  reject { age: 9, job: "judge" } by adult\n  accept { age: 9 }\n}\n'
BAD = 'test "judges are old" {\n  reject { age: 40, job: "judge" } by old\n}\n'


def _file(folder: Path, text: str, name: str = "r.htr") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def test_tests_that_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, RULES + GOOD)
    assert 0 == main(["test", path])
    assert (
        f"pass  children do not work\n\nnever rejected by an example: old\n"
        f"{path}: 1 test, all passed; of 2 rules 2 met and 1 rejected\n"
    ) == capsys.readouterr().out


def test_a_test_that_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, RULES + GOOD + BAD)
    assert 1 == main(["test", path, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert [True, False] == [test["passed"] for test in told["tests"]]
    assert ['reject { age: 40, job: "judge" } by old: `old` holds there'] == told["tests"][1]["failures"]
    assert {"rules": 2, "fired": 2, "rejected": 1} == {k: told["coverage"][k] for k in ("rules", "fired", "rejected")}


def test_it_is_an_error_of_compile_and_of_no_other_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, RULES + BAD)
    assert 1 == main(["compile", path, "--format", "concise"])
    assert f'{path}:9:3: error[HTR901] the test "judges are old" fails: `old` holds there\n' == capsys.readouterr().out
    data = _file(tmp_path, "age,job\n50,judge\n", "d.csv")
    assert 0 == main(["check", path, data])


def test_params_count(tmp_path: Path) -> None:
    path = _file(tmp_path, RULES + GOOD)
    assert 1 == main(["test", path, "--param", "least=9"])


def test_several_files_and_files_without_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, tested = _file(tmp_path, RULES, "plain.htr"), _file(tmp_path, RULES + GOOD)
    assert 0 == main(["test", plain, tested])
    assert f"{plain}: no tests\n" in capsys.readouterr().out
    assert 0 == main(["test", plain, tested, "--format", "json"])
    assert 4 == json.loads(capsys.readouterr().out)["coverage"]["rules"]


def test_a_broken_file_and_a_missing_one_cannot_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["test", _file(tmp_path, RULES + 'test "x" { accept { agee: 3 } }')])
    assert "HTR101" in capsys.readouterr().err
    assert 2 == main(["test", str(tmp_path / "none.htr")])

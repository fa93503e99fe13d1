"""`htdbu test`: verdicts, coverage and exit codes, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from htdbu.cli import main
from htdbu.compiler.diagnostics import all_kinds

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
    assert capsys.readouterr().out.startswith(f"{plain}: no tests\n\npass  ")
    assert 0 == main(["test", plain, tested, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert 4 == told["coverage"]["rules"]
    assert [tested] == [test["file"] for test in told["tests"]]
    assert [plain, plain, tested, tested] == [line["file"] for line in told["coverage"]["by_rule"]]


def test_a_test_that_the_search_cannot_decide_is_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, all_kinds()["HTR390"].failing)
    assert 0 == main(["test", path, "--effort", "0.3"])
    said = "the search for a completion ran out of its budget"
    assert (
        f"open  the modulus is a product\n      undecided: accept {{}}: {said}\n\n"
        f"never met by an example: modulus\nnever rejected by an example: modulus\n"
        f"{path}: 1 test, 1 undecided; of 1 rule 0 met and 0 rejected\n"
    ) == capsys.readouterr().out
    assert 0 == main(["test", path, "--effort", "0.3", "--format", "json"])
    (test,) = json.loads(capsys.readouterr().out)["tests"]
    assert ([], [f"accept {{}}: {said}"]) == (test["failures"], test["undecided"])


def test_junit_has_a_suite_for_every_file_and_a_case_for_every_test(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tested = _file(tmp_path, RULES + GOOD + BAD)
    undecided = _file(tmp_path, all_kinds()["HTR390"].failing, "open.htr")
    assert 1 == main(["test", tested, undecided, "--format", "junit", "--effort", "0.3"])
    root = ElementTree.fromstring(capsys.readouterr().out)
    assert ("3", "1", "1") == (root.get("tests"), root.get("failures"), root.get("skipped"))
    found = [(case.get("name"), [said.tag for said in case]) for case in root.iter("testcase")]
    assert [
        ("children do not work", []),
        ("judges are old", ["failure"]),
        ("the modulus is a product", ["skipped"]),
    ] == found


def test_the_json_form_is_tested_as_the_file_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, form = _file(tmp_path, RULES + GOOD + BAD), str(tmp_path / "r.json")
    assert 1 == main(["compile", path, "--emit", "ir", "-o", form])
    capsys.readouterr()
    told = []
    for rules in (path, form):
        assert 1 == main(["test", rules, "--format", "json"])
        told.append(capsys.readouterr().out.replace(rules, "rules"))
    assert told[0] == told[1]


def test_a_broken_file_and_a_missing_one_cannot_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["test", _file(tmp_path, RULES + 'test "x" { accept { agee: 3 } }')])
    assert "HTR101" in capsys.readouterr().err
    assert 2 == main(["test", str(tmp_path / "none.htr")])

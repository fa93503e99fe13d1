"""`htdbu compile` reports every mistake of a rule file; `htdbu explain` tells what a code means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from htdbu.compiler.diagnostics import codes
from tests.cli.conftest import Outcome

Htdbu = Callable[..., Outcome]

FIVE_MISTAKES = """\
table people {
  age    : int in 0..120
  job    : category { "none", "clerk" }
  income : decimal(2) in 0..1_000_000
}
hard misspelt:   aeg >= 18
hard level:      job == "clark"
hard text:       age == "old"
hard too_fine:   income == 0.001
hard unfinished: age >=
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A rule file with five mistakes."""
    path = tmp_path / "broken.htr"
    path.write_text(FIVE_MISTAKES)
    return path


def test_sound_rules_end_well(htdbu: Htdbu, rules: Path) -> None:
    outcome = htdbu("compile", rules)
    assert (0, "") == (outcome.code, outcome.err)
    assert "5 columns, 3 rules" in outcome.out


def test_all_five_mistakes_are_reported_with_their_lines(htdbu: Htdbu, broken: Path) -> None:
    outcome = htdbu("compile", broken, "--format", "json")
    assert 1 == outcome.code
    errors = {(d["code"], d["line"]) for d in outcome.json["diagnostics"] if d["severity"] == "error"}
    expected = {("HTR101", 6), ("HTR202", 7), ("HTR201", 8), ("HTR203", 9), ("HTR001", 10)}
    assert expected == errors
    assert 5 == outcome.json["summary"]["errors"]


def test_people_see_code_place_caret_and_help(htdbu: Htdbu, broken: Path) -> None:
    out = htdbu("compile", broken).out
    assert "error[HTR101]" in out
    assert "broken.htr:6:18" in out
    assert "did you mean `age`?" in out
    assert "^^^" in out
    assert "5 errors" in out.splitlines()[-1]


def test_concise_is_a_line_each(htdbu: Htdbu, broken: Path) -> None:
    lines = htdbu("compile", broken, "--format", "concise").out.splitlines()
    assert 5 == len(lines)
    assert all(line.startswith(f"{broken}:") for line in lines)


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_the_fail_level_decides_the_exit_code(htdbu: Htdbu, tmp_path: Path, level: str, code: int) -> None:
    path = tmp_path / "unused.htr"
    path.write_text("table t {\n  a : int in 0..9\n}\nparam unused = 1\nhard r: a >= 1\n")
    assert code == htdbu("compile", path, "--fail-level", level).code


def test_several_files_are_reported_together(htdbu: Htdbu, rules: Path, broken: Path) -> None:
    outcome = htdbu("compile", rules, broken, "--format", "json")
    assert [str(rules), str(broken)] == outcome.json["files"]
    assert {str(broken)} == {d["file"] for d in outcome.json["diagnostics"]}


def test_data_without_a_declared_column_are_reported(htdbu: Htdbu, rules: Path, table: Path) -> None:
    assert 0 == htdbu("compile", rules, "--data", table).code
    table.write_text("id,Age,job,income,since\n")
    outcome = htdbu("compile", rules, "--data", table, "--format", "json")
    assert 1 == outcome.code
    (finding,) = outcome.json["diagnostics"]
    assert ("HTR704", 3) == (finding["code"], finding["line"])
    assert 'as "Age"' in finding["help"]


def test_the_json_form_means_the_same(htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path) -> None:
    program = tmp_path / "people.json"
    assert 0 == htdbu("compile", rules, "--emit", "ir", "-o", program).code
    assert 0 == htdbu("compile", program).code
    arguments = (table, "--format", "json", "--param", "working_age=5")
    assert htdbu("check", rules, *arguments).json == htdbu("check", program, *arguments).json


def test_the_json_form_alone_goes_to_standard_output(htdbu: Htdbu, rules: Path) -> None:
    outcome = htdbu("compile", rules, "--emit", "ir")
    assert "people" == outcome.json["name"]
    assert "no findings" in outcome.err


def test_a_broken_file_stops_other_commands(htdbu: Htdbu, broken: Path, table: Path) -> None:
    outcome = htdbu("check", broken, table)
    assert (2, "") == (outcome.code, outcome.out)
    assert "error[HTR101]" in outcome.err
    assert f"error: {broken} has 5 errors" in outcome.err


@pytest.mark.parametrize("arguments", [("-o", "x.json"), ("--emit", "excel")])
def test_options_that_do_not_fit_are_refused(htdbu: Htdbu, rules: Path, arguments: tuple[str, ...]) -> None:
    assert 2 == htdbu("compile", rules, *arguments).code


def test_emit_takes_one_file(htdbu: Htdbu, rules: Path) -> None:
    outcome = htdbu("compile", rules, rules, "--emit", "ir")
    assert (2, "") == (outcome.code, outcome.out)
    assert "--emit takes one rule file" in outcome.err


@pytest.mark.parametrize("code", codes())
def test_every_code_is_explained(htdbu: Htdbu, code: str) -> None:
    outcome = htdbu("explain", code.lower())
    assert 0 == outcome.code
    assert outcome.out.startswith(code)
    assert "This gets it:" in outcome.out


def test_all_codes_are_listed(htdbu: Htdbu) -> None:
    lines = htdbu("explain").out.splitlines()
    assert codes() == [line.split()[0] for line in lines[1:]]
    assert codes() == [kind["code"] for kind in htdbu("explain", "--format", "json").json["codes"]]


def test_an_unknown_code_gets_the_nearest(htdbu: Htdbu) -> None:
    outcome = htdbu("explain", "HTR10")
    assert (2, "") == (outcome.code, outcome.out)
    assert "did you mean" in outcome.err

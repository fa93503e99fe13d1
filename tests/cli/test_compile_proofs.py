"""`htdbu compile` with proofs and with data, as a user sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome

Htdbu = Callable[..., Outcome]
RULES = """\
table t {
  a : int in 0..9
  b : int in 0..9
}
hard r: a <= b
hard s: a <= b + 1
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.htr"
    path.write_text(RULES)
    return path


def test_a_proved_finding_is_shown_with_the_rules_that_prove_it(htdbu: Htdbu, rules: Path) -> None:
    outcome = htdbu("compile", rules)
    assert 0 == outcome.code
    assert "warning[HTR503] the rule `s` adds nothing: it follows from `r`" in outcome.out
    assert "5 | hard r: a <= b\n  | -------------- because of this rule" in outcome.out


def test_json_names_the_rules(htdbu: Htdbu, rules: Path) -> None:
    (entry,) = htdbu("compile", rules, "--format", "json").json["diagnostics"]
    assert ("HTR503", "redundant", "warning", ["r"], 6, 1) == tuple(
        entry[key] for key in ("code", "name", "severity", "rules", "line", "column")
    )


def test_the_fail_level_decides_the_exit_code(htdbu: Htdbu, rules: Path) -> None:
    assert 1 == htdbu("compile", rules, "--fail-level", "warning").code
    rules.write_text(RULES + "hard t: a > b\n")
    assert 1 == htdbu("compile", rules).code


def test_proofs_can_be_left_out(htdbu: Htdbu, rules: Path) -> None:
    assert "no findings" in htdbu("compile", rules, "--no-proofs").out


def test_broken_rules_are_not_proved(htdbu: Htdbu, rules: Path) -> None:
    rules.write_text(RULES + "hard t: c > b\n")
    codes = [entry["code"] for entry in htdbu("compile", rules, "--format", "json").json["diagnostics"]]
    assert ["HTR101"] == codes


def test_the_json_form_is_proved_too(htdbu: Htdbu, rules: Path, tmp_path: Path) -> None:
    out = tmp_path / "rules.json"
    assert 0 == htdbu("compile", rules, "--emit", "ir", "-o", out).code
    (entry,) = htdbu("compile", out, "--format", "json").json["diagnostics"]
    assert ("HTR503", str(out), 1) == (entry["code"], entry["file"], entry["line"])


def test_every_style_takes_proved_findings(htdbu: Htdbu, rules: Path) -> None:
    rules.write_text(RULES + "hard t: a > b\n")
    for style in ("concise", "sarif", "github", "junit"):
        assert "HTR501" in htdbu("compile", rules, "--format", style).out, style


def test_data_show_how_rules_are_exercised(htdbu: Htdbu, rules: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("a,b\n1,2\n5,3\n")
    shown = htdbu("compile", rules, "--data", data, "--no-proofs")
    assert "1 of 2 real rows (50.00 %) break the rule `r`" in shown.out
    assert "rule  fired  decided  broken  closest rows" in shown.out
    coverage = htdbu("compile", rules, "--data", data, "--format", "json").json["coverage"]
    assert [("r", 2, 2, 1), ("s", 2, 2, 1)] == [(c["name"], c["fired"], c["decided"], c["fail"]) for c in coverage]


def test_a_column_that_data_miss_is_told_before_anything_is_judged(htdbu: Htdbu, rules: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("a\n1\n")
    outcome = htdbu("compile", rules, "--data", data, "--format", "json")
    assert 1 == outcome.code
    assert "HTR704" in [entry["code"] for entry in outcome.json["diagnostics"]]
    assert "coverage" not in outcome.json

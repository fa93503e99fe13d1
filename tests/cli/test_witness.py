"""`htdbu witness`: rows that check judges as they were meant, in every form they can be written in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome

Htdbu = Callable[..., Outcome]
SPELLED = """\
table t {
  id    : int key as "No."
  birth : date in 1950-01-01..2010-12-31 as "born on" format "%d/%m/%Y"
  sure  : bool
  rate  : decimal(3) in 0..1 null
  kind  : category { "NA", "b", "c" } null
  note  : text
}
hard grown: year(birth) <= 2005
forbid b_sure: kind == "b" and sure
"""
NAMES = ["grown", "b_sure", "birth.domain", "birth.null", "sure.domain", "rate.domain", "kind.domain", "id.null"]


def broken(outcome: Outcome) -> list[str]:
    return [rule["name"] for rule in outcome.json["rules"] if rule["fail"]]


def test_the_row_of_a_rule(htdbu: Htdbu, rules: Path) -> None:
    outcome = htdbu("witness", rules, "judges_are_old")
    assert (0, "") == (outcome.code, outcome.err)
    assert (
        "column  value\nid      50\nage     39\njob     judge\nincome  500000.00\nsince   2010-07-02\n\n"
        "breaks `judges_are_old`, which reads age, job\n"
    ) == outcome.out


def test_the_json_of_a_row(htdbu: Htdbu, rules: Path) -> None:
    told = htdbu("witness", rules, "--format", "json").json
    row = {"id": 50, "age": 60, "job": "none", "income": 500000.0, "since": "2010-07-02"}
    assert (row, [], None) == (told["row"], told["breaks"], told["rule"])
    assert htdbu("witness", rules, "age.null", "--format", "json").json["row"]["age"] is None


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "tsv", "parquet", "feather"])
@pytest.mark.parametrize("name", [None, *NAMES])
def test_check_judges_the_file_as_it_was_meant(htdbu: Htdbu, tmp_path: Path, ending: str, name: str | None) -> None:
    rules, out = tmp_path / "r.htr", tmp_path / f"row.{ending}"
    rules.write_text(SPELLED)
    outcome = htdbu("witness", rules, *([] if name is None else [name]), "-o", out)
    assert 0 == outcome.code, outcome
    checked = htdbu("check", rules, out, "--format", "json")
    assert ([] if name is None else [name]) == broken(checked)
    assert 1 == checked.json["rows"]


def test_files_are_spelled_as_the_rules_say(htdbu: Htdbu, tmp_path: Path) -> None:
    (tmp_path / "r.htr").write_text(SPELLED)
    outcome = htdbu("witness", tmp_path / "r.htr", "-o", "-")
    assert "No.,born on,sure,rate,kind,note\n50,01/07/1980,false,0.500,NA,text-1\n" == outcome.out
    assert "satisfies all hard rules" in outcome.err


def test_data_say_what_is_typical(htdbu: Htdbu, rules: Path, table: Path) -> None:
    told = htdbu("witness", rules, "--data", table, "--format", "json").json
    # As many clerks as judges: the earlier level. Four incomes: the second.
    assert {"id": 3, "age": 39, "job": "clerk", "income": 5.0, "since": "2001-01-01"} == told["row"]


def test_params_count(htdbu: Htdbu, rules: Path) -> None:
    told = htdbu("witness", rules, "no_child_works", "--param", "working_age=30", "--format", "json").json
    assert 29 == told["row"]["age"]


def test_where_there_is_no_row_the_exit_code_is_one(htdbu: Htdbu, tmp_path: Path) -> None:
    rules, out = tmp_path / "r.htr", tmp_path / "row.csv"
    rules.write_text("table t { a : int in 0..9 }\nhard low: a <= 3\nhard lower: a <= 2\n")
    outcome = htdbu("witness", rules, "low", "-o", out)
    assert (1, "no row breaks only `low`: `lower` is then broken too\n") == (outcome.code, outcome.out)
    assert not out.exists()
    told = htdbu("witness", rules, "low", "--format", "json")
    assert (1, None, ["lower"]) == (told.code, told.json["row"], told.json["conflict"])
    rules.write_text("table t { a : int in 0..9 }\nhard low: a <= 3\nhard high: a >= 5\n")
    outcome = htdbu("witness", rules)
    assert (1, "no row satisfies all hard rules: `low`, `high` cannot hold together\n") == (outcome.code, outcome.out)


HARD = """\
table t { a : int in 2..900_000_000  b : int in 2..900_000_000  c : int in 1..9_999 }
hard r: mod(a * b, 99_991) == c
"""


def test_what_the_search_cannot_find_out_is_told(htdbu: Htdbu, tmp_path: Path) -> None:
    rules = tmp_path / "r.htr"
    rules.write_text(HARD)
    outcome = htdbu("witness", rules, "--effort", "1e-9")
    said = "undecided whether a row satisfies all hard rules: the search ran out of its budget\n"
    assert (1, said) == (outcome.code, outcome.out)
    assert htdbu("witness", rules, "--effort", "1e-9", "--format", "json").json["undecided"]


def test_a_row_that_was_not_proved_nearest_is_shown_all_the_same(htdbu: Htdbu, tmp_path: Path) -> None:
    rules = tmp_path / "r.htr"
    rules.write_text(HARD)
    outcome = htdbu("witness", rules, "--effort", "1e-5")
    assert 0 == outcome.code
    assert "before it was proved" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no_child_work"], "there is no rule `no_child_work`\n  hint: did you mean `no_child_works`?"),
        (["age.domian"], "did you mean `age.domain`?"),
        (["zzz"], "there are no_child_works, judges_are_old, modest"),
        (["key(id)"], "`key(id)` is about several rows"),
        (["--data", "none.csv"], "none.csv"),
        (["--param", "x=1"], "x"),
        (["-o", "row.xlsx"], "row.xlsx"),
        (["--effort", "0"], "effort"),
    ],
)
def test_wrong_calls_are_told(htdbu: Htdbu, rules: Path, arguments: list[str], said: str) -> None:
    outcome = htdbu("witness", rules, *arguments)
    assert 2 == outcome.code
    assert said in outcome.err
    assert "" == outcome.out


def test_broken_rules_cannot_run(htdbu: Htdbu, tmp_path: Path) -> None:
    (tmp_path / "r.htr").write_text("table t { a : int in 0..9 }\nhard low: b <= 3\n")
    assert 2 == htdbu("witness", tmp_path / "r.htr").code
    assert 2 == htdbu("witness", tmp_path / "none.htr").code


def test_the_output_never_replaces_what_is_read(htdbu: Htdbu, rules: Path, table: Path) -> None:
    assert 2 == htdbu("witness", rules, "--data", table, "-o", table).code

"""`htdbu check` counts violations, and exits with 1 where a row breaks a hard rule."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import TABLE, Outcome

Htdbu = Callable[..., Outcome]


def fails(report: dict[str, list[dict[str, object]]]) -> dict[object, object]:
    """How often each rule fails that does."""
    return {rule["name"]: rule["fail"] for rule in report["rules"] if rule["fail"]}


def test_counts_are_those_of_the_contract(htdbu: Htdbu, rules: Path, table: Path) -> None:
    outcome = htdbu("check", rules, table, "--format", "json")
    assert (1, "") == (outcome.code, outcome.err)
    report = outcome.json
    assert (5, 3, 0.6) == (report["rows"], report["violating_rows"], report["violation_rate"])
    expected = {"no_child_works": 1, "judges_are_old": 1, "age.domain": 1, "income.domain": 1}
    assert expected == fails(report)
    keys = {"name", "kind", "weight", "pass", "fail", "unknown", "fired", "rate"}
    assert all(keys <= set(rule) for rule in report["rules"])


def test_people_read_which_rules_break_and_how_many_rows(htdbu: Htdbu, rules: Path, table: Path) -> None:
    outcome = htdbu("check", rules, table)
    assert "no_child_works" in outcome.out
    assert "modest" not in outcome.out
    assert "3 of 5 rows break a hard rule (60.00 %)" == outcome.out.splitlines()[-1]
    assert "\x1b" not in outcome.out
    assert all(line == line.rstrip() for line in outcome.out.splitlines())


def test_a_table_that_obeys_ends_well(htdbu: Htdbu, rules: Path, table: Path) -> None:
    table.write_text("id,age,job,income,since\n1,30,clerk,1,\n")
    outcome = htdbu("check", rules, table)
    assert 0 == outcome.code
    assert "0 hard violations in 1 row (0.00 %)" == outcome.out.splitlines()[-1]


def test_a_table_without_rows_ends_well(htdbu: Htdbu, rules: Path, table: Path) -> None:
    table.write_text("id,age,job,income,since\n")
    outcome = htdbu("check", rules, table, "--format", "json")
    assert (0, 0, 0) == (outcome.code, outcome.json["rows"], outcome.json["violation_rate"])


def test_rules_that_no_row_decides_are_named(htdbu: Htdbu, tmp_path: Path) -> None:
    (tmp_path / "open.htr").write_text(
        "table t {\n  a : int in 0..9 null\n  b : int in 0..9 null\n}\nhard r: a > 3\nhard q: b > 3\nsoft s: a < 2\n"
    )
    (tmp_path / "open.csv").write_text("a,b\n,5\n,\n,9\n")
    outcome = htdbu("check", tmp_path / "open.htr", tmp_path / "open.csv")
    assert ["unknown in every row: r, s", "", "0 hard violations in 3 rows (0.00 %)"] == outcome.out.splitlines()[1:]
    assert 0 == outcome.code


def test_soft_rules_alone_do_not_fail(htdbu: Htdbu, rules: Path, table: Path) -> None:
    table.write_text("id,age,job,income,since\n1,20,clerk,60000,\n")
    outcome = htdbu("check", rules, table, "--format", "json")
    assert 0 == outcome.code
    assert {"modest": 1} == fails(outcome.json)


def test_params_and_nulls_change_what_is_found(htdbu: Htdbu, rules: Path, table: Path) -> None:
    arguments = ("check", rules, table, "--param", "working_age=5", "--null", "abc", "--format", "json")
    expected = {"judges_are_old": 1, "age.domain": 1, "income.null": 1}
    assert expected == fails(htdbu(*arguments).json)


def test_rows_name_every_failing_row_and_rule_with_the_key(
    htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path
) -> None:
    htdbu("check", rules, table, "--rows", tmp_path / "rows.csv")
    rows = pd.read_csv(tmp_path / "rows.csv")
    assert ["row", "id", "rule", "cells"] == list(rows.columns)
    expected = {
        (1, 2, "no_child_works"),
        (3, 4, "age.domain"),
        (4, 5, "judges_are_old"),
        (4, 5, "income.domain"),
    }
    assert expected == set(rows[["row", "id", "rule"]].itertuples(index=False, name=None))
    assert "9" in rows.loc[rows["rule"] == "no_child_works", "cells"].item()


def test_rows_to_standard_output_leave_the_report_to_standard_error(htdbu: Htdbu, rules: Path, table: Path) -> None:
    outcome = htdbu("check", rules, table, "--rows", "-")
    assert "row,id,rule,cells" == outcome.out.splitlines()[0]
    assert "3 of 5 rows break a hard rule" in outcome.err


@pytest.mark.parametrize("name", ["people.parquet", "people.feather", "people.csv.gz"])
def test_every_kind_of_file_gives_the_same_report(
    htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path, name: str
) -> None:
    frame = pd.read_csv(table, dtype=str, keep_default_na=False)
    other = tmp_path / name
    write = {".parquet": frame.to_parquet, ".feather": frame.to_feather}.get(other.suffix)
    write(other) if write else frame.to_csv(other, index=False)
    assert (
        htdbu("check", rules, table, "--format", "json").json == htdbu("check", rules, other, "--format", "json").json
    )


def test_standard_input_is_read(rules: Path) -> None:
    command = [sys.executable, "-m", "htdbu", "check", str(rules), "-", "--format", "json"]
    done = subprocess.run(command, input=TABLE, capture_output=True, text=True, check=False)
    assert (1, "") == (done.returncode, done.stderr)
    assert '"violating_rows": 3' in done.stdout


def test_the_failing_rows_are_not_written_over_the_data(htdbu: Htdbu, rules: Path, table: Path) -> None:
    outcome = htdbu("check", rules, table, "--rows", table)
    assert (2, TABLE) == (outcome.code, table.read_text())
    assert "would be written over" in outcome.err

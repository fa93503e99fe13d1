"""`htdbu repair` writes the nearest valid table, and leaves every other cell as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tests.cli.conftest import TABLE, Outcome

Htdbu = Callable[..., Outcome]
CONTRACT = {
    "rows",
    "violating_rows_before",
    "violating_rows_after",
    "repaired",
    "unrepaired",
    "optimal",
    "feasible",
    "changed_cells",
    "objective",
    "columns",
    "engine",
    "seconds",
}


def test_the_result_breaks_no_rule_and_sound_rows_stay_as_they_were(
    htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    outcome = htdbu("repair", rules, table, "-o", out, "--format", "json")
    assert (0, "") == (outcome.code, outcome.err)
    report = outcome.json
    assert set(report) >= CONTRACT
    assert (5, 3, 0) == (report["rows"], report["violating_rows_before"], report["violating_rows_after"])
    assert (3, 0, 3) == (report["repaired"], report["unrepaired"], report["optimal"])
    assert 0 == htdbu("check", rules, out).code
    before, after = TABLE.splitlines(), out.read_text().splitlines()
    assert [before[i] for i in (0, 1, 3)] == [after[i] for i in (0, 1, 3)]
    # The nearest valid age of a clerk of 9 is far away: giving up the job is one change too, at distance 1/2.
    assert "4,120,none,5.0,2001-01-01,x" == after[4]


def test_every_changed_cell_is_in_the_changes(htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path) -> None:
    out, changes = tmp_path / "out.csv", tmp_path / "changes.csv"
    htdbu("repair", rules, table, "-o", out, "--changes", changes)
    before = pd.read_csv(table, dtype=str, keep_default_na=False)
    after = pd.read_csv(out, dtype=str, keep_default_na=False)
    differing = {
        (row, column, before.loc[row, column], after.loc[row, column])
        for row in before.index
        for column in before.columns
        if before.loc[row, column] != after.loc[row, column]
    }
    told = pd.read_csv(changes, dtype=str, keep_default_na=False)
    assert ["row", "column", "before", "after", "rules"] == list(told.columns)
    assert differing == {(int(r.row), r.column, r.before, r.after) for r in told.itertuples()}
    assert "age.domain" in told.loc[told["row"] == "3", "rules"].item()


def test_a_file_may_be_repaired_in_its_place(htdbu: Htdbu, rules: Path, table: Path) -> None:
    assert 0 == htdbu("repair", rules, table, "-o", table).code
    assert 0 == htdbu("check", rules, table).code


def test_a_row_that_nothing_can_mend_stays_and_makes_the_exit_code_1(
    htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path
) -> None:
    fixed = rules.read_text().replace("0..120", "0..120 fixed").replace('"judge" }', '"judge" } fixed')
    rules.write_text(fixed)
    table.write_text("id,age,job,income,since\n1,9,clerk,0,\n2,30,clerk,-1,\n")
    out = tmp_path / "out.csv"
    outcome = htdbu("repair", rules, table, "-o", out)
    assert 1 == outcome.code
    assert "1 row could not be repaired" in outcome.out
    assert "infeasible" in outcome.out
    assert "no_child_works" in outcome.out
    assert "id,age,job,income,since\n1,9,clerk,0,\n2,30,clerk,0.00,\n" == out.read_text()


def test_the_table_may_go_to_standard_output(htdbu: Htdbu, rules: Path, table: Path) -> None:
    outcome = htdbu("repair", rules, table, "-o", "-", "--delimiter", ",")
    assert TABLE.splitlines()[0] == outcome.out.splitlines()[0]
    assert 6 == len(outcome.out.splitlines())
    assert "3 rows changed" in outcome.err


def test_a_parquet_file_stays_typed(htdbu: Htdbu, rules: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "people.parquet", tmp_path / "out.parquet"
    frame = pd.DataFrame(
        {
            "id": [1, 2],
            "age": [30, 9],
            "job": ["clerk", "clerk"],
            "income": [0.1, 2.5],
            "since": pd.to_datetime(["2020-02-29", None]),
        }
    )
    frame.to_parquet(path)
    assert 0 == htdbu("repair", rules, path, "-o", out).code
    after = pd.read_parquet(out)
    assert list(frame.dtypes) == list(after.dtypes)
    assert frame.drop(columns=["age", "job"]).equals(after.drop(columns=["age", "job"]))


def test_a_named_index_of_pandas_is_a_column_of_the_file(htdbu: Htdbu, rules: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "people.parquet", tmp_path / "out.parquet"
    frame = pd.DataFrame(
        {"age": [30, 9], "job": ["clerk", "none"], "income": [0.1, -2.5], "since": pd.to_datetime(["2020-02-29", None])}
    )
    for index in (pd.RangeIndex(1, 3, name="id"), pd.Index([4, 3], name="id")):
        frame.set_index(index).to_parquet(path)
        assert 1 == htdbu("check", rules, path).code
        assert 0 == htdbu("repair", rules, path, "-o", out).code
        after = pd.read_parquet(out)
        assert [*frame.columns, "id"] == list(after.columns)
        assert (list(index), [0.1, 0.0]) == (after["id"].tolist(), after["income"].tolist())
        assert 0 == htdbu("synthesize", rules, path, "-n", 3, "-o", out).code
        assert [*frame.columns, "id"] == list(pd.read_parquet(out).columns)


def test_engines_and_threads_write_the_same_bytes(htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path) -> None:
    written = set()
    for number, options in enumerate([(), ("--engine", "cp-sat"), ("--threads", 1), ("--threads", 2)]):
        out = tmp_path / f"out{number}.csv"
        htdbu("repair", rules, table, "-o", out, *options)
        written.add(out.read_bytes())
    assert 1 == len(written)


def test_the_story_of_a_row_is_told_and_nothing_is_written(
    htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path
) -> None:
    files = sorted(tmp_path.iterdir())
    outcome = htdbu("repair", rules, table, "--explain", 1)
    assert (0, "") == (outcome.code, outcome.err)
    told = outcome.out.splitlines()
    assert f"row 1 of {table}" == told[0]
    assert f"breaks no_child_works (hard)  {rules}:11" in told
    assert "    age = 9, job = clerk" in told
    assert "the repair costs 1.05 (proved nearest)" in told
    assert "keeping age at 9 would cost 1.50 instead of 1.05: job clerk -> none" in told
    assert files == sorted(tmp_path.iterdir())


def test_the_story_of_a_row_as_json(htdbu: Htdbu, rules: Path, table: Path) -> None:
    story = htdbu("repair", rules, table, "--explain", 4, "--format", "json").json
    keys = {"row", "cells", "status", "breaks", "changes", "pays", "price", "kept", "conflict", "notes"}
    assert keys == set(story)
    assert (4, "optimal") == (story["row"], story["status"])
    assert ["income.domain", "judges_are_old"] == [broken["rule"] for broken in story["breaks"]]
    judges = story["breaks"][1]
    assert (str(rules), 12, {"age": "39", "job": "judge"}) == (judges["file"], judges["line"], judges["reads"])
    changes = {change["column"]: (change["before"], change["after"], change["rules"]) for change in story["changes"]}
    assert {
        "age": ("39", "40", ["judges_are_old"]),
        "income": ("abc", "0.00", ["income.domain"]),
    } == changes
    assert ["age", "income"] == [kept["column"] for kept in story["kept"]]
    assert ["income.domain"] == story["kept"][1]["conflict"]


def test_the_story_of_a_row_that_nothing_can_mend(htdbu: Htdbu, rules: Path, table: Path) -> None:
    rules.write_text(rules.read_text().replace("0..120", "0..120 fixed").replace('"judge" }', '"judge" } fixed'))
    outcome = htdbu("repair", rules, table, "--explain", 1)
    assert 1 == outcome.code
    assert "infeasible: these cannot agree" in outcome.out
    assert "      without it: repaired for 1.05: age 9 -> 15" in outcome.out.splitlines()


def test_calls_for_a_story_that_are_wrong(htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path) -> None:
    for arguments, message in (
        (("--explain", 5), "rows are numbered from 0: give 0 to 4"),
        (("--explain", -1), "rows are numbered from 0: give 0 to 4"),
        (("--explain", "x"), "'x' is not a valid integer"),
        (("--explain", 1, "-o", tmp_path / "out.csv"), "leave out -o, or --explain"),
        (("--explain", 1, "--changes", tmp_path / "out.csv"), "leave out --changes, or --explain"),
        ((), "give -o OUT, or --explain ROW"),
    ):
        outcome = htdbu("repair", rules, table, *arguments)
        assert (2, "") == (outcome.code, outcome.out)
        assert message in outcome.err
    assert not (tmp_path / "out.csv").exists()


def test_targets_are_met_on_demand(htdbu: Htdbu, tmp_path: Path) -> None:
    rules, data, out = tmp_path / "r.htr", tmp_path / "d.csv", tmp_path / "out.csv"
    rules.write_text("table t { b : bool }\ntarget half: share(b) == 50% within 0%\n")
    data.write_text("b\nno\nno\nyes\nno\n")
    plain = htdbu("repair", rules, data, "-o", out, "--format", "json")
    assert (0, False) == (plain.code, "targets" in plain.json)
    met = htdbu("repair", rules, data, "-o", out, "--targets", "--format", "json")
    expected = [{"name": "half", "value": 0.5, "low": 0.5, "high": 0.5, "met": True}]
    assert (0, expected) == (met.code, met.json["targets"])
    assert "b\nno\nno\nyes\nyes\n" == out.read_text()
    data.write_text("b\nno\n")
    unmet = htdbu("repair", rules, data, "-o", out, "--targets")
    assert 1 == unmet.code
    assert "not met: half" in unmet.out
    assert 2 == htdbu("repair", rules, data, "-o", out, "--real", data).code


CLASHES = """table t {
  id   : int in 1..100 key
  zip  : int in 1..9 fixed
  town : category { "A", "B" }
}
fd zip -> town
"""


def test_rows_that_clash_are_moved_apart(htdbu: Htdbu, tmp_path: Path) -> None:
    rules, data, out, changes = (tmp_path / name for name in ("t.htr", "t.csv", "out.csv", "changes.csv"))
    rules.write_text(CLASHES)
    data.write_text("id,zip,town\n5,1,A\n05,2,B\n7,1,B\n8,1,A\n")
    outcome = htdbu("repair", rules, data, "-o", out, "--changes", changes)
    assert 0 == outcome.code
    assert "id,zip,town\n5,1,A\n4,2,B\n7,1,A\n8,1,A\n" == out.read_text()
    assert "row,column,before,after,rules\n1,id,05,4,key(id)\n2,town,B,A,fd(zip -> town)\n" == changes.read_text()
    assert "2 proved nearest" in outcome.out


def test_fixed_keys_that_are_equal_are_told_with_the_reason(htdbu: Htdbu, tmp_path: Path) -> None:
    rules, data, out = (tmp_path / name for name in ("t.htr", "t.csv", "out.csv"))
    rules.write_text("table t {\n  id : int in 1..100 key fixed\n  v : int in 0..3\n}\n")
    data.write_text("id,v\n5,1\n5,9\n6,9\n")
    outcome = htdbu("repair", rules, data, "-o", out)
    assert 1 == outcome.code
    assert "key(id), id fixed" in " ".join((outcome.out + outcome.err).split())
    assert "id,v\n5,1\n5,9\n6,3\n" == out.read_text()

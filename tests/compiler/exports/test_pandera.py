"""The exported pandera schema passes and fails the rows that check does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from syrupy.assertion import SnapshotAssertion

import htdbu
from htdbu.compiler.exports import render
from tests.solver.rule_texts import Drawn, rule_files

ROOT = Path(__file__).parents[3]
QUICK = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
DEEP = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
LOANS = ROOT / "examples/loans/loans.htr"

Verdicts = set[tuple[str, int]]


def schema_of(source: str) -> pa.DataFrameSchema:
    """The schema that a source defines."""
    space: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source, "exported.py", "exec"), space)
    schema: pa.DataFrameSchema = space["SCHEMA"]
    return schema


def failures(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> Verdicts:
    """The names of checks and the rows that fail them."""
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        names = cases["check"].where(cases["check"] != "not_nullable", cases["column"] + ".null")
        return {(str(name), int(row)) for name, row in zip(names, cases["index"], strict=True)}
    return set()


def by_check(program: htdbu.Program, frame: pd.DataFrame) -> Verdicts:
    """The same from check; nulls by their headers, as pandera has them."""
    headers = {f"{column.name}.null": f"{column.header}.null" for column in program.columns}
    found = program.check(frame).rules
    return {(headers.get(r.name, r.name), row) for r in found if r.kind != "soft" for row in r.rows.tolist()}


def assert_agree(program: htdbu.Program, frame: pd.DataFrame) -> None:
    source = render("pandera", program)
    assert by_check(program, frame) == failures(schema_of(source), frame)


def _random_rules_agree(drawn: Drawn) -> None:
    try:
        program = htdbu.compile_text(drawn.text)
    except htdbu.CompileError:
        assume(False)
        raise
    assert_agree(program, pd.DataFrame(list(drawn.rows), columns=list(drawn.headers), dtype="str"))


@QUICK
@given(rule_files(rows=4))
def test_random_rules_and_rows_agree_with_check(drawn: Drawn) -> None:
    _random_rules_agree(drawn)


@pytest.mark.slow
@DEEP
@given(rule_files(rows=6, most_rules=4))
def test_many_random_rules_and_rows_agree_with_check(drawn: Drawn) -> None:
    _random_rules_agree(drawn)


KINDS = r"""
table kinds {
  n : int in -5..5 null as "the n"
  d : decimal(2) in { 0.25, 1.5 }
  b : bool
  c : category { "x", "NA", "1", "it's \"so\"" } null
  o : category ordered { "low" < "high" }
  day : date in 1999-01-01.. null format "%d.%m.%Y"
  at : datetime in 2020-01-01T00:00:00..2020-01-02T00:00:00 null
  later : datetime = at + 0.5
  half : int = n / 2
  next : date = day + 1
  same : bool null = o == "high"
  s : text null
  print : int in 0..9
}
## A share with "quotes" and a \ backslash.
param share = 12.5%
lookup price(c, b -> v) { ("x", true) -> 1.5; ("NA", false) -> 2 }
hard lambda: price(c, b) >= d
hard named: s in { "a", "it's" } or starts_with(c, "x") or c == "it's \"so\""
hard print: print <= share * 80
hard hours: at <= 2020-01-01T12:00:00 and days_between(at, later) == 0.5
hard nothing: null
hard months: month(day) != 2 and weekday(at) == 3 and round(n, -1) == 0
when o > "low" { hard high: mod(n, -2) == 0 or max(n, print) > 3 }
unique (n, b)
fd o -> b, c
"""


def kinds() -> htdbu.Program:
    return htdbu.compile_text(KINDS)


def test_every_kind_of_text_cell_is_read_as_check_reads_it() -> None:
    rows = [
        {"the n": "1", "d": "1.5", "b": "YES", "c": "x", "o": "low", "day": "01.02.2000", "at": "2020-01-01", "s": "a",
         "print": "1"},
        {"the n": "", "d": "0.250", "b": "0", "c": "NA", "o": "high", "day": "", "at": "2020-01-01T00:00:00.5",
         "s": "NaN", "print": "9"},
        {"the n": "1e1", "d": "0.245", "b": "maybe", "c": "", "o": "mid", "day": "2000-01-01", "at": "2020-01-01 24:00",
         "s": "b", "print": "1" + "0" * 40},
        {"the n": " 2.5 ", "d": "abc", "b": "t", "c": "it's \"so\"", "o": "high", "day": "31.12.1998",
         "at": "2020-01-01T13:00", "s": "null", "print": "1e-999999999"},
        {"the n": "2", "d": "0.25", "b": "t", "c": "1", "o": "high", "day": "01.03.2000", "at": "2021-01-01", "s": "z",
         "print": "1e999999999"},
        {"the n": "2", "d": "1.5", "b": "T", "c": "x", "o": "low", "day": "30.02.2000", "at": "x", "s": "z",
         "print": ""},
    ]  # fmt: skip
    frame = pd.DataFrame(rows, dtype="str")
    assert len(by_check(kinds(), frame)) > 20
    assert_agree(kinds(), frame)
    full = frame.assign(later="2020-01-01T12:00:00", half=["0", "", "3", "1", "1", "1"], next="02.02.2000", same="true")
    assert {name for name, _ in by_check(kinds(), full)} >= {"later.derived", "half.derived", "same.derived"}
    assert_agree(kinds(), full)


def typed_columns() -> dict[str, Callable[[], pd.Series]]:
    """Columns of machine types, by the declaration that they are read with."""
    stamps = pd.to_datetime(["2024-01-31", None, "2024-02-01 12:00", "2024-02-02 00:00:00.6"], format="ISO8601")
    return {
        "int in 0..2": lambda: pd.Series([0.5, 1.5, np.nan, 3]),
        "int in 0..2 null": lambda: pd.Series([1, None, 3, -1], dtype="Int64"),
        "decimal(2) in 0..0.1": lambda: pd.Series([0.1, 0.105, np.nan, 0.115], dtype="float32"),
        "decimal(1) in 0..0.1": lambda: pd.Series([0.05, 0.15, np.inf, 1e22]),
        "bool": lambda: pd.Series([True, None, False, 2], dtype="object"),
        "bool null": lambda: pd.Series([1.0, 0.0, np.nan, 1.0]),
        'category { "1", "2" }': lambda: pd.Series([1.0, 2.0, np.nan, 1.5]),
        'category { "true" }': lambda: pd.Series([True, False, True, True]),
        'category { "a" } null': lambda: pd.Categorical(["a", "b", None, "a"]),
        "date in 2024-01-01..2024-02-01": lambda: pd.Series(stamps),
        "datetime in 2024-01-01T00:00:00..2024-02-02T00:00:00": lambda: pd.Series(stamps),
        "text": lambda: pd.Series([1, "1", None, 1.0], dtype="object"),
    }


@pytest.mark.parametrize("declared", typed_columns())
def test_machine_types_are_read_as_check_reads_them(declared: str) -> None:
    program = htdbu.compile_text(f"table t {{ a : {declared}  k : int }}\nhard some: a is not null\nunique (a)")
    frame = pd.DataFrame({"a": typed_columns()[declared](), "k": [1, 2, 3, 4]})
    assert_agree(program, frame)


def test_assumed_bounds_count_as_a_domain() -> None:
    program = htdbu.compile_text("table t { a : int  b : int }\nhard some: a >= 0")
    frame = pd.DataFrame({"a": [1, 10**10], "b": [10**10, 1]})
    assert {("a.domain", 1)} == failures(schema_of(render("pandera", program)), frame)
    assert_agree(program, frame)


def test_division_by_zero_and_far_dates_are_unknown_to_both() -> None:
    program = htdbu.compile_text(
        "table t { a : int in 0..9  b : int in 1..9  d : date in 2000-01-01..2001-01-01  e : date = d + 1_000 * a }\n"
        "hard ratio: a / b <= 1\nhard rest: mod(a, b) == 0\nhard far: year(e) < 2010"
    )
    frame = pd.DataFrame({"a": [4, 4, -3, 10_000], "b": [0, -3, 2, 3], "d": ["2000-05-01"] * 4})
    assert_agree(program, frame)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_files(rows=30, most_rules=1))
def test_rules_over_several_rows_agree_with_check(drawn: Drawn) -> None:
    text = drawn.text.split("\nparam")[0] + "\nunique (n, c)\nunique (o)\nfd n -> c, f\nfd c, o -> n"
    assert_agree(htdbu.compile_text(text), pd.DataFrame(list(drawn.rows), columns=list(drawn.headers), dtype="str"))


def test_the_validated_frame_holds_exact_cells_and_derived_columns() -> None:
    program = htdbu.compile_text("table t { a : decimal(1)  b : decimal(2) = a / 3 }")
    frame = schema_of(render("pandera", program)).validate(pd.DataFrame({"a": ["1.25", "2"], "other": [1, 2]}))
    assert ["1.2", "2.0"] == [str(cell) for cell in frame["a"]]
    assert ["0.40", "0.67"] == [str(cell) for cell in frame["b"]]
    assert [1, 2] == frame["other"].tolist()


def test_a_missing_column_is_named() -> None:
    program = htdbu.compile_text("table t { a : int in 0..9  b : int in 0..9  c : int = a + b }\nhard r: a < b")
    with pytest.raises(pa.errors.SchemaErrors) as caught:
        schema_of(render("pandera", program)).validate(pd.DataFrame({"a": [1]}), lazy=True)
    assert "b" in caught.value.failure_cases["failure_case"].tolist()


def test_the_loan_book_as_a_schema(snapshot: SnapshotAssertion) -> None:
    assert snapshot == render("pandera", htdbu.compile(LOANS))


def test_the_schema_finds_one_wrong_loan_among_ten_thousand() -> None:
    frame = htdbu.datasets.load_loans(10_000, random_state=0)
    frame.loc[5, "age"] = 17
    program = htdbu.compile(LOANS)
    wanted, schema = by_check(program, frame), schema_of(render("pandera", program))
    assert ("adult", 5) in wanted
    assert wanted == failures(schema, frame)


def examples() -> list[Path]:
    return sorted([*(ROOT / "examples").rglob("*.htr"), *(ROOT / "docs").rglob("*.htr")])


def test_sources_are_formatted_and_without_findings(tmp_path: Path) -> None:
    sources = {"kinds": kinds()}
    for path in examples():
        try:
            sources[path.stem] = htdbu.compile(path)
        except htdbu.CompileError:
            continue
    for name, program in sources.items():
        (tmp_path / f"{name}.py").write_text(render("pandera", program), "utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check", "--isolated"], ["format", "--isolated", "--check", "--line-length", "120"]):
        done = subprocess.run(
            [*ruff, *command, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert 0 == done.returncode, done.stdout + done.stderr


def test_the_source_does_not_need_htdbu(tmp_path: Path) -> None:
    (tmp_path / "schema.py").write_text(render("pandera", kinds()), "utf-8")
    code = "import sys; sys.modules['htdbu'] = None\nimport schema; print(schema.SCHEMA.name)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "kinds\n" == done.stdout


def test_what_is_left_out_is_told() -> None:
    told: dict[str, str] = {}
    render("pandera", htdbu.compile(LOANS), omitted=told.__setitem__)
    assert {"deep_debt", "quiet_students", "lasting_account", "default_rate", "young_students", "mood", "job_mix",
            "grades"} == set(told)  # fmt: skip

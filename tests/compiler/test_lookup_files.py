"""Lookups from CSV files: what is said of broken ones, and how long large ones take."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import htdbu
from htdbu.compiler.compile import compile_file

RULES = """\
lookup most(job -> m) from "most.csv"
table t {
  age : int in 0..120
  job : category { "a", "b" }
}
hard b: age <= most(job)
"""


def _findings(folder: Path, csv: str, rules: str = RULES) -> list[str]:
    (folder / "most.csv").write_text(csv)
    (folder / "main.htr").write_text(rules)
    found = compile_file(folder / "main.htr").diagnostics
    return [f"{f.code} {f.message}" for f in found]


@pytest.mark.parametrize(
    ("csv", "expected"),
    [
        ("job,m\na,60\nb,70\n", []),
        ("m,other,job\n60,,a\n\n70,economy,b\n", []),
        (
            "m,job\n1,e\n2,economy\n",
            ['HTR202 "e" is not a level of the category', 'HTR202 "economy" is not a level of the category'],
        ),
        ('\ufeffjob,m\r\n"a",60\r\nb,"70"\r\n', []),
        ("job,m,m\na,60,1\n", ["HTR105 most.csv, line 1: the file has 2 columns `m`"]),
        ("job,m\na,60\n,70\n", ["HTR105 most.csv, line 3: the cell of `job` is empty"]),
        ("job,m\na,\nb,70\n", ["HTR105 most.csv, line 2: the cell of `m` is empty"]),
        ("job,m\na,60\nb\n", ["HTR105 most.csv, line 3: 1 cell, but the header has 2"]),
        ("job,m\na,60,1\nb,70\n", ["HTR105 most.csv, line 2: 3 cells, but the header has 2"]),
        ('job,m\n"a\n",60\nb\n', ["HTR105 most.csv, line 4: 1 cell, but the header has 2"]),
        ('job,m\na,"60\n', ["HTR105 most.csv, line 2: a quote that opens here is never closed"]),
        ("job;m\na;60\n", ["HTR105 the file has no column `job`"]),
        ("job,m\n", ["HTR105 the file has no rows"]),
        ("", ["HTR105 the file has no column `job`"]),
        ("job,m\na,60\nb,old\n", ["HTR201 this is a text, but the rows above hold a number there"]),
        (f"job,m\na,{'9' * 2000}\n", ["HTR105 most.csv, line 2: a number with too many digits"]),
        ("job,m\na,60\na,60\nb,70\n", []),
    ],
)
def test_a_csv_file_gets_its_findings(tmp_path: Path, csv: str, expected: list[str]) -> None:
    assert expected == _findings(tmp_path, csv)


def test_all_broken_lines_are_told_in_one_finding(tmp_path: Path) -> None:
    _findings(tmp_path, "job,m\n" + "a\n" * 9)
    (finding,) = compile_file(tmp_path / "main.htr").diagnostics
    shown = "; ".join(f"line {line}: 1 cell, but the header has 2" for line in range(3, 7))
    assert f"so are {shown}; 4 more lines" == finding.note


def test_a_wrong_value_is_told_with_its_line(tmp_path: Path) -> None:
    _findings(tmp_path, "job,m\na,60\nb,old\n")
    (finding,) = compile_file(tmp_path / "main.htr").diagnostics
    assert "most.csv:3" == finding.note


def test_dates_and_datetimes_are_read(tmp_path: Path) -> None:
    (tmp_path / "start.csv").write_text("day,at\n2024-01-01,2024-01-01T12:30:00\n")
    (tmp_path / "main.htr").write_text(
        'lookup start(day -> at) from "start.csv"\n'
        "table t {\n  day : date in 2024-01-01..2024-12-31\n"
        "  at  : datetime in 2024-01-01T00:00:00..2024-12-31T00:00:00\n}\n"
        "hard r: at >= start(day)\n"
    )
    frame = pd.DataFrame({"day": ["2024-01-01"] * 2, "at": ["2024-01-01T12:29:59", "2024-01-01T12:30:00"]})
    assert [0] == htdbu.compile(tmp_path / "main.htr").check(frame).violating.tolist()


def test_a_quotient_is_looked_up_by_its_value() -> None:
    program = htdbu.compile_text(
        "table t {\n  a : int in 1..100\n  b : int in 1..10\n}\nlookup l(k -> v) { 1 -> 10; 2 -> 20; 3 -> 30 }\n"
        "hard r: l(a / b) == 20\n"
    )
    report = program.check(pd.DataFrame({"a": [4, 2, 2, 3, 6], "b": [2, 1, 2, 2, 2]}))
    assert [2, 4] == report.violating.tolist()
    (rule,) = (rule for rule in report.rules if rule.name == "r")
    assert 1 == rule.unknown


@pytest.mark.slow
def test_a_lookup_of_a_hundred_thousand_rows_is_compiled_and_used(tmp_path: Path) -> None:
    n = 100_000
    (tmp_path / "rate.csv").write_text("k,v\n" + "".join(f"{i},{i % 977}.25\n" for i in range(n)))
    (tmp_path / "main.htr").write_text(
        'lookup rate(k -> v) from "rate.csv"\ntable t {\n  k : int in 0..200_000\n  x : decimal(2) in 0..1000\n}\n'
        "hard a: x <= rate(k)\nhard b: x == rate(k) or rate(k) < 3\n"
    )
    frame = pd.DataFrame({"k": range(1, n + 1), "x": ["976.25"] * n})
    report = htdbu.compile(tmp_path / "main.htr").check(frame)
    rests = [k % 977 for k in range(1, n)]
    fails = [sum(rest != 976 for rest in rests), sum(2 < rest < 976 for rest in rests)]
    assert fails == [rule.fail for rule in report.rules if rule.name in ("a", "b")]

"""What data say of rules: which they break, which premises they never meet, what is not declared, and the margins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from htdbu.analyses.data import DataReport, judge_data
from htdbu.compiler.compile import compile_source
from htdbu.compiler.diagnostics import all_kinds
from htdbu.grammar.source import Source

RULES = """\
table t {
  age    : int in 0..120
  job    : category { "student", "employed", "retired", "unemployed" }
  income : int in 0..200_000
  note   : int in 0..9 null
}
hard adult: age >= 18
hard worker: job == "employed" => income >= 10_000
when job == "unemployed" { hard poor: income <= 20_000 }
soft(2) noted: note > 1
unique (job)
"""
ROWS = [
    (17, "student", 0, 3),
    (30, "employed", 40_000, None),
    (45, "employed", 52_000, 2),
    (70, "retired", 20_000, 9),
    (33, "astronaut", 90_000, 1),
    (130, "employed", 1_000, 1),
]


def _judged(rows: list[tuple[object, ...]], text: str = RULES) -> DataReport:
    frame = pd.DataFrame(rows, columns=["age", "job", "income", "note"])
    return judge_data(compile_source(Source("t.htr", text)).checked(), frame)


def test_what_data_break_and_never_meet_is_found() -> None:
    found = [(finding.code, finding.message) for finding in _judged(ROWS).findings]
    assert [
        ("HTR701", "1 of 6 real rows (16.67 %) break the rule `adult`"),
        ("HTR701", "1 of 6 real rows (16.67 %) break the rule `worker`"),
        ("HTR701", "2 of 6 real rows (33.33 %) break the rule `unique(job)`"),
        ("HTR702", "none of 6 real rows meets this premise"),
        ("HTR703", "1 of 6 real rows holds a value outside the domain of `age`"),
        ("HTR703", "1 of 6 real rows holds a value outside the domain of `job`"),
    ] == found


def test_nulls_that_may_not_be_and_values_that_are_not_derived_are_rules_that_data_break() -> None:
    text = "table t {\n  a : int in 0..9\n  d : int null = a + 1\n}\n"
    frame = pd.DataFrame({"a": [1, None, 3], "d": [2, None, 5]})
    found = judge_data(compile_source(Source("t.htr", text)).checked(), frame).findings
    assert [
        ("HTR701", "1 of 3 real rows (33.33 %) hold no value of `a`, which may not be null"),
        ("HTR701", "1 of 3 real rows (33.33 %) hold another value of `d` than its expression gives"),
    ] == [(finding.code, finding.message) for finding in found]
    assert "declare `a` with `null` if these rows are right, else correct the data: `htdbu repair`" == found[0].help


def test_one_percent_of_broken_rows_is_tolerated() -> None:
    good: list[tuple[object, ...]] = [(30, "student", 1, 2)] * 99
    text = RULES.replace("unique (job)\n", "")
    for more, expected in ((0, 0), (1, 0), (2, 1)):
        rows = [*good, *[(10, "student", 1, 2)] * more]
        assert expected == sum("`adult`" in f.message for f in _judged(rows, text).findings), more


def test_no_rows_say_nothing() -> None:
    assert DataReport((), ()) == _judged([])


def test_coverage_counts_what_fires_and_what_decides() -> None:
    counts = {rule.name: (rule.fired, rule.decided, rule.fail) for rule in _judged(ROWS).coverage}
    assert {"adult": (6, 6, 1), "worker": (3, 3, 1), "poor": (0, 0, 0), "noted": (6, 5, 2)} == counts


def test_the_closest_rows_keep_the_rule_by_the_least_margin() -> None:
    adult, worker, _, noted = _judged(ROWS).coverage
    assert [1, 4, 2] == [row for row, _ in adult.closest]
    assert round(13 / 120, 6) == adult.closest[0][1]
    assert [1, 2] == [row for row, _ in worker.closest][:2]
    assert [2, 0, 3] == [row for row, _ in noted.closest]


def test_many_rows_are_read_in_chunks() -> None:
    random = np.random.default_rng(1)
    size = 150_000
    frame = pd.DataFrame(
        {
            "age": random.integers(18, 100, size),
            "job": random.choice(["student", "employed", "unemployed"], size),
            "income": random.integers(10_000, 20_000, size),
            "note": random.integers(0, 9, size),
        }
    )
    frame.loc[size - 1, "age"] = 17
    text = RULES.replace("unique (job)\n", "")
    report = judge_data(compile_source(Source("t.htr", text)).checked(), frame)
    assert [] == list(report.findings)
    adult = report.coverage[0]
    assert (size, 1) == (adult.fired, adult.fail)
    assert all(frame["age"][row] == 18 for row, _ in adult.closest)


@pytest.mark.parametrize("code", ["HTR701", "HTR702", "HTR703"])
def test_the_examples_of_the_kinds_compile(code: str) -> None:
    kind = all_kinds()[code]
    for text in (kind.failing, kind.mended):
        assert () == compile_source(Source("a.htr", text)).diagnostics

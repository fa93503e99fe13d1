"""Check: what is counted, by which rule, in which order; rules over several rows; derived cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import htdbu
from htdbu.solver import CheckReport, check


def report(rules: str, columns: dict[str, Any], **options: Any) -> CheckReport:
    return check(htdbu.compile_text(rules), pd.DataFrame(columns), **options)


def failing(found: CheckReport, name: str) -> list[int]:
    rows: list[int] = next(rule for rule in found.rules if rule.name == name).rows.tolist()
    return rows


def counts(found: CheckReport, name: str) -> tuple[int, int, int, int]:
    """Pass, fail, unknown, fired."""
    rule = next(rule for rule in found.rules if rule.name == name)
    return rule.passed, rule.fail, rule.unknown, rule.fired


EVERY_KIND = """
table t { id: int key  a: int in 0..9 null  b: int = a + 1  c: category { "x", "y" } }
soft(2.5) s: a <= 5
fd c -> a
hard h: c == "x" => a >= 2
unique (a, c)
forbid f: a == 7
target mean_a: mean(a) in 0..9
factor c { "y" -> a in 0..8 }
"""


def test_kinds_weights_and_order_of_rules() -> None:
    found = report(EVERY_KIND, {"id": [1, 2], "a": [1, 7], "b": [2, 8], "c": ["x", "y"]}).to_dict()
    assert ["rows", "violating_rows", "violation_rate", "rules", "targets", "rounded"] == list(found)
    assert [
        ("id.domain", "domain", None),
        ("id.null", "null", None),
        ("a.domain", "domain", None),
        ("b.domain", "domain", None),
        ("b.null", "null", None),
        ("b.derived", "derived", None),
        ("c.domain", "domain", None),
        ("c.null", "null", None),
        ("key(id)", "key", None),
        ("s", "soft", 2.5),
        ("h", "hard", None),
        ("f", "hard", None),
        ("c.y.a", "hard", None),
        ("unique(a, c)", "unique", None),
        ("fd(c -> a)", "fd", None),
    ] == [(rule["name"], rule["kind"], rule["weight"]) for rule in found["rules"]]
    assert {"name", "kind", "weight", "pass", "fail", "unknown", "fired", "rate"} == set(found["rules"][0])
    assert [{"name": "mean_a", "value": 4.0, "low": 0.0, "high": 9.0, "met": True}] == found["targets"]


def test_counts_and_rates() -> None:
    columns = {"id": [1, 2, 3, 4], "a": ["1", "7", "", "9"], "c": ["x", "y", "x", "y"]}
    found = report(EVERY_KIND, columns)
    assert (1, 1, 2, 2) == (lambda c: (c[0] - 1, c[1], c[2] + 1, c[3]))(counts(found, "h"))
    assert (1, 2, 1, 4) == counts(found, "s")
    assert (2, 1, 1, 4) == counts(found, "f")
    assert (3, 1, 0, 4) == counts(found, "b.null")
    assert (3, 0, 1, 4) == counts(found, "a.domain")
    by_name = {rule.name: rule for rule in found.rules}
    assert 0.5 == by_name["s"].rate
    assert 0.25 == by_name["f"].rate
    for rule in found.rules:
        assert 4 == rule.passed + rule.fail + rule.unknown
        assert rule.fail == len(rule.rows)


def test_soft_rules_do_not_violate() -> None:
    found = report("table t { a: int in 0..9 }\nsoft s: a <= 5", {"a": [9, 3]})
    assert (0, 0.0, [0]) == (found.hard_violations, found.violation_rate, failing(found, "s"))


def test_a_row_that_fails_twice_violates_once() -> None:
    found = report("table t { a: int in 0..5 }\nhard h: a <= 5\nunique (a)", {"a": [9, 9, 1]})
    assert [0, 1] == found.violating.tolist()
    assert (2, 2 / 3) == (found.to_dict()["violating_rows"], found.violation_rate)


def test_rows_tell_the_rule_and_the_cells_as_they_were_read() -> None:
    columns = 'a: int in 0..9 as "A a"  b: int in 0..9 null  c: int null = a + b'
    rules = f"table t {{ {columns} }}\nhard h: a >= b\nsoft s: c <= 3"
    found = report(rules, {"b": ["", "09", "7"], "A a": ["abc", "1e1", "2"]})
    assert ["row", "rule", "cells"] == found.rows.columns.tolist()
    assert [
        (0, "a.domain", "A a=abc"),
        (1, "a.domain", "A a=1e1"),
        (1, "s", ""),
        (2, "h", "A a=2, b=7"),
        (2, "s", ""),
    ] == list(found.rows.itertuples(index=False, name=None))


def test_rows_of_a_sound_table() -> None:
    found = report("table t { a: int }", {"a": [1]})
    assert ["row", "rule", "cells"] == found.rows.columns.tolist()
    assert 0 == len(found.rows)


@pytest.mark.parametrize("cells", [[], pd.Series([], dtype="int64"), pd.Series([], dtype="str")])
def test_an_empty_table(cells: Any) -> None:
    found = report(EVERY_KIND, {"id": cells, "a": cells, "c": cells}).to_dict()
    assert (0, 0, 0.0) == (found["rows"], found["violating_rows"], found["violation_rate"])
    assert {(0, 0, 0, 0, 0.0)} == {
        (rule["pass"], rule["fail"], rule["unknown"], rule["fired"], rule["rate"]) for rule in found["rules"]
    }
    assert [{"name": "mean_a", "value": None, "low": 0.0, "high": 9.0, "met": False}] == found["targets"]


def test_one_row() -> None:
    found = report(EVERY_KIND, {"id": [1], "a": [3], "c": ["x"]})
    assert (0, 1) == (found.hard_violations, found.n_rows)
    assert {1} == {rule.passed for rule in found.rules}


def test_a_column_of_nulls() -> None:
    rules = "table t { a: int in 0..9  b: int null }\nhard h: a <= b\nunique (a)\nfd a -> b"
    found = report(rules, {"a": [None, None], "b": [None, None]})
    assert (2, 0, 0, 2) == counts(report("table t { a: int null }\nhard h: a is null", {"a": [None, None]}), "h")
    assert (0, 2, 0, 2) == counts(found, "a.null")
    assert (0, 0, 2, 2) == counts(found, "a.domain")
    assert (0, 0, 2, 2) == counts(found, "h")
    assert (0, 0, 2, 2) == counts(found, "unique(a)")
    assert (0, 0, 2, 2) == counts(found, "fd(a -> b)")


def test_unique_fails_every_row_but_the_first_and_leaves_nulls_out() -> None:
    rules = "table t { a: int null  b: text null }\nunique (a, b)\nunique (b)"
    a = ["1", "1", "", "1", "", "2", "01", "x", "x"]
    b = ["p", "q", "p", "p", "p", "q", "p", "p", "p"]
    found = report(rules, {"a": a, "b": b})
    assert [3, 6] == failing(found, "unique(a, b)")
    assert (3, 2, 4, 9) == counts(found, "unique(a, b)")
    assert [2, 3, 4, 5, 6, 7, 8] == failing(found, "unique(b)")


def test_key_is_unique_and_never_null() -> None:
    found = report("table t { id: text key  n: int key null }", {"id": ["a", "b", "a", ""], "n": ["1", "", "", "1.0"]})
    assert [2] == failing(found, "key(id)")
    assert [3] == failing(found, "id.null")
    assert [3] == failing(found, "key(n)")
    assert [2, 3] == found.violating.tolist()


def test_fd_fails_what_differs_from_the_most_frequent_right_side() -> None:
    rules = "table t { zip: int null  city: text null }\nfd zip -> city"
    zips = ["1", "1", "1", "2", "2", "3", "", "1", "2"]
    city = ["a", "b", "b", "x", "y", "z", "q", "", "y"]
    found = report(rules, {"zip": zips, "city": city})
    assert [0, 3] == failing(found, "fd(zip -> city)")
    assert (5, 2, 2, 9) == counts(found, "fd(zip -> city)")


def test_fd_takes_the_first_seen_of_equally_frequent_sides() -> None:
    rules = "table t { a: int  b: int  c: int }\nfd a -> b, c\nfd a, b -> c"
    found = report(rules, {"a": [1, 1, 1, 1, 2], "b": [9, 1, 9, 1, 5], "c": [0, 0, 0, 1, 0]})
    assert [1, 3] == failing(found, "fd(a -> b, c)")
    assert [3] == failing(found, "fd(a, b -> c)")
    tie = report("table t { a: int  b: int }\nfd a -> b", {"a": [1, 1, 1, 1], "b": [5, 2, 2, 5]})
    assert [1, 2] == failing(tie, "fd(a -> b)")


def test_huge_numbers_are_told_apart() -> None:
    cells = pd.Series([10**30, 10**30 + 1, 10**30, 0, 2**62], dtype=object)
    rules = "table t { a: int  b: int }\nunique (a)\nfd a -> b\nhard even: mod(a, 2) == 0\nhard low: a <= 1_000"
    found = report(rules, {"a": cells, "b": [1, 2, 3, 4, 5]})
    assert [2] == failing(found, "unique(a)")
    assert [2] == failing(found, "fd(a -> b)")
    assert [1] == failing(found, "even")
    assert [0, 1, 2, 4] == failing(found, "low")


def test_huge_numbers_in_arithmetic_are_exact() -> None:
    cells = pd.Series([10**30, 10**30 + 1, 3], dtype=object)
    stated = "hard square: a * a >= b * b\nhard near: a - b == 1\nhard third: a / 3 > b / 3"
    rules = f"table t {{ a: int  b: int  d: int = a - b }}\n{stated}"
    found = report(rules, {"a": cells, "b": pd.Series([10**30 + 1, 10**30, 2], dtype=object)})
    assert [0] == failing(found, "square")
    assert [0] == failing(found, "near")
    assert [0] == failing(found, "third")


def test_wide_decimals_are_exact() -> None:
    rules = "table t { a: decimal(2)  b: decimal(2) }\nhard sum_is: a + b == 1_000_000_000.01\nhard tenth: a >= 0.1 * b"
    a = ["999999999.99", "1000000000.00", "-1000000000", "1e9"]
    b = ["0.02", "0.02", "2000000000.01", "0.01"]
    found = report(rules, {"a": a, "b": b})
    assert [1] == failing(found, "sum_is")
    assert [2] == failing(found, "tenth")
    assert 0 == found.rounded


def test_domains_with_gaps_and_open_ends() -> None:
    rules = "table t { a: int in { 1, 3, 9 }  b: decimal(1) in 0.5..  c: int in ..4 }"
    columns = {"a": [1, 2, 3, 9, 10], "b": [0.5, 0.4, 1e12, -1.0, 0.6], "c": [4, 5, -(2**62), 0, 2**62]}
    found = report(rules, columns)
    assert [1, 4] == failing(found, "a.domain")
    assert [1, 3] == failing(found, "b.domain")
    assert [1, 4] == failing(found, "c.domain")


def test_a_cell_is_judged_after_it_is_rounded() -> None:
    found = report("table t { a: decimal(1) in 0..1 }\nhard h: a <= 0.2", {"a": ["1.04", "1.06", "0.25", "0.2500001"]})
    assert [1] == failing(found, "a.domain")
    assert [0, 1, 3] == failing(found, "h")
    assert 4 == found.rounded


DERIVED = "table t { a: int in 0..9 null  half: decimal(1) null = a / 4  flag: bool null = half >= 1 }"


def test_derived_cells_that_are_wrong_missing_null_or_broken() -> None:
    columns = {"a": ["4", "4", "4", "4", "", "", ""], "half": ["1.0", "1.5", "", "x", "", "2.0", "y"]}
    found = report(DERIVED, columns)
    assert [1, 2, 5] == failing(found, "half.derived")
    assert (2, 3, 2, 7) == counts(found, "half.derived")
    assert [3, 6] == failing(found, "half.domain")
    assert (3, 2, 2, 7) == counts(found, "half.domain")
    assert "flag.derived" not in [rule.name for rule in found.rules]
    assert [1, 2, 3, 5, 6] == found.violating.tolist()


def test_derived_cells_are_rounded_half_even() -> None:
    right = report(DERIVED, {"a": ["1", "3", "5", "2"], "half": ["0.2", "0.8", "1.2", "0.5"]})
    assert [] == failing(right, "half.derived")
    wrong = report(DERIVED, {"a": ["1", "3", "5", "2"], "half": ["0.3", "0.7", "1.3", "0.50"]})
    assert [0, 1, 2] == failing(wrong, "half.derived")


def test_rules_read_a_derived_column_that_the_data_lack() -> None:
    found = report(DERIVED + "\nhard h: half <= 1\nhard no_flag: not flag", {"a": ["3", "4", "5", ""]})
    assert [2] == failing(found, "h")
    assert [1, 2] == failing(found, "no_flag")
    assert (2, 1, 1, 4) == counts(found, "h")


def test_a_derived_cell_of_huge_numbers() -> None:
    rules = "table t { a: int  b: int = 2 * a }"
    cells = pd.Series([10**30, 10**30], dtype=object)
    found = report(rules, {"a": cells, "b": pd.Series([2 * 10**30, 2 * 10**30 + 1], dtype=object)})
    assert [1] == failing(found, "b.derived")


def test_texts_have_no_domain_rule() -> None:
    found = report("table t { s: text }", {"s": ["x", ""]})
    assert ["s.null"] == [rule.name for rule in found.rules]
    assert [1] == failing(found, "s.null")


def test_further_null_texts() -> None:
    found = report("table t { a: int in 0..9 }", {"a": ["-", "1"]}, nulls=["-"])
    assert ([0], []) == (failing(found, "a.null"), failing(found, "a.domain"))


def test_many_rows_are_judged_in_chunks_and_counted_once() -> None:
    n = 70_000
    values = np.arange(n) % 1000
    seen: list[tuple[int, int]] = []
    program = htdbu.compile_text("table t { a: int in 0..998 }\nhard h: a >= 1\nunique (a)")
    found = check(program, pd.DataFrame({"a": values}), progress=lambda done, total: seen.append((done, total)))
    assert np.flatnonzero(values == 999).tolist() == failing(found, "a.domain")
    assert np.flatnonzero(values == 0).tolist() == failing(found, "h")
    assert n - 1000 == len(failing(found, "unique(a)"))
    assert [(65_536, n), (n, n)] == seen


def test_polars_is_judged_like_pandas() -> None:
    program = htdbu.compile_text(EVERY_KIND)
    columns = {"id": [1, 2, 2], "a": [1, None, 9], "c": ["x", "z", "y"]}
    assert program.check(pd.DataFrame(columns)).to_dict() == program.check(pl.DataFrame(columns)).to_dict()


def test_factor_and_when_name_their_rules() -> None:
    rules = (
        'table t { b: bool  c: category { "x", "y", "z" }  n: int in 0..99 }\n'
        'factor b { true -> c in { "x" }, n in 0..9; false -> c ~ { "y": 50%, "z": 50% } }\n'
        'when b { hard low: n <= 5  when c == "x" { soft lower: n <= 1 } }'
    )
    found = report(rules, {"b": ["yes", "no", "no"], "c": ["y", "x", "z"], "n": ["20", "20", "20"]})
    assert ([0], [0], [1]) == tuple(failing(found, f"b.{name}") for name in ("true.c", "true.n", "false.c"))
    assert (2, 1, 0, 1) == counts(found, "low")
    assert (3, 0, 0, 0) == counts(found, "lower")

"""Pile-up: which rows stand at which bound of which rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.evaluation.edges import edges
from htdbu.solver.encoding import encode


def standing(rules: str, **cells: list[Any]) -> dict[tuple[str, str, str], list[int]]:
    """By column, bound and rule the numbers of the rows that stand there."""
    program = htdbu.compile_text(rules)
    table = encode(program, pd.DataFrame(cells, dtype=object))
    names = tuple(c.name for c in program.columns if not c.is_name)
    return {(e.column, e.bound, e.rule): np.flatnonzero(e.rows).tolist() for e in edges(program, table, names)}


def test_the_ends_of_a_domain() -> None:
    found = standing("table t { n : int in 0..10 null }", n=[0, 1, 10, None, 11, "x"])
    assert {("n", "0", "n.domain"): [0], ("n", "10", "n.domain"): [2]} == found


def test_open_ends_and_single_values_have_no_bound() -> None:
    rules = "table t { a : int in 0.. b : int in { 1, 5 } c : int d : date in 2020-01-01..2020-12-31 }"
    cells = {"a": [0], "b": [5], "c": [0], "d": ["2020-12-31"]}
    days = {("d", "2020-01-01", "d.domain"): [], ("d", "2020-12-31", "d.domain"): [0]}
    assert {("a", "0", "a.domain"): [0], **days} == standing(rules, **cells)


@pytest.mark.parametrize(
    ("rule", "bound", "values", "expected"),
    [
        ("n <= 5", "n <= 5", [4, 5, 6], [1]),
        ("n < 5", "n < 5", [4, 5, 6], [0]),
        ("n >= 5", "n >= 5", [4, 5, 6], [1]),
        ("not n > 5", "n > 5", [4, 5, 6], [1]),
        ("n in { 3, 5 }", "n in { 3, 5 }", [3, 4, 5], [0, 2]),
        ("n <= 5 or n >= 8", "n <= 5, n >= 8", [4, 5, 8, 9], [1, 2]),
    ],
)
def test_a_comparison_with_a_constant(rule: str, bound: str, values: list[int], expected: list[int]) -> None:
    found = standing(f"table t {{ n : int }} hard r: {rule}", n=values)
    assert {("n", bound, "r"): expected} == found


def test_a_step_is_that_of_the_column() -> None:
    rules = "table t { x : decimal(2) d : date t : datetime }\nhard a: x < 5\nhard b: d > 2024-05-01\n"
    cells = {"x": ["4.99", "4.9"], "d": ["2024-05-02", "2024-05-03"], "t": ["2024-05-01T00:00:00"] * 2}
    assert {("x", "x < 5", "a"): [0], ("d", "d > 2024-05-01", "b"): [0]} == standing(rules, **cells)


def test_a_bound_under_a_condition_counts_where_the_condition_holds() -> None:
    rules = 'table t { n : int job : category { "s", "e" } }\nhard cap: job == "s" => n <= 5\n'
    assert {("n", "n <= 5", "cap"): [0]} == standing(rules, n=[5, 5, 4], job=["s", "e", "s"])


def test_whoever_leaves_a_premise_stands_behind_its_bound() -> None:
    rules = "table t { n : int y : bool }\nsoft short: n <= 5 => not y\n"
    found = standing(rules, n=[6, 6, 5, 7], y=["true", "false", "false", "true"])
    assert {("n", "n <= 5", "short"): [0]} == found


def test_a_bound_that_depends_on_other_columns() -> None:
    rules = """
    table t { age : int income : int limit : decimal(1) }
    def most(a) = case { a < 25 -> 100; else -> 500 }
    hard ceiling: income <= most(age)
    hard share: limit <= 0.33 * income
    """
    found = standing(rules, age=[20, 30, 30, 24], income=[100, 100, 500, 90], limit=["33.0", "33.0", "165.0", "29.7"])
    places = {(column, rule): rows for (column, _, rule), rows in found.items()}
    assert [0, 2] == places["income", "ceiling"]
    # One year less would lower the ceiling of none; the limit of every row is as high as it can be.
    assert [] == places["age", "ceiling"]
    assert [0, 1, 2, 3] == places["limit", "share"]


def test_a_derived_column_passes_its_bound_on() -> None:
    rules = "table t { a : int b : int = 2 * a }\nhard cap: b <= 10\n"
    assert {("a", "b <= 10", "cap"): [1]} == standing(rules, a=[4, 5], b=[8, 10])


def test_rows_that_break_a_rule_or_leave_it_open_stand_at_no_bound() -> None:
    rules = "table t { n : int null }\nhard cap: n <= 5\n"
    assert {("n", "n <= 5", "cap"): [1]} == standing(rules, n=[7, 5, None, "x", 10**30])


def test_a_repair_that_clips_piles_rows_up() -> None:
    program = htdbu.compile_text("table t { n : int in 0..100 y : bool }\nhard cap: n <= 40\n")
    rng = np.random.default_rng(0)
    real = pd.DataFrame({"n": rng.integers(0, 41, 2000), "y": rng.random(2000) < 0.5})
    raw = pd.DataFrame({"n": rng.integers(0, 101, 1000), "y": rng.random(1000) < 0.5})
    clipped = raw.assign(n=raw["n"].clip(upper=40))
    line = {line["rule"]: line for line in htdbu.evaluate(program, real, clipped, "y").pile_up or ()}["cap"]
    assert ("n", "n <= 40") == (line["column"], line["bound"])
    assert line["real"] == (real["n"] == 40).mean()
    assert line["synthetic"] == (clipped["n"] == 40).mean() > 0.5
    # The mean distance of a share of 1000 rows from the real one: sqrt(2 p (1 - p) / (pi n)), over 20 draws.
    expected = np.sqrt(2 * line["real"] * (1 - line["real"]) / (np.pi * 1000))
    assert expected / 2 < line["floor"] < 2 * expected


def test_a_table_without_rows_has_no_pile_up() -> None:
    program = htdbu.compile_text("table t { n : int in 0..9 y : bool }")
    rows = pd.DataFrame({"n": [0, 9] * 20, "y": [True, False] * 20})
    assert htdbu.evaluate(program, rows, rows.head(0), "y").pile_up is None

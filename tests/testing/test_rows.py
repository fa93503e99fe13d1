"""Rows drawn from rules: sound ones, ones that break one rule, and tables, all judged by check."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, Unsatisfiable

import htdbu
from htdbu.compiler.compile import compile_source
from htdbu.errors import InfeasibleError, UsageError
from htdbu.grammar.source import Source
from htdbu.testing import invalid_rows, rows, tables
from tests.solver import oracle
from tests.solver.rule_texts import Drawn, rule_files

ROOT = Path(__file__).parents[2]
LOANS = htdbu.compile(ROOT / "examples/loans/loans.htr")
FEW = settings(max_examples=15, deadline=None, database=None)


def failing(program: htdbu.Program, row: dict[str, Any], soft: bool = False) -> set[str]:
    """The names of the rules that a row fails, hard ones only unless `soft`."""
    frame = pd.DataFrame({name: pd.Series([cell], dtype="object") for name, cell in row.items()})
    return {rule.name for rule in program.check(frame).rules if rule.fail and (soft or rule.kind != "soft")}


def sample(strategy: st.SearchStrategy[Any], n: int = 40) -> list[Any]:
    """What a strategy draws."""
    drawn: list[Any] = []

    @seed(1)
    @settings(max_examples=n, database=None, deadline=None)
    @given(strategy)
    def collect(value: Any) -> None:
        drawn.append(value)

    collect()
    return drawn


def compiled(drawn: Drawn) -> htdbu.Program:
    try:
        return htdbu.compile_text(drawn.text)
    except htdbu.CompileError:
        assume(False)
        raise


@FEW
@given(rows(LOANS))
def test_rows_of_the_loan_book_satisfy_every_hard_rule(row: dict[str, Any]) -> None:
    assert set() == failing(LOANS, row)
    assert row["undrawn"] == row["credit_limit"] - row["drawn"]


def test_rows_of_the_loan_book_are_diverse() -> None:
    frame = pd.DataFrame(sample(rows(LOANS), 200))
    assert {"student", "employed", "self-employed", "unemployed", "retired"} == set(frame["job"])
    assert {True, False} == set(frame["defaulted"])
    assert {"A", "B", "C", "D"} == set(frame["rating"])
    assert 0.1 < frame["closed"].isna().mean() < 0.9
    assert frame["age"].nunique() > 20
    assert (frame["drawn"] > 0).any()
    between = (frame["credit_limit"] > 0) & (frame["credit_limit"] < frame["income"] * Decimal("0.4"))
    assert between.mean() > 0.2
    assert frame["income"].max() > 40_000


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_files(rows=0, most_rules=4), st.data())
def test_rows_of_random_rules_satisfy_them(drawn: Drawn, data: st.DataObject) -> None:
    program = compiled(drawn)
    try:
        strategy = rows(program)
    except InfeasibleError:
        return
    for _ in range(3):
        assert set() == failing(program, data.draw(strategy))


def fewest_broken(program: htdbu.Program, name: str) -> int | None:
    """How many hard rules at least fail together with one of them, by trying every row; None where none breaks it."""
    hard = {rule.name: rule.outcome for rule in program.rules if rule.kind == "hard"}
    free = [column for column in program.columns if column.derived is None]
    found: list[int] = []
    for values in product(*(oracle.values_of(column) for column in free)):
        row = oracle.completed(program, dict(zip((column.name for column in free), values, strict=True)))
        if oracle.outcome(program, hard[name], row) == "fail":
            cells = [(column, row[column.name]) for column in program.columns if column.derived is not None]
            count = sum(oracle.outcome(program, outcome, row) == "fail" for outcome in hard.values())
            count += sum(not (c.nullable if value is None else oracle.in_domain(c, value)) for c, value in cells)
            found.append(count)
            if count == 1:
                break
    return min(found, default=None)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_files(rows=0, most_rules=4), st.data())
def test_a_broken_rule_takes_as_few_others_along_as_brute_force_finds(drawn: Drawn, data: st.DataObject) -> None:
    program = compiled(drawn)
    names = [rule.name for rule in program.rules if rule.kind == "hard"]
    assume(names)
    rule = data.draw(st.sampled_from(names))
    fewest = fewest_broken(program, rule)
    if fewest is None:
        with pytest.raises(UsageError, match="what its columns may hold"):
            invalid_rows(program, rule)
        return
    failed = failing(program, data.draw(invalid_rows(program, rule)))
    assert rule in failed
    assert fewest == len(failed)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_files(rows=0, most_rules=4), st.data())
def test_invalid_rows_of_random_rules_break_the_named_rule(drawn: Drawn, data: st.DataObject) -> None:
    program = compiled(drawn)
    names = [rule.name for rule in program.check(pd.DataFrame(columns=drawn.headers, dtype="object")).rules]
    rule = data.draw(st.sampled_from(names))
    try:
        strategy = invalid_rows(program, rule)
    except (InfeasibleError, UsageError):
        return
    assert rule in failing(program, data.draw(strategy), soft=True)


STATED = [rule.name for rule in LOANS.rules if rule.kind == "hard" and rule.name != "adult"]


@pytest.mark.parametrize("rule", [*STATED, "age.null", "age.domain", "closed.domain", "job.domain", "owed.derived"])
def test_an_invalid_row_fails_that_rule_alone(rule: str) -> None:
    for row in sample(invalid_rows(LOANS, rule), 2):
        assert {rule} == failing(LOANS, row)


def test_a_soft_rule_is_broken_within_the_hard_ones() -> None:
    for row in sample(invalid_rows(LOANS, "deep_debt"), 5):
        assert set() == failing(LOANS, row)
        assert "deep_debt" in failing(LOANS, row, soft=True)


def test_where_rules_can_only_break_together_the_fewest_do() -> None:
    for row in sample(invalid_rows(LOANS, "adult"), 5):
        assert {"adult", "opened_as_adult"} == failing(LOANS, row)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("adlut", "there is no rule `adlut`\n  hint: did you mean `adult`?"),
        ("key(id)", "`key(id)` is about several rows; no row breaks it by itself\n  hint: name a rule about one row"),
    ],
)
def test_rules_that_no_row_can_break_are_refused(rule: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        invalid_rows(LOANS, rule)
    assert message == str(caught.value)


def test_a_rule_that_the_domains_imply_is_refused() -> None:
    program = htdbu.compile_text("table t { a : int in 0..9 }\nhard low: a <= 10")
    with pytest.raises(UsageError, match="no row breaks `low`: what its columns may hold"):
        invalid_rows(program, "low")


def test_rules_without_any_row_are_refused_at_once() -> None:
    program = htdbu.compile_text("table t { a : int in 0..9 }\nhard high: a >= 5\nhard low: a <= 4")
    with pytest.raises(InfeasibleError, match="no row satisfies the rules over a"):
        rows(program)


KINDS = """
table kinds {
  n : int in -5..5 null   d : decimal(3) in 0..1
  b : bool   c : category { "x", "NA" }   day : date in 1999-01-01..2030-12-31
  at : datetime in 2020-01-01T00:00:00..2020-01-02T00:00:00   s : text
  x : int in { 1, 7 } as "the x"   twice : int = 2 * x
}
"""  # fmt: skip


def test_cells_have_the_types_of_python() -> None:
    drawn = sample(rows(htdbu.compile_text(KINDS)), 60)
    assert ["n", "d", "b", "c", "day", "at", "s", "the x", "twice"] == list(drawn[0])
    kinds = {name: {type(row[name]) for row in drawn} for name in drawn[0]}
    assert kinds == {
        "n": {int, type(None)}, "d": {Decimal}, "b": {bool}, "c": {str}, "day": {date}, "at": {datetime}, "s": {str},
        "the x": {int}, "twice": {int},
    }  # fmt: skip
    assert {-3} == {row["d"].as_tuple().exponent for row in drawn}
    assert {(1, 2), (7, 14)} == {(row["the x"], row["twice"]) for row in drawn}


def test_rows_shrink_to_the_simplest() -> None:
    simplest = find(rows(htdbu.compile_text(KINDS)), lambda row: True)
    assert (simplest["n"], simplest["d"], simplest["b"], simplest["c"]) == (None, Decimal("0.000"), False, "x")
    assert (simplest["day"], simplest["s"], simplest["the x"]) == (date(2000, 1, 1), "0", 1)
    wide = htdbu.compile_text("table t { a : decimal(2) in 0..400_000  b : decimal(2) = a / 2 }\nhard r: a <= 300_000")
    rich = find(rows(wide), lambda row: row["a"] > 30_000, settings=settings(database=None, deadline=None))
    assert {"a": Decimal("30000.01"), "b": Decimal("15000.00")} == rich


def test_the_same_seed_draws_the_same_rows() -> None:
    assert sample(rows(LOANS), 20) == sample(rows(LOANS), 20)


def test_rules_that_tie_numbers_together_are_reached_too() -> None:
    program = htdbu.compile_text("table t { a : int in 0..1_000_000  b : int in 0..1_000_000 }\nhard same: a == b")
    assert len({row["a"] for row in sample(rows(program), 100)}) > 3


def test_texts_follow_rules() -> None:
    program = htdbu.compile_text(
        'table t { a : text null  b : text }\nhard same: a == b or a == "x"\nhard some: a is not null or b != "y"'
    )
    drawn = sample(rows(program), 60)
    assert all(set() == failing(program, row) for row in drawn)
    assert {None, "x"} <= {row["a"] for row in drawn}


TABLE = """
table t { k : int in 0..30 key   a : category { "x", "y", "z" } null
  b : int in 0..9   c : int in 0..3   d : int = b + c }
unique (b, c)
fd a -> b, d
hard low: b <= 8
"""  # fmt: skip


@FEW
@given(tables(htdbu.compile_text(TABLE), min_size=2, max_size=5))
def test_tables_satisfy_the_rules_over_several_rows(frame: pd.DataFrame) -> None:
    report = htdbu.compile_text(TABLE).check(frame)
    assert 0 == report.hard_violations
    assert 2 <= len(frame) <= 5


def test_a_table_that_cannot_be_large_enough_is_not_drawn() -> None:
    program = htdbu.compile_text("table t { k : bool key }")
    with pytest.raises((NoSuchExample, Unsatisfiable)):
        find(tables(program, min_size=3, max_size=4), lambda frame: True)
    with pytest.raises(UsageError, match="no table has 3 to 2 rows"):
        tables(program, min_size=3, max_size=2)


def test_without_hypothesis_the_import_says_what_to_install() -> None:
    code = "import sys; sys.modules['hypothesis'] = None\nimport htdbu.testing"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "htdbu.testing needs Hypothesis\n  hint: pip install 'htdbu[testing]'" in done.stderr


def examples() -> Iterable[Path]:
    return sorted([*(ROOT / "examples").rglob("*.htr"), *(ROOT / "docs/cookbook").glob("*[05]-*.htr")])


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.stem)
def test_rows_of_every_example_satisfy_its_rules(path: Path) -> None:
    try:
        program = htdbu.compile(path)
    except htdbu.CompileError:
        pytest.skip("an example of a mistake")
    for row in sample(rows(program), 4):
        assert set() == failing(program, row)


def test_a_path_is_no_program() -> None:
    with pytest.raises(UsageError, match="strategies are made of a program, not of str"):
        rows("loans.htr")  # type: ignore[arg-type]


def test_the_ir_serves_as_well_as_the_public_program() -> None:
    program = compile_source(Source("t", "table t { a : int in 3..4 }")).program
    assert {3, 4} == {row["a"] for row in sample(rows(program), 20)}


OPEN = "int", "int in 5..", "decimal(2) in ..5", "date", "datetime in ..2000-01-01T00:00:00"


@pytest.mark.parametrize("kind", OPEN)
def test_columns_without_a_bound_give_rows_and_broken_rows(kind: str) -> None:
    program = htdbu.compile_text(f"table t {{\n  a : {kind}\n  b : {kind} null\n}}\nhard r: a >= b\n")
    for row in sample(rows(program), 10):
        assert set() == failing(program, row)
    for rule in ("r", "a.domain", "b.domain", "a.null"):
        for row in sample(invalid_rows(program, rule), 10):
            assert rule in failing(program, row)


CALENDAR = htdbu.compile_text(
    "table t {\n  a : int\n  d : date = 2020-01-01 + a\n  f : date = d + a\n}\nhard r: a > 1 or f > 2022-01-01\n"
)


@pytest.mark.parametrize("rule", ["r", "a.domain", "a.null", "d.derived", "f.derived", "d.domain"])
def test_dates_that_are_computed_stay_in_the_calendar(rule: str) -> None:
    for row in sample(invalid_rows(CALENDAR, rule), 10):
        assert rule in failing(CALENDAR, row)
    for row in sample(rows(CALENDAR), 10):
        assert set() == failing(CALENDAR, row)


WORDS = """
table t {
  a : text
  b : text null
  c : text = if b is null then "null" else "fine"
}
hard r: a in { "", "NA", "NaN", "null", "ok" }
hard s: b != "NA" and b != "x"
"""


def test_no_text_is_drawn_that_means_null() -> None:
    program = htdbu.compile_text(WORDS)
    for row in sample(rows(program), 20):
        assert set() == failing(program, row)
        assert ("ok", "fine") == (row["a"], row["c"])
    for rule in ("r", "s", "a.null", "c.derived"):
        for row in sample(invalid_rows(program, rule), 20):
            assert rule in failing(program, row)
            assert not {"", "NA", "NaN", "null"} & set(row.values())


def test_the_text_that_is_no_value_is_no_level() -> None:
    program = htdbu.compile_text('table t { c : category { "?", "b", "???" } }')
    assert {"??"} == {row["c"] for row in sample(invalid_rows(program, "c.domain"), 5)}

"""The built-in loan book keeps the truth that its docstring states."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import htdbu
from htdbu.datasets import load_loans, loans_rules, loans_rules_path

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "loans" / "loans.htr"
MONEY = ["income", "credit_limit", "drawn", "undrawn", "arrears", "owed"]
HEADERS = [
    *("id", "age", "job", *MONEY, "rating", "opened", "closed", "defaulted", "sentiment", "note", "emp.var.rate"),
]
RATINGS = ["D", "C", "B", "A"]
TODAY = pd.Timestamp("2026-06-30")


@pytest.fixture(scope="module")
def book() -> pd.DataFrame:
    return load_loans(20_000, random_state=3)


def exact(column: pd.Series) -> pd.Series:
    """Money as exact decimals, from the shortest spelling of each float."""
    return pd.Series([Decimal(repr(value)) for value in column.tolist()], index=column.index, dtype=object)


def ceiling(age: int) -> Decimal:
    return Decimal(40_000 if age < 25 else 150_000 if age < 40 else 400_000)


# The hard rules of loans.htr, written again in Python; True where the row obeys.
RULES: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "adult": lambda d: d.age.between(18, 95),
    "income_ceiling": lambda d: exact(d.income) <= d.age.map(ceiling),
    "worker_income": lambda d: ~d.job.isin(["employed", "self-employed"]) | (d.income >= 6_000),
    "limit_ceiling": lambda d: exact(d.credit_limit) <= exact(d.income).map(lambda income: income * 2 / 5),
    "student_limit": lambda d: (d.job != "student") | (d.credit_limit <= 5_000),
    "drawn_in_limit": lambda d: d.drawn <= d.credit_limit,
    "arrears_ceiling": lambda d: exact(d.arrears).map(lambda money: money * 2) <= exact(d.drawn),
    "young_pensioner": lambda d: (d.job != "retired") | (d.age >= 50),
    "old_student": lambda d: (d.job != "student") | (d.age <= 40),
    "stretched_best": lambda d: (
        (d.rating != "A") | (exact(d.drawn).map(lambda m: 10 * m) <= exact(d.credit_limit).map(lambda m: 9 * m))
    ),
    "banking_day": lambda d: d.opened.dt.day_of_week < 5,
    "opened_in_range": lambda d: d.opened.between(pd.Timestamp("2005-01-01"), TODAY),
    "opened_as_adult": lambda d: 2026 - d.opened.dt.year <= d.age - 18,
    "closes_later": lambda d: d.closed.isna() | ((d.closed >= d.opened) & (d.closed <= TODAY)),
    "closed_is_paid": lambda d: d.closed.isna() | (d.drawn == 0),
    "bad_rating": lambda d: ~d.defaulted | d.rating.isin(["D", "C"]),
    "in_arrears": lambda d: (
        ~d.defaulted | ((exact(d.arrears).map(lambda m: 20 * m) >= exact(d.drawn)) & (d.arrears > 0))
    ),
    "sentiment_of_default": lambda d: (
        (d.defaulted & d.sentiment.isin(["negative", "neutral"]))
        | (~d.defaulted & d.sentiment.isin(["neutral", "positive"]))
    ),
    "undrawn": lambda d: exact(d.undrawn) == exact(d.credit_limit) - exact(d.drawn),
    "owed": lambda d: exact(d.owed) == exact(d.drawn) + exact(d.arrears),
    "money_is_not_negative": lambda d: (d[MONEY] >= 0).all(axis=1),
}


@pytest.mark.parametrize("rule", RULES)
def test_every_row_obeys(rule: str, book: pd.DataFrame) -> None:
    assert [] == book.index[~RULES[rule](book).astype(bool)].tolist()


@pytest.mark.parametrize("column", [*MONEY, "emp.var.rate"])
def test_no_binary_noise_shows(column: str, book: pd.DataFrame) -> None:
    digits = 1 if column == "emp.var.rate" else 2
    assert all(-value.as_tuple().exponent <= digits for value in exact(book[column]))


@pytest.mark.parametrize("n", [0, 1, 7])
def test_small_books_have_the_same_columns_and_types(n: int) -> None:
    small = load_loans(n)
    assert n == len(small)
    assert HEADERS == [*small.columns]
    assert small.dtypes.equals(load_loans(500).dtypes)
    assert RATINGS == [*small["rating"].cat.categories]
    assert small["rating"].cat.ordered


def test_the_same_seed_gives_the_same_book() -> None:
    pd.testing.assert_frame_equal(load_loans(300, 5), load_loans(300, 5))
    assert not load_loans(300, 5).equals(load_loans(300, 6))
    assert not load_loans(300, None).equals(load_loans(300, None))


def test_another_process_writes_the_same_bytes() -> None:
    code = "from htdbu.datasets import load_loans; print(load_loans(200, 9).to_csv(index=False), end='')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == load_loans(200, 9).to_csv(index=False)


@pytest.mark.parametrize("n", [-1, 9_000_001])
def test_an_impossible_size_is_refused(n: int) -> None:
    with pytest.raises(htdbu.UsageError, match="cannot be made"):
        load_loans(n)


def test_ids_are_unique(book: pd.DataFrame) -> None:
    assert book["id"].is_unique


def test_a_default_is_rare_and_follows_rating_and_usage(book: pd.DataFrame) -> None:
    assert 0.015 <= book.defaulted.mean() <= 0.025
    by_rating = book.groupby("rating", observed=True).defaulted.mean()
    assert by_rating["D"] > by_rating["C"] > 0
    usage = book.drawn / book.credit_limit.clip(lower=1)
    assert usage[book.defaulted].mean() > usage[~book.defaulted & (book.drawn > 0)].mean() + 0.1


def test_income_grows_with_age_and_depends_on_the_job(book: pd.DataFrame) -> None:
    workers = book[book.job.isin(["employed", "self-employed"])]
    by_age = workers.groupby(pd.cut(workers.age, [17, 24, 34, 49]), observed=True).income.median().tolist()
    assert sorted(by_age) == by_age
    by_job = book.groupby("job").income.median()
    assert by_job["student"] < by_job["retired"] < by_job["employed"]
    assert workers.income.mean() > 1.1 * workers.income.median()  # skewed, as incomes are


def test_ratings_rise_with_income_and_fall_with_usage(book: pd.DataFrame) -> None:
    by_rating = book.groupby("rating", observed=True).income.median().tolist()
    assert sorted(by_rating) == by_rating
    usage = (book.drawn / book.credit_limit.clip(lower=1)).groupby(book.rating, observed=True).mean().tolist()
    assert sorted(usage, reverse=True) == usage


def test_sentiment_has_the_stated_shares(book: pd.DataFrame) -> None:
    shares = book.groupby("defaulted").sentiment.value_counts(normalize=True)
    assert 0.7 == pytest.approx(shares[True, "negative"], abs=0.08)
    assert 0.6 == pytest.approx(shares[False, "neutral"], abs=0.02)


def test_notes_belong_to_one_sentiment_and_are_many(book: pd.DataFrame) -> None:
    assert 1 == book.groupby("note").sentiment.nunique().max()
    assert book.groupby("sentiment").note.nunique()["positive"] > 400


def test_employment_depends_on_the_quarter_of_opening_alone(book: pd.DataFrame) -> None:
    quarter = book.opened.dt.year * 4 + book.opened.dt.quarter
    assert 1 == book.groupby(quarter)["emp.var.rate"].nunique().max()
    assert book["emp.var.rate"].nunique() > 20


def test_the_example_is_the_installed_rule_file() -> None:
    assert EXAMPLE.read_bytes() == loans_rules_path().read_bytes()
    assert EXAMPLE.read_text("utf-8") == loans_rules()


def test_the_rule_file_has_no_findings() -> None:
    from htdbu.compiler.compile import compile_file

    assert [] == [finding.code for finding in compile_file(loans_rules_path()).diagnostics]


@pytest.mark.parametrize("seed", [0, 1])
def test_the_book_breaks_no_hard_rule_of_the_rule_file(seed: int) -> None:
    program = htdbu.compile(loans_rules_path())
    loans = load_loans(random_state=seed)
    report = program.check(loans, real=loans)
    assert 0 == report.hard_violations
    assert {target["name"]: True for target in report.to_dict()["targets"]} == {
        target["name"]: target["met"] for target in report.to_dict()["targets"]
    }


def test_the_rule_file_finds_what_is_broken() -> None:
    program = htdbu.compile(loans_rules_path())
    loans = load_loans(200)
    loans["age"] = loans["age"].where(loans.index != 3, 17)
    loans["credit_limit"] = loans["credit_limit"].where(loans.index != 5, loans["income"])
    failing = {
        rule["name"] for rule in program.check(loans).to_dict()["rules"] if rule["fail"] and rule["kind"] != "soft"
    }
    assert {"adult", "limit_ceiling", "undrawn.derived"} <= failing

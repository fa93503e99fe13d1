"""A summary tells what many rows have in common, and nothing of few."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htdbu.datasets import load_loans
from htdbu.providers import Request, Summary, summarise
from htdbu.providers.base import GRANULARITIES
from htdbu.solver.reading import exact_number

SECRET_LEVEL, SECRET_TEXT = "zqx-secret-level", "zqx secret words of just one row"
SECRET_DAY, SECRET_NUMBER = "2017-09-13", 8_376_451
LEAST = st.integers(2, 12)


def shown(frame: pd.DataFrame, **options: Any) -> list[Summary]:
    """The summaries of all granularities."""
    return [summarise(Request(frame, granularity=each, **options)) for each in GRANULARITIES]


def texts(summary: Summary) -> str:
    return summary.text() + json.dumps(summary.model_dump(mode="json"), ensure_ascii=False)


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Tables of a column of each type, frequent and rare values in it, nulls, and a secret in each of four columns."""
    n = draw(st.integers(1, 90))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    heap = draw(st.sampled_from([2, 10, 1000]))
    frame = pd.DataFrame(
        {
            "level": rng.choice(["a", "b", "c", "d"], n, p=[0.6, 0.3, 0.08, 0.02]).astype(object),
            "number": (rng.integers(-heap, heap, n) * draw(st.sampled_from([1, 7, 500]))).astype(object),
            "money": [Decimal(int(cents)).scaleb(-2) for cents in rng.lognormal(6, 2, n)],
            "day": pd.Series(np.datetime64("2015-01-01") + rng.integers(0, heap, n)).dt.date.astype(str).astype(object),
            "note": [f"word {i % 61} of {i}" for i in range(n)],
            "mood": rng.choice(["positive", "neutral", "negative"], n, p=[0.5, 0.4, 0.1]).astype(object),
            "y": rng.choice([True, False], n, p=[0.15, 0.85]).astype(object),
        }
    )
    frame["code"] = frame["level"].map({"a": 1, "b": 2, "c": 3, "d": 4})
    for column in draw(st.sets(st.sampled_from(list(frame.columns)), max_size=4)):
        frame.loc[rng.random(n) < draw(st.sampled_from([0.02, 0.3, 1])), column] = None
    secrets = {"level": SECRET_LEVEL, "number": SECRET_NUMBER, "day": SECRET_DAY, "note": SECRET_TEXT}
    for column, secret in secrets.items():
        frame.loc[int(rng.integers(n)), column] = secret
    return frame


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(frames(), LEAST, st.sampled_from(["y", "level", "number", "money", None]))
def test_no_secret_of_one_row_and_no_text_is_told(frame: pd.DataFrame, least: int, target: str | None) -> None:
    for summary in shown(frame, min_count=least, target=target):
        told = texts(summary)
        for secret in (SECRET_LEVEL, SECRET_DAY, "zqx", "secret", "word"):
            assert secret not in told
        assert str(SECRET_NUMBER) not in re.findall(r"\d+", told.replace(",", ""))


def counts(summary: Summary) -> Iterator[int]:
    """Every count of rows in a summary."""
    yield from [summary.rows] if isinstance(summary.rows, int) else []
    for column in summary.columns:
        yield from [column.nulls] if isinstance(column.nulls, int) else []
        yield from (each.rows for each in column.values)
    for table in (*summary.sentiment, *summary.by_target):
        yield from (count for line in (*table.rows, table.totals) for count in line if count is not None)


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(frames(), LEAST)
def test_every_count_is_a_multiple_of_the_least_one(frame: pd.DataFrame, least: int) -> None:
    for summary in shown(frame, min_count=least, target="y"):
        assert [] == [count for count in counts(summary) if count % least]
        if len(frame) < least:
            assert "few" == summary.rows
            blank = {"range": None, "nulls": None, "values": (), "others": 0, "quantiles": ()}
            assert all(blank == {name: getattr(column, name) for name in blank} for column in summary.columns)


def values(summary: Summary, name: str) -> Iterator[str]:
    """Every value of a column in a summary."""
    for column in summary.columns:
        if column.name == name:
            yield from [] if column.range is None else [column.range.low, column.range.high]
            yield from (each.value for each in column.values)
            yield from (each.value for each in column.quantiles)
    for table in (*summary.sentiment, *summary.by_target):
        for axis, labels in zip(table.columns, (table.lines, table.heads), strict=True):
            if axis == name:
                yield from (
                    value for label in labels for value in re.split(" to below |below | or more", label) if value
                )


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(frames(), LEAST, st.sampled_from(["y", "number", "money"]))
def test_no_value_is_told_that_fewer_rows_hold(frame: pd.DataFrame, least: int, target: str) -> None:
    held = {
        header: frame[header].dropna().map(lambda cell: exact_number(cell) or str(cell).lower()).value_counts()
        for header in frame.columns
    }
    for summary in shown(frame, min_count=least, target=target):
        for column in summary.columns:
            for value in values(summary, column.name):
                rows = held[column.header].get(exact_number(value) or value, 0)
                assert rows == 0 or rows >= least, f"{column.name} {value}"


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(frames(), LEAST)
def test_a_range_holds_all_rows_but_a_few_that_are_told(frame: pd.DataFrame, least: int) -> None:
    for column in summarise(Request(frame, min_count=least)).columns:
        if column.range is not None and column.kind in ("int", "decimal"):
            cells = [number for cell in frame[column.header].dropna() if (number := exact_number(cell)) is not None]
            low, high = exact_number(column.range.low), exact_number(column.range.high)
            assert low is not None
            assert high is not None
            below, above = sum(cell < low for cell in cells), sum(cell > high for cell in cells)
            assert (column.range.few_below, column.range.few_above) == (below > 0, above > 0)
            assert max(below, above) < least


@pytest.fixture(scope="module")
def loans() -> pd.DataFrame:
    return load_loans(1500, random_state=3)


def test_the_loan_book_is_told_as_it_is(loans: pd.DataFrame) -> None:
    _, standard, rich = shown(loans, target="defaulted", table="loans")
    by_name = {column.name: column for column in standard.columns}
    assert (1500, "defaulted") == (standard.rows, standard.target)
    assert ("id",) in standard.keys
    assert "text" == by_name["note"].kind
    assert "emp.var.rate" == by_name["emp_var_rate"].header
    real = loans["job"].value_counts()
    assert {each.value: each.rows for each in by_name["job"].values} == {
        level: pytest.approx(rows, abs=5) for level, rows in real.items() if rows >= 10
    }
    (mood,) = standard.sentiment
    joint = pd.crosstab(loans["sentiment"], loans["defaulted"].astype(str).str.lower())
    for line, rows in zip(mood.lines, mood.rows, strict=True):
        for head, count in zip(mood.heads, rows, strict=True):
            assert count is None or abs(count - joint.loc[line, head]) <= 5
    assert any(count is not None for line in mood.rows for count in line)
    assert {"drawn", "owed", "age", "job"} <= {name for pair in rich.associations for name in pair.columns}
    assert not standard.associations
    assert rich.by_target
    told = texts(rich)
    assert not [note for note in loans["note"] if note in told]


def test_each_granularity_tells_more_and_contradicts_no_other(loans: pd.DataFrame) -> None:
    minimal, standard, rich = shown(loans, target="defaulted")
    assert len(minimal.text()) < len(standard.text()) < len(rich.text())
    for few, many in zip(minimal.columns, standard.columns, strict=True):
        assert few == many.model_copy(update={"range": None, "values": (), "others": 0})
    for few, many in zip(standard.columns, rich.columns, strict=True):
        assert (few.range, few.nulls) == (many.range, many.nulls)
        assert few.values == many.values[: len(few.values)]
    assert (standard.keys, standard.determined, standard.sentiment) == (rich.keys, rich.determined, rich.sentiment)


def test_the_order_of_rows_says_nothing(loans: pd.DataFrame) -> None:
    shuffled = loans.sample(frac=1, random_state=1).reset_index(drop=True)
    assert summarise(Request(loans, target="job")).text() == summarise(Request(shuffled, target="job")).text()


def test_signs_in_headers_and_levels_break_no_line_of_the_text() -> None:
    level, header = 'x"\n  y: int; 0..1', 'odd "header"\nname'
    frame = pd.DataFrame({header: [level, "z"] * 50, "y": [True, False] * 50})
    for summary in shown(frame, target="y"):
        lines = summary.text().splitlines()
        assert 1 == sum(line.startswith("  odd_header_name as ") for line in lines)
        assert not any(line.strip().startswith("y: int") for line in lines)
        assert json.dumps(header) in summary.text()


def test_long_texts_of_few_kinds_are_free_text_too() -> None:
    complaint = "the customer called twice about a transfer that had gone to somebody else"
    frame = pd.DataFrame({"a": [complaint, "none"] * 50})
    (column,) = summarise(Request(frame)).columns
    assert (["none"], 1) == ([each.value for each in column.values], column.others)


def test_columns_that_follow_from_another_are_named_and_chance_is_not() -> None:
    rng = np.random.default_rng(1)
    town = rng.integers(0, 12, 400)
    frame = pd.DataFrame({"town": town, "state": town // 4, "noise": rng.integers(0, 3, 400), "same": 1})
    frame["few"] = np.arange(400) == 7
    found = {(each.left, each.right) for each in summarise(Request(frame)).determined}
    assert {("town", "state")} == found


def test_two_columns_are_a_key_where_none_alone_is() -> None:
    frame = pd.DataFrame({"branch": np.repeat(np.arange(20), 30), "number": np.tile(np.arange(30), 20), "one": 1})
    assert (("branch", "number"),) == tuple(tuple(sorted(key)) for key in summarise(Request(frame)).keys)
    frame["row"] = np.arange(600)
    assert (("row",),) == summarise(Request(frame)).keys


@pytest.mark.parametrize("rows", [0, 1])
def test_tables_of_no_row_or_one_have_names_and_types_only(rows: int) -> None:
    frame = pd.DataFrame({"name": ["Alice"] * rows, "age": [41] * rows})
    for summary in shown(frame):
        assert "Alice" not in texts(summary)
        assert "41" not in texts(summary)
        assert ["name", "age"] == [column.name for column in summary.columns]
    assert summarise(Request(pd.DataFrame())).text().startswith("table data: no rows, 0 columns\n")

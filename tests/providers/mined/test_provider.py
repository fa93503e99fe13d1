"""What every mined file keeps to, whatever the table."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import htdbu
from benchmarks.mined.noise import noise
from htdbu.analyses.analyse import analyse
from htdbu.compiler.compile import compile_source
from htdbu.errors import UsageError
from htdbu.grammar.source import Source
from htdbu.providers.base import Draft, Granularity, Request
from htdbu.providers.mined import MinedProvider

N = 300


def drafted(frame: pd.DataFrame, **wanted: object) -> Draft:
    """What the provider answers."""
    return MinedProvider().draft(Request(frame, **wanted))  # type: ignore[arg-type]


def warnings_of(text: str) -> list[str]:
    """The codes of all findings of a file that are worse than a remark."""
    compilation = compile_source(Source("draft.htr", text))
    found = [*compilation.diagnostics, *analyse(compilation.checked())]
    return [finding.kind.code for finding in found if finding.kind.severity != "info"]


def _edge(name: str) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    start = pd.Series(pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 10**7, N), unit="s"))
    tables: dict[str, Callable[[], pd.DataFrame]] = {
        "no rows": lambda: pd.DataFrame({"a": [], "b": []}),
        "no columns": lambda: pd.DataFrame(),
        "one row": lambda: pd.DataFrame({"a": [1], "b": ["x"], "c": [None], "d": [pd.Timestamp("2020-01-01")]}),
        "constants": lambda: pd.DataFrame({"a": [1] * N, "b": ["x"] * N, "c": [True] * N, "d": [1.5] * N}),
        "nulls alone": lambda: pd.DataFrame({"a": [None] * N, "b": rng.integers(0, 9, N)}),
        "repeated rows": lambda: pd.DataFrame({"a": [1, 2] * (N // 2), "b": ["x", "y"] * (N // 2)}),
        "texts": lambda: pd.DataFrame({"a": [f"t {i}" for i in range(N)], "b": rng.normal(size=N)}),
        "truth values": lambda: pd.DataFrame({k: rng.random(N) < 0.5 for k in "abc"}),
        "times": lambda: pd.DataFrame({"s": start, "e": start + pd.to_timedelta(rng.integers(60, 9_999, N), unit="s")}),
        "negative numbers": lambda: pd.DataFrame({"a": -rng.exponential(9, N).round(2), "b": rng.integers(-9, -1, N)}),
        "names": lambda: pd.DataFrame(
            {"case": ["x", "y"] * (N // 2), "a b": rng.integers(0, 5, N), "`": rng.random(N)}
        ),
        "some nulls": lambda: pd.DataFrame({"a": np.where(rng.random(N) < 0.3, np.nan, rng.integers(0, 99, N))}),
        "huge numbers": lambda: pd.DataFrame({"a": rng.integers(2**60, 2**62, N), "b": rng.normal(size=N) * 1e-9}),
    }
    return tables[name]()


EDGES = (
    *("no rows", "no columns", "one row", "constants", "nulls alone", "repeated rows", "texts", "truth values"),
    *("times", "negative numbers", "names", "some nulls", "huge numbers"),
)


@pytest.mark.parametrize("name", EDGES)
def test_any_table_gets_a_file_without_warnings_that_its_rows_keep(name: str) -> None:
    frame = _edge(name)
    text = drafted(frame).text
    assert [] == warnings_of(text)
    assert 0 == htdbu.compile_text(text).check(frame).hard_violations


def test_the_same_request_gets_the_same_file() -> None:
    frame = htdbu.datasets.load_loans(1_500, 3)
    assert drafted(frame, seed=5) == drafted(frame.copy(), seed=5)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_invented_about_independent_columns(seed: int) -> None:
    rows, columns = ((200, 12), (1_000, 9), (4_000, 6))[seed % 3]
    assert [] == drafted(noise(1_000 + seed, rows, columns)).told["rules"]


def test_no_level_of_few_rows_is_named_and_their_number_is_told() -> None:
    kinds = ["often"] * 990 + ["now and then"] * 10 + ["once"] * 2
    draft = drafted(pd.DataFrame({"kind": kinds, "x": np.arange(1_002) % 7}))
    assert 'kind : category { "now and then", "often" }' in draft.text
    assert "## 2 rows with other levels, too rare to be named here." in draft.text
    assert "once" not in draft.text
    assert "once" in drafted(pd.DataFrame({"kind": kinds}), min_count=2).text


def test_no_bound_is_the_value_of_a_few_rows() -> None:
    ages = np.concatenate([np.tile(np.arange(20, 60), 30), [87]])
    assert "87" not in drafted(pd.DataFrame({"age": ages})).text


@pytest.mark.parametrize(("held", "named"), [(8, False), (60, True)])
def test_no_bound_of_years_is_that_of_a_few_rows(held: int, named: bool) -> None:
    totals = np.concatenate([np.repeat(np.arange(2042, 2075), 60), np.full(held, 2041)])
    age = np.random.default_rng(0).integers(18, 90, totals.size)
    opened = pd.to_datetime(pd.DataFrame({"year": totals - age, "month": 1 + totals % 12, "day": 1 + age % 28}))
    assert named == ("year(opened) + age >= 2041" in drafted(pd.DataFrame({"age": age, "opened": opened})).text)


def test_there_are_no_more_rules_than_wanted_and_the_others_are_counted() -> None:
    frame = htdbu.datasets.load_loans(1_500, 3)
    draft = drafted(frame, max_rules=4)
    assert (4, True) == (len(draft.told["rules"]), draft.told["left_out"] > 0)
    assert [] == drafted(frame, max_rules=0).told["rules"]


def test_the_smallest_granularity_is_of_columns_alone() -> None:
    text = drafted(htdbu.datasets.load_loans(1_500, 3), granularity="minimal").text
    assert (True, False) == ("in 1_000_000..9_999_999 key" in text, "hard " in text)


def test_what_more_than_a_hundredth_of_the_rows_break_is_told_at_the_largest_granularity_alone() -> None:
    rng = np.random.default_rng(0)
    a = rng.random(4_000) < 0.4
    b = np.where(a & (rng.random(4_000) < 0.98), False, rng.random(4_000) < 0.9)
    frame = pd.DataFrame({"a": a, "b": b})
    rules = {size: drafted(frame, granularity=size).told["rules"] for size in ("standard", "rich")}
    assert ([], [{"a", "b"}]) == (rules["standard"], [set(rule["columns"]) for rule in rules["rich"]])


def test_the_target_is_planned_first_with_its_shares_and_the_mood_that_goes_with_it() -> None:
    frame = htdbu.datasets.load_loans(3_000, 3)
    program = htdbu.compile_text(drafted(frame, target="defaulted").text)
    (factor,) = program.factors
    assert ("defaulted", ["sentiment", "sentiment"]) == (
        factor.column,
        [attribute.column for branch in factor.branches for attribute in branch.attributes],
    )
    shares = {share.values[0].low: float(share.share) for share in factor.shares or ()}
    assert shares["true"] == pytest.approx(frame["defaulted"].mean(), abs=0.001)


def test_a_target_that_is_no_column_is_an_error_with_a_way_out() -> None:
    with pytest.raises(UsageError, match="there is no column `z`"):
        drafted(pd.DataFrame({"a": [1, 2]}), target="z")


def test_progress_is_told_to_its_end() -> None:
    told: list[tuple[int, int]] = []
    MinedProvider().draft(Request(pd.DataFrame({"a": [1, 2]})), lambda done, total: told.append((done, total)))
    assert [(i + 1, len(told)) for i in range(len(told))] == told


@pytest.mark.parametrize(
    ("target", "granularity", "reason"),
    [
        ("coin", "standard", "another such column that depends on it"),
        ("constant", "standard", "of 2 to 12 values that 10 rows each have"),
        ("number", "standard", "a category or bool without nulls"),
        ("coin", "minimal", "no factor is looked for at granularity minimal"),
    ],
)
def test_a_target_that_is_not_planned_is_told_with_the_reason(
    target: str, granularity: Granularity, reason: str
) -> None:
    frame = pd.DataFrame({"coin": [True, False] * (N // 2), "constant": ["x"] * N, "number": range(N)})
    answer = drafted(frame, target=target, granularity=granularity)
    assert "factor" not in answer.text
    told = [remark for remark in answer.remarks if remark.startswith(f"`{target}` is not planned first")]
    assert [True] == [reason in remark for remark in told]


@pytest.mark.parametrize(
    ("rows", "most", "remarks"),
    [
        (0, 40, ["there are no rows to find anything in: the file has the columns alone"]),
        (9, 40, ["no rules were found but those of the columns"]),
        (N, 40, ["1 rule holds in every row, 0 in almost every one; what holds so far need not be meant"]),
        (N, 0, ["1 further rule found no room; allow more to see what was left out"]),
    ],
)
def test_remarks_count_what_was_found(rows: int, most: int, remarks: list[str]) -> None:
    rng = np.random.default_rng(0)
    low = rng.integers(0, 50, N)
    frame = pd.DataFrame({"low": low, "high": low + rng.integers(0, 9, N)}).head(rows)
    assert remarks == list(drafted(frame, max_rules=most).remarks)

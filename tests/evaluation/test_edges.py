"""Odd tables for every metric, distances against another way to compute them, and what is compared by default."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.errors import UsageError
from htdbu.evaluation.comparison import Comparison, Metric
from htdbu.evaluation.learners import boosted
from htdbu.evaluation.metrics import METRICS, closeness, detection, utility
from htdbu.evaluation.report.bins import common_bins
from htdbu.generators.gower import gower_cells, nearest

Compare = Callable[..., Comparison]

COLUMNS = """
  id   : int key
  n    : int in -10..10 null
  x    : decimal(2) null
  c    : category { "a", "b" } null
  day  : date null
  note : text null
  y    : bool null
"""


def table(n: int, seed: int = 0) -> dict[str, list[object]]:
    rng = np.random.default_rng(seed)
    return {
        "id": [*range(n)],
        "n": rng.integers(-10, 11, n).tolist(),
        "x": rng.normal(0, 5, n).round(2).tolist(),
        "c": rng.choice(["a", "b"], n).tolist(),
        "day": [f"2024-05-{day:02}" for day in rng.integers(1, 32, n)],
        "note": ["hello"] * n,
        "y": [k % 2 == 0 for k in range(n)],
    }


def nulls(n: int) -> dict[str, list[object]]:
    return {**table(n), **{name: [None] * n for name in ("n", "x", "c", "day", "note", "y")}}


def constant(n: int) -> dict[str, list[object]]:
    return {name: cells[:1] * n for name, cells in table(1).items()}


SIZES = {"many": table(40), "two": table(2), "one": table(1), "none": table(0), "null": nulls(30), "same": constant(30)}


@pytest.fixture
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """What odd tables do to a metric does not depend on how long its models learn."""
    monkeypatch.setattr(boosted, "ROUNDS", 3)
    monkeypatch.setattr(detection, "ROUNDS", 3)


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("test", ["many", "one", "none", "null", "same", None])
@pytest.mark.parametrize("synthetic", SIZES)
@pytest.mark.parametrize("real", SIZES)
def test_every_metric_gives_its_keys_for_every_table(
    compare: Compare, real: str, synthetic: str, test: str | None
) -> None:
    held_out = None if test is None else SIZES[test]
    comparison = compare(COLUMNS, SIZES[real], SIZES[synthetic], held_out, joint=("y", "c"))
    for metric in METRICS:
        measured = metric.measure(comparison)
        assert set(metric.keys) == set(measured.values)
        # JSON without NaN or infinity; a value that is missing comes with a reason, but for those that need test rows.
        json.dumps(measured.values, allow_nan=False)
        missing = [key for key, value in measured.values.items() if value is None]
        explained = not missing or measured.notes or all(_needs_test(key) for key in missing)
        assert explained, (metric.name, missing)


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("target", ["x", "day", "c", "n"])
@pytest.mark.parametrize("real", SIZES)
def test_utility_is_measured_or_explained_for_every_kind_of_target(compare: Compare, real: str, target: str) -> None:
    for synthetic, test in product(SIZES, ["many", "none", "null", "same", None]):
        held_out = None if test is None else SIZES[test]
        measured = utility.measure(compare(COLUMNS, SIZES[real], SIZES[synthetic], held_out, target=target))
        json.dumps(measured.values, allow_nan=False)
        scores = measured.values["tstr"]
        assert any(value is not None for value in scores.values()) or measured.notes
        # A target is learned by classes or as a number, never both.
        assert scores["accuracy"] is None or scores["rmse"] is None


def _needs_test(key: str) -> bool:
    return key.endswith(("_unseen", "copied_rows_floor"))


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_table_of_nothing_but_texts_and_keys_is_not_compared(compare: Compare, metric: Metric) -> None:
    rows = {"id": [*range(12)], "note": ["a"] * 12}
    measured = metric.measure(compare("id: int key note: text", rows, rows, rows, target="id"))
    assert set(metric.keys) == set(measured.values)


def test_one_seed_gives_one_answer_and_metrics_do_not_disturb_each_other(compare: Compare) -> None:
    comparison = compare(COLUMNS, table(60), table(40, 1), table(50, 2), joint=("y", "c"))
    forward = {metric.name: metric.measure(comparison) for metric in METRICS}
    backward = {metric.name: metric.measure(comparison) for metric in reversed(METRICS)}
    assert forward == backward


def gower(rows: pd.DataFrame, among: pd.DataFrame, ranges: dict[str, float]) -> np.ndarray:
    """Gower's distance, cell by cell."""

    def cell(name: Any, one: Any, other: Any) -> float:
        gone = [pd.isna(one), pd.isna(other)]
        if any(gone):
            return float(not all(gone))
        return min(abs(one - other) / ranges[name], 1.0) if name in ranges else float(one != other)

    pairs = [
        [sum(cell(name, mine[name], theirs[name]) for name in rows) for theirs in among.to_dict("records")]
        for mine in rows.to_dict("records")
    ]
    return np.array(pairs)


def mixed(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x, k = rng.uniform(0, 1, n), rng.integers(0, 5, n).astype(float)
    x[rng.random(n) < 0.3] = np.nan
    levels = [
        None if gone else level for gone, level in zip(rng.random(n) < 0.2, rng.choice(["a", "b"], n), strict=True)
    ]
    return pd.DataFrame({"x": x, "k": k, "c": pd.Categorical(levels, categories=["a", "b"])})


def test_nearest_distances_are_those_of_gower() -> None:
    rows, learned, unseen = (mixed(n, seed) for seed, n in enumerate((70, 150, 130)))
    both = pd.concat([learned, unseen])
    ranges = {name: float(both[name].max() - both[name].min()) for name in ("x", "k")}
    expected = gower(rows, learned, ranges).min(axis=1) - gower(rows, unseen, ranges).min(axis=1)
    cells = gower_cells([rows, learned, unseen], ["x", "k", "c"])
    found = ((nearest(cells[0], cells[1]) - nearest(cells[0], cells[2])) / 2.0**14)[:, 0]
    # Each of two distances is rounded in one column of uneven steps, at both of its ends.
    assert np.abs(expected - found).max() <= 4 * 0.5 / 2.0**14


def test_rows_as_near_to_both_sides_count_half(compare: Compare) -> None:
    rows = table(50)
    assert 0.5 == closeness.measure(compare(COLUMNS, rows, table(30, 7), rows)).values["dcr_share"]


def test_rows_like_the_test_rows_alone_are_not_near_to_the_learned_ones(compare: Compare) -> None:
    share = closeness.measure(compare(COLUMNS, table(80, 1), table(80, 2), table(80, 2))).values["dcr_share"]
    assert share == 0.0


def test_a_table_too_large_is_judged_by_some_of_its_rows(compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison = compare(COLUMNS, table(50, 1), table(400, 2), table(50, 3))
    monkeypatch.setattr(closeness, "MOST_CELLS", 2 * 50 * 5 * 7)  # seven rows of five columns
    share = closeness.measure(comparison).values["dcr_share"]
    assert share * 14 == round(share * 14)


@pytest.mark.parametrize(
    ("moments", "width", "ends"),
    [
        (["2024-05-03", "2024-05-09"], 86_400, ("2024-05-03", "2024-05-10")),
        (["2005-01-03", "2026-06-30"], 500 * 86_400, ("2004-03-23", "2027-07-01")),
        (["2024-05-03T10:00:07", "2024-05-03T10:59:51"], 200, ("2024-05-03T10:00:00", "2024-05-03T11:00:00")),
        (["2024-05-03", "2024-05-03"], 86_400, ("2024-05-03", "2024-05-04")),
    ],
)
def test_bins_of_moments_are_round_and_do_not_end_at_an_extreme(
    moments: list[str], width: int, ends: tuple[str, str]
) -> None:
    seconds = np.array(moments, dtype="datetime64[s]").astype(np.float64)
    edges = common_bins(seconds, whole=False, dated=True)
    assert {width} == set(np.diff(edges).tolist())
    assert [np.datetime64(end, "s") for end in ends] == [np.datetime64(int(edges[k]), "s") for k in (0, -1)]


RULES = """\
table t {{
  x : int in 0..9 as "the x"
  c : category {{ "a", "b" }}
  {more}
  y : bool
}}
factor y {{ true -> c in {{ "a", "b" }} }}
"""
POOL = 'mood : category { "sad", "glad" } note : text from notes by mood'
SENTIMENT = 'sentiment : category { "sad", "glad" }'


def rows_of(program: htdbu.Program, n: int = 20) -> pd.DataFrame:
    cells = {"the x": "3", "c": "a", "mood": "sad", "note": "so sad", "sentiment": "glad", "y": "true"}
    frame = pd.DataFrame({c.header: [cells[c.header]] * n for c in program.columns})
    frame.loc[::2, "y"] = "false"
    return frame


@pytest.mark.parametrize(
    ("more", "target", "expected"),
    [
        (POOL, "y", ("y", "mood")),
        (f"{SENTIMENT} {POOL}", "y", ("y", "mood")),
        (SENTIMENT, "y", ("y", "sentiment")),
        ("", "y", ("y", "c")),
        ("", "c", ()),
        (POOL, "mood", ()),
        (f"{SENTIMENT} {POOL}", "mood", ("mood", "sentiment")),
    ],
)
def test_the_sentiment_is_found_in_the_rules(more: str, target: str, expected: tuple[str, ...]) -> None:
    program = htdbu.compile_text(RULES.format(more=more))
    rows = rows_of(program)
    scores = htdbu.evaluate(program, rows, rows, target)
    assert expected == scores.setup.joint
    assert (scores.xmodal is None) == (not expected) == any("no sentiment" in note for note in scores.notes)


def test_a_column_goes_by_its_header_too() -> None:
    program = htdbu.compile_text(RULES.format(more=SENTIMENT))
    rows = rows_of(program)
    assert "x" == htdbu.evaluate(program, rows, rows, "the x").setup.target
    assert ("y", "x") == htdbu.evaluate(program, rows, rows, "y", text_sentiment="the x").setup.joint


@pytest.mark.parametrize("role", ["target", "text_sentiment"])
def test_a_text_or_unknown_column_is_refused(role: str) -> None:
    program = htdbu.compile_text(RULES.format(more=POOL))
    rows = rows_of(program)
    with pytest.raises(UsageError, match="'note' is a text column"):
        htdbu.evaluate(program, rows, rows, **{"target": "y", role: "note"})
    with pytest.raises(UsageError, match="did you mean `mood`"):
        htdbu.evaluate(program, rows, rows, **{"target": "y", role: "mod"})


def test_texts_that_mean_null_are_missing_everywhere() -> None:
    program = htdbu.compile_text('table t { c : category { "a", "b" } null y : bool }')
    rows = pd.DataFrame({"c": ["?", "a"] * 20, "y": ["true", "false"] * 20})
    scores = htdbu.evaluate(program, rows, rows.replace("?", None), "y", text_sentiment="c", nulls=("?",))
    assert (0.0, 0, 40) == (scores.xmodal, scores.violations["violating_rows"], scores.privacy["copied_rows"])


def test_fresh_rows_of_the_demo_are_close_useful_and_no_copies() -> None:
    rules = Path(htdbu.__file__).parent / "datasets" / "loans.htr"
    tables = [htdbu.datasets.load_loans(1500, random_state=seed) for seed in range(3)]
    scores = htdbu.evaluate(htdbu.compile(rules), tables[0], tables[1], "defaulted", test=tables[2])
    assert ("defaulted", "sentiment") == scores.setup.joint
    assert 0 == scores.violations["violating_rows"] == scores.privacy["copied_rows"]
    found = scores.fidelity
    assert all(found[f"{name}_error"] < 2 * found[f"{name}_floor"] for name in ("shape", "trend"))  # type: ignore[operator]
    # Standard deviations under equality: of an AUC of 1500 rows against 1500, and of a share of 1500.
    assert abs(found["c2st_auc"] - 0.5) < 4 * math.sqrt(3001 / (12 * 1500 * 1500))  # type: ignore[operator]
    assert abs(scores.privacy["dcr_share"] - 0.5) < 4 * 0.5 / math.sqrt(1500)  # type: ignore[operator]


@pytest.mark.slow
def test_real_rows_of_the_bank_pass_for_real(data_dir: Path) -> None:
    bank = pd.read_csv(data_dir / "bank_marketing" / "bank-full.csv", sep=";", dtype=str, keep_default_na=False)
    rng = np.random.default_rng(0)
    tone = np.where(bank["y"] == "yes", rng.choice(["neutral", "positive"], len(bank)), "negative")
    bank = bank.assign(sentiment=tone, headline="news")
    order = rng.permutation(len(bank))
    fresh, real, test = (bank.iloc[part].reset_index(drop=True) for part in np.split(order, [12_000, 29_000]))
    rules = Path(htdbu.__file__).parents[1] / "examples" / "bank" / "manual.htr"
    scores = htdbu.evaluate(htdbu.compile(rules), real, fresh, "y", test=test)
    assert abs(scores.tstr["auroc"] - scores.trtr["auroc"]) < 0.01  # type: ignore[operator]
    assert 0.48 < scores.fidelity["c2st_auc"] < 0.52  # type: ignore[operator]
    assert 0.48 < scores.privacy["dcr_share"] < 0.52  # type: ignore[operator]
    assert scores.fidelity["trend_error_unseen"] < 2 * scores.fidelity["trend_floor_unseen"]  # type: ignore[operator]

"""Alpha-precision and beta-recall against values by hand and against the paper's definition, word for word."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from htdbu.evaluation.comparison import Comparison
from htdbu.evaluation.embedding import STEPS, embed, first_within, nearest_neighbour
from htdbu.evaluation.metrics import alpha_precision, beta_recall
from htdbu.evaluation.metrics.alpha_precision import agreement, within

Compare = Callable[..., Comparison]


def mixed(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x, k = rng.normal(5, 2, n), rng.integers(0, 4, n).astype(float)
    x[rng.random(n) < 0.2] = np.nan
    levels = np.where(rng.random(n) < 0.2, None, rng.choice(["a", "b", "c"], n))
    return pd.DataFrame({"x": x, "k": k, "c": pd.Categorical(levels, categories=["a", "b", "c"])})


def coordinates(reference: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """The embedding as it is defined, in floats."""
    axes = []
    for name in ("x", "k"):
        gone = table[name].isna().to_numpy()
        values = (table[name] - reference[name].mean()) / reference[name].std(ddof=0)
        axes += [np.where(gone, 0.0, values), gone.astype(float)]
    for level in ("a", "b", "c", None):
        same = table["c"].isna() if level is None else table["c"] == level
        axes.append(same.to_numpy().astype(float) / np.sqrt(2))
    return np.column_stack(axes)


def distances(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.linalg.norm(left[:, None, :] - right[None, :, :], axis=2)
    return found


def test_points_are_as_far_apart_as_the_embedding_says() -> None:
    real, other = mixed(150, 0), mixed(90, 1)
    points, judged = embed(real, [other], ["x", "k", "c"])
    exact, exact_judged = coordinates(real, real), coordinates(real, other)
    apart = distances(exact, exact) + np.diag(np.full(150, np.inf))
    # A step is 1/1024; two ends of two numbers are rounded to half a step each.
    tolerance = 4 * 0.5 / STEPS
    assert np.abs(np.sqrt(nearest_neighbour(points)) / STEPS - apart.min(axis=1)).max() < tolerance
    centre = np.linalg.norm(exact_judged - exact.mean(axis=0), axis=1)
    assert np.abs(judged.from_centre(points) / STEPS - centre).max() < tolerance


def test_the_first_near_row_is_found_and_none_is_minus_one() -> None:
    table = pd.DataFrame({"n": [0.0, 10.0, 20.0, 30.0]})
    among = pd.DataFrame({"n": [29.0, 11.0, 9.0]})
    points, others = embed(table, [among], ["n"])
    radius = (np.array([2.0, 2.0, 2.0, 0.5]) / table["n"].std(ddof=0) * STEPS).astype(np.int64) ** 2
    assert [-1, 1, -1, -1] == first_within(points, radius, others).tolist()
    # Six times as far: 11 comes first for the first row, 29 for the last but one.
    assert [1, 1, 0, 0] == first_within(points, 36 * radius, others).tolist()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (np.arange(1000.0), 1.0),  # as the real ones
        (np.zeros(10), 0.0),  # all at the centre: P(a) is 1 everywhere, the integral of |1 - a| a half
        (np.full(10, 5000.0), 0.0),  # all outside
        (np.full(10, 499.5), 0.5),  # all at the median: P(a) jumps from 0 to 1 there
    ],
)
def test_precision_by_hand(rows: np.ndarray, expected: float) -> None:
    assert abs(expected - agreement(within(np.arange(1000.0), rows))) < 0.003


def by_definition(reference: np.ndarray, rows: np.ndarray) -> tuple[float, float]:
    """Integrated precision and recall: every ball of the paper, one after the other."""
    shares = (np.arange(1000) + 0.5) / 1000

    def quantile(values: np.ndarray, share: float) -> float:
        return float(np.sort(values)[int(np.ceil(share * len(values))) - 1])

    centre, own_centre = reference.mean(axis=0), rows.mean(axis=0)
    typical, judged = (np.linalg.norm(points - centre, axis=1) for points in (reference, rows))
    own = np.linalg.norm(rows - own_centre, axis=1)
    apart = distances(reference, reference) + np.diag(np.full(len(reference), np.inf))
    near = distances(reference, rows) <= apart.min(axis=1)[:, None] + 1e-9
    precision = [(judged <= quantile(typical, a) + 1e-9).mean() for a in shares]
    recall = [near[:, own <= quantile(own, b) + 1e-9].any(axis=1).mean() for b in shares]
    return tuple(float(1 - 2 * np.abs(np.array(curve) - shares).mean()) for curve in (precision, recall))  # type: ignore[return-value]


@pytest.mark.parametrize("seed", range(4))
def test_both_are_those_of_the_definition(seed: int) -> None:
    real, rows = mixed(120, seed), mixed(120, 50 + seed)
    rows["x"] = rows["x"] * (1 + seed)
    points, others = embed(real, [rows], ["x", "k", "c"])
    precision, recall = by_definition(coordinates(real, real), coordinates(real, rows))
    # Rounding may change the order of two rows: one place of 120 at each of a few steps.
    assert abs(precision - alpha_precision.alpha_precision(points, others)) < 2 / 120
    assert abs(recall - beta_recall.beta_recall(points, nearest_neighbour(points), others)) < 2 / 120


def humps(n: int, seed: int, share: float = 0.5, width: float = 10) -> dict[str, list[object]]:
    """Two heaps of rows; `share` of the rows belong to the second."""
    rng = np.random.default_rng(seed)
    second = rng.random(n) < share
    x = rng.normal(0, width, (n, 2)) + np.where(second, 300, -300)[:, None]
    return {"a": x[:, 0].round(2).tolist(), "b": x[:, 1].round(2).tolist()}


COLUMNS = "a: decimal(2) b: decimal(2)"


def test_fresh_real_rows_score_as_the_floor_says(compare: Compare) -> None:
    comparison = compare(COLUMNS, humps(2000, 0), humps(500, 1), humps(500, 2), target="a")
    for metric, name in ((alpha_precision, "alpha_precision"), (beta_recall, "beta_recall")):
        found = metric.measure(comparison).values
        # Five or three draws give a rough spread only; rows scatter by about 1 / sqrt(n) in any case.
        assert abs(found[name] - found[f"{name}_floor"]) < 4 * max(found[f"{name}_spread"], 1 / np.sqrt(500) / 2)


def test_a_lost_half_of_the_rows_is_lost_recall(compare: Compare) -> None:
    comparison = compare(COLUMNS, humps(2000, 0), humps(500, 1, share=0.0), humps(500, 2), target="a")
    found = beta_recall.measure(comparison).values
    assert found["beta_recall"] < found["beta_recall_floor"] - 0.1


def test_rows_beyond_all_real_ones_are_lost_precision(compare: Compare) -> None:
    comparison = compare(COLUMNS, humps(2000, 0), humps(500, 1, width=400), humps(500, 2), target="a")
    found = alpha_precision.measure(comparison).values
    assert found["alpha_precision"] < found["alpha_precision_floor"] - 0.2


def test_without_test_rows_one_half_of_the_real_rows_is_the_reference(compare: Compare) -> None:
    real = humps(1000, 0)
    comparison = compare(COLUMNS, real, humps(500, 1), target="a")
    for metric, name in ((alpha_precision, "alpha_precision"), (beta_recall, "beta_recall")):
        found = metric.measure(comparison).values
        assert found[f"{name}_floor"] > found[name] / 2
        # The floor's rows are no copies of the reference, where recall would be 1.
        assert found[f"{name}_floor"] < 1

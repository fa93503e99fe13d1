"""The shares behind the charts: bins, levels, joints, and which pairs depend most on one another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from htdbu.evaluation.report.bins import common_bins
from htdbu.evaluation.report.dependence import cramers_v, strongest_pairs
from htdbu.evaluation.report.joints import joint_table
from htdbu.evaluation.report.levels import MOST_LEVELS, folded
from htdbu.evaluation.report.marginals import marginal


def test_bins_are_common_round_and_hold_all_cells() -> None:
    assert np.allclose(np.arange(0, 101, 5), common_bins(np.array([3.0, 104.9, 50.0]), whole=False)[:21])
    assert [17.5, 18.5, 19.5, 20.5] == common_bins(np.array([18.0, 20.0]), whole=True).tolist()
    assert [4.5, 5.5] == common_bins(np.array([5.0]), whole=True).tolist()
    wide = np.random.default_rng(0).integers(-(10**9), 10**9, 500).astype(float)
    edges = common_bins(wide, whole=True)
    assert edges[0] <= wide.min() <= wide.max() <= edges[-1]
    assert 100 > len(edges)


def test_outliers_do_not_flatten_a_histogram() -> None:
    values = np.concatenate([np.arange(1000.0), [1e9]])
    assert 2000 > common_bins(values, whole=False)[-1]
    assert "≥ " in marginal("k", "n", pd.Series(values), pd.Series(values)).chart


def test_rare_levels_are_shown_as_one_and_missing_only_where_it_occurs() -> None:
    levels = [*(f"l{k}" for k in range(30)), "(missing)"]
    weights = np.array([*np.arange(30.0), 0.0])
    labels, places = folded(levels, weights)
    assert [*(f"l{k}" for k in range(19, 30)), "19 others"] == labels
    assert MOST_LEVELS == len(labels)
    assert weights.sum() == sum(weights[place].sum() for place in places)
    assert ["l0", "(missing)"] == folded(["l0", "(missing)"], np.array([1.0, 0.5]))[0]
    assert ["l0"] == folded(["l0", "(missing)"], np.array([1.0, 0.0]))[0]


def test_the_joint_holds_the_shares_of_both_tables() -> None:
    real = pd.DataFrame({"y": [True, True, False, False], "s": ["a", "b", "b", "b"]})
    joint = joint_table(real, real.iloc[:2], ["y", "s"])
    assert (["false", "true"], ["a", "b"]) == (joint.rows, joint.columns)
    assert [[0.0, 0.5], [0.25, 0.25]] == joint.real.tolist()
    assert [[0.0, 0.0], [0.5, 0.5]] == joint.synthetic.tolist()


def coded(*columns: object) -> list[np.ndarray]:
    return [np.asarray(column, dtype=np.int64) for column in columns]


def test_cramers_v_is_one_for_a_function_and_nothing_for_chance() -> None:
    rng = np.random.default_rng(0)
    left, chance = coded(rng.integers(0, 4, 4_000), rng.integers(0, 5, 4_000))
    assert 1.0 == cramers_v(left, (left + 1) % 4, (4, 4))
    assert 0.03 > cramers_v(left, chance, (4, 5))
    assert 0.0 == cramers_v(left, left * 0, (4, 1))
    assert 0.0 == cramers_v(left[:1], left[:1], (4, 4))


def test_the_strongest_pairs_come_first_and_no_column_too_often() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(size=3_000)
    frame = pd.DataFrame(
        {f"x{k}": base + k * rng.normal(size=3_000) for k in range(1, 6)} | {"free": rng.random(3_000)}
    )
    pairs = strongest_pairs(frame, list(frame.columns), 4)
    assert ("x1", "x2") == pairs[0][0]
    strengths = [strength for _, strength in pairs]
    assert sorted(strengths, reverse=True) == strengths
    names = [name for pair, _ in pairs for name in pair]
    assert 2 == max(names.count(name) for name in names)
    assert "free" not in names
    assert [] == strongest_pairs(frame.iloc[:0], list(frame.columns), 4)
    assert [] == strongest_pairs(frame, ["x1"], 4)


def test_bins_of_many_values_do_not_tell_the_least_one() -> None:
    values = pd.DataFrame({"a": np.arange(1_000) + 0.123, "b": [1, 2] * 500})
    joint = joint_table(values, values, ["a", "b"])
    assert "< 100" == joint.rows[0]
    assert ["1", "2"] == joint.columns
    assert "0.123" not in "".join(joint.rows)

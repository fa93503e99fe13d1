"""Grown trees as arrays: the leaves and the sums of the libraries that grew them, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
import xgboost
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from htdbu.errors import DataError
from htdbu.generators.nodes import Trees, of_scikit_learn, of_xgboost
from htdbu.generators.stored import Stored


def features(seed: int, rows: int = 400) -> np.ndarray:
    """Whole and half ranks, and numbers that no single float holds exactly before they are cut to one."""
    rng = np.random.default_rng(seed)
    columns = [rng.integers(0, 9, rows), rng.integers(0, 50, rows) / 2, rng.normal(size=rows) * 1e5]
    return np.column_stack(columns).astype(np.float32)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 2**16), kind=st.sampled_from([DecisionTreeClassifier, DecisionTreeRegressor]))
def test_rows_fall_into_the_leaves_of_scikit_learn(seed: int, kind: type) -> None:
    seen = features(seed)
    made = kind(min_samples_leaf=3, random_state=0).fit(seen, (seen.sum(axis=1) > 20).astype(int)).tree_
    edges = np.repeat(seen[:1], made.node_count, axis=0)
    inner = np.flatnonzero(made.children_left >= 0)
    edges[inner, made.feature[inner]] = made.threshold[inner]
    both = np.concatenate([seen, edges, np.nextafter(edges, np.float32(np.inf))])
    assert made.apply(both).tolist() == of_scikit_learn(made).apply(both).tolist()


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**16), rounds=st.integers(1, 12))
def test_sums_are_those_of_xgboost(seed: int, rounds: int) -> None:
    seen, start = features(seed), np.random.default_rng(seed).normal(size=400).astype(np.float32)
    data = xgboost.DMatrix(seen, base_margin=start, label=seen[:, 1] > 12)
    booster = xgboost.train({"objective": "binary:logistic", "max_depth": 4, "nthread": 1}, data, rounds)
    assert booster.predict(data, output_margin=True).tolist() == of_xgboost(booster).add(start, seen).tolist()


def some_trees() -> Trees:
    seen = features(1)
    grown = [DecisionTreeRegressor(max_depth=depth).fit(seen, seen[:, 0]) for depth in (1, 3, 2)]
    return Trees.join([of_scikit_learn(tree.tree_) for tree in grown])


def test_trees_are_joined_split_and_restored() -> None:
    trees = some_trees()
    again = Trees.join(list(trees.split([1, 0, 2])))
    for other in (again, Trees.restore(Stored(trees.state()), 3)):
        assert trees.nodes.tolist() == other.nodes.tolist()
        assert trees.roots.tolist() == other.roots.tolist()
    assert 0 == Trees.join([]).roots.size


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("left", 0, 0),  # a root that is its own left child, yet not its right one
        ("left", 3, 1),  # back to the first tree
        ("right", 0, 3),  # into the next tree
        ("right", 2, 1),
        ("left", 1, -1),
        ("feature", 0, 3),
        ("feature", 0, -1),
        ("threshold", 0, np.nan),
        ("roots", 0, 1),
        ("roots", 2, 3),
        ("roots", 1, 10_000),
    ],
)
def test_trees_that_lead_astray_are_refused(name: str, place: int, value: float) -> None:
    state = {key: np.array(array) for key, array in some_trees().state().items()}
    state[name][place] = value
    with pytest.raises(DataError, match=name if name != "left" else "left|right"):
        Trees.restore(Stored(state), 3)


def test_arrays_of_another_kind_or_size_are_refused() -> None:
    state = dict(some_trees().state())
    for name, wrong in [("left", state["left"].astype(float)), ("right", state["right"][:-1]), ("roots", state)]:
        with pytest.raises(DataError, match=name):
            Trees.restore(Stored({**state, name: wrong}), 3)
    with pytest.raises(DataError, match="feature"):
        Trees.restore(Stored(state), 0)

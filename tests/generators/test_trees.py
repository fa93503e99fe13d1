"""How the forest and the boosted trees draw one column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from htdbu.generators import RandomForestGenerator, TreesGenerator, XGBoostGenerator
from htdbu.generators.leaves import Donors
from htdbu.generators.sequential import SequentialGenerator
from htdbu.generators.xgboost import Walk


def test_donors_lie_in_the_leaf_of_the_row() -> None:
    rng = np.random.default_rng(41)
    x = rng.random(2000)
    real = pd.DataFrame({"x": x, "y": np.floor(x * 4) + rng.random(2000) / 10})
    model = RandomForestGenerator(trees=5, random_state=1).fit(real)
    rows = model.sample(500, real[["x"]].iloc[:500])
    assert (np.floor(rows["y"]) == np.floor(rows["x"] * 4)).mean() > 0.97
    donors = model.models_[(1, (0,), ())]
    assert isinstance(donors, Donors)
    for tree in donors.trees:
        leaf = tree.tree.apply(model.rows_[:, :1].astype(np.float32))
        picked = tree.pick(model.rows_[:, :1].astype(np.float32), rng.random(len(leaf)))
        assert leaf.tolist() == leaf[picked].tolist()


def test_trees_split_where_the_column_depends() -> None:
    rng = np.random.default_rng(44)
    noise = pd.DataFrame(rng.random((3000, 8)), columns=[f"noise{i}" for i in range(8)])
    real = noise.assign(x=rng.random(3000), y=lambda frame: np.floor(frame["x"] * 4) + rng.random(3000) / 10)
    made = (RandomForestGenerator, TreesGenerator, XGBoostGenerator)
    for model in (kind(random_state=1) for kind in made):
        given = pd.DataFrame(rng.random((1000, 9)), columns=real.columns[:9])
        rows = model.fit(real).sample(1000, given)
        assert (np.floor(rows["y"]) == np.floor(rows["x"] * 4)).mean() > 0.9


@pytest.mark.parametrize("kind", [RandomForestGenerator, TreesGenerator])
def test_a_leaf_holds_enough_training_rows(kind: type[SequentialGenerator]) -> None:
    real = pd.DataFrame({"x": np.arange(300.0), "y": np.arange(300.0) ** 2})
    model = kind(min_leaf=50, random_state=1).fit(real)
    rows = model.sample(300, real[["x"]])
    assert len(np.unique(rows["y"] ** 0.5 // 50)) > 1
    assert np.abs(rows["y"] ** 0.5 - rows["x"]).max() > 20


def test_a_tree_splits_the_levels_of_a_category_by_what_is_drawn() -> None:
    rng = np.random.default_rng(45)
    code = rng.integers(0, 40, 6000)
    real = pd.DataFrame({"code": code.astype(str), "y": code * 7 % 40 < 20, "z": rng.choice(list("abc"), 6000)})
    real["z"] = np.where(code * 11 % 40 < 15, "a", real["z"])
    rows = TreesGenerator(min_leaf=1000, random_state=1).fit(real).sample(6000, real[["code"]])
    assert ((code * 7 % 40 < 20) == rows["y"]).all()
    assert (rows["z"][code * 11 % 40 < 15] == "a").all()


def test_a_category_of_many_levels_asks_no_more_questions_than_levels() -> None:
    rng = np.random.default_rng(42)
    code = rng.integers(0, 5000, 8000)
    real = pd.DataFrame({"odd": code % 2, "code": code.astype(str)})
    model = XGBoostGenerator(trees=3, random_state=1).fit(real)
    rows = model.sample(3000, real[["odd"]].iloc[:3000])
    walk = model.models_[(1, (0,), ())]
    assert isinstance(walk, Walk)
    assert len(walk.boosters) <= 7
    assert rows["code"].nunique() > 1500


def test_a_part_without_training_rows_is_drawn_by_its_share() -> None:
    real = pd.DataFrame({"x": np.arange(5000) % 7, "y": np.where(np.arange(5000) < 12, "rare", "often")})
    model = XGBoostGenerator(trees=3, max_rows=5, random_state=1).fit(real)
    rows = model.sample(20_000)
    assert 0 < (rows["y"] == "rare").sum() < 20_000 * 0.01


def test_two_threads_draw_what_one_draws() -> None:
    rng = np.random.default_rng(43)
    steps = rng.normal(size=(3000, 4)).cumsum(axis=1)
    real = pd.DataFrame(steps).assign(kind=rng.choice(list("abc"), 3000))
    for kind in (RandomForestGenerator, XGBoostGenerator):
        one, two = (kind(trees=20, random_state=3, threads=threads).fit(real).sample(2000) for threads in (1, 2))
        assert one.equals(two)

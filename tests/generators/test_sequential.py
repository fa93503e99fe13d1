"""Column by column: which columns, in which order, and what is kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from htdbu.generators import RandomForestGenerator, XGBoostGenerator, sequential
from htdbu.generators.sequential import SequentialGenerator


def chain(n: int = 500, columns: int = 6) -> pd.DataFrame:
    """Columns that each depend on the one before, in one long chain."""
    rng = np.random.default_rng(31)
    steps = rng.normal(size=(n, columns)).cumsum(axis=1)
    return pd.DataFrame(steps, columns=[f"c{i}" for i in range(columns)])


@pytest.fixture(params=[RandomForestGenerator, XGBoostGenerator])
def model(request: pytest.FixtureRequest) -> SequentialGenerator:
    """Both tree models, small, with two conditioning columns."""
    return request.param(trees=3, max_conditioning=2, random_state=1).fit(chain())


def test_nothing_is_trained_before_it_is_needed(model: SequentialGenerator) -> None:
    assert {} == model.models_


def test_what_is_trained_is_kept(model: SequentialGenerator) -> None:
    model.sample(10)
    trained = dict(model.models_)
    model.sample(20, random_state=5)
    assert trained == model.models_
    assert len(trained) == 6


def test_given_columns_in_drawing_order_ask_nothing_new(model: SequentialGenerator) -> None:
    model.sample(10)
    trained = dict(model.models_)
    first = chain().iloc[:10, model.order_[:3]]
    model.sample(10, first)
    assert trained == model.models_


def test_a_column_is_drawn_from_the_few_that_tell_most(model: SequentialGenerator) -> None:
    model.sample(10)
    assert [2] * 4 == sorted(len(conditions) for _, conditions, _ in model.models_)[2:]
    for target, conditions, _ in model.models_:
        before = model.order_[: model.order_.index(target)]
        best = sorted(before, key=lambda at: -model.dependence_[target, at])[:2]
        assert sorted(best) == list(conditions)


def test_given_columns_come_before_drawn_ones_however_late_in_order(model: SequentialGenerator) -> None:
    last = model.order_[-1]
    questions = {
        target: conditions for target, conditions, _ in model._questions([last], [at for at in range(6) if at != last])
    }
    nearest = int(np.argmax(model.dependence_[last]))
    assert last in questions[nearest]
    assert last not in questions


def test_the_models_kept_are_bounded(model: SequentialGenerator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequential, "KEPT_MODELS", 7)
    for at in range(6):
        model.sample(5, chain().iloc[:5, [at]])
    assert len(model.models_) <= 12
    assert set(model._questions([5], range(5))) <= set(model.models_)


def test_rows_drawn_in_chunks_are_all_drawn(model: SequentialGenerator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequential, "CHUNK", 7)
    assert chain().dtypes.equals(model.sample(50).dtypes)
    assert model.sample(50).notna().all(axis=None)


def test_training_rows_are_limited() -> None:
    assert 40 == len(XGBoostGenerator(trees=2, max_rows=40, random_state=1).fit(chain()).rows_)
    assert 500 == len(XGBoostGenerator(trees=2, max_rows=None, random_state=1).fit(chain()).rows_)
    forest = RandomForestGenerator(trees=2, max_rows=40, max_donors=90, random_state=1).fit(chain())
    assert 90 == len(forest.rows_)
    assert chain().dtypes.equals(forest.sample(20).dtypes)
    assert 500 == len(RandomForestGenerator(max_rows=40, max_donors=None).fit(chain()).rows_)

"""Saved networks: small files that load fast, and files from anybody."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from htdbu.errors import DataError
from htdbu.generators import create, fit, load
from htdbu.generators.fitted import FittedModel
from htdbu.generators.stored import State, Stored
from tests.generators.every import NEURAL, without_sdv

pytestmark = [without_sdv, pytest.mark.parametrize("name", NEURAL)]


def table() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    x = rng.normal(size=60).round(1)
    return pd.DataFrame({"x": x, "y": np.where(x > 0.5, np.nan, x + 1), "word": np.where(x > 0, "a", "b"), "one": 1})


@pytest.fixture(scope="module")
def models() -> dict[str, FittedModel]:
    return {name: fit(table(), generator=create(name, epochs=2, random_state=1)) for name in NEURAL}


def test_a_file_is_the_same_after_a_draw_and_after_a_load(
    name: str, models: dict[str, FittedModel], tmp_path: Path
) -> None:
    before = models[name].to_bytes()
    models[name].generator.sample(20, random_state=9)
    assert before == models[name].to_bytes()
    models[name].save(tmp_path / "a.model")
    assert before == load(tmp_path / "a.model").to_bytes()


def test_training_is_kept(name: str, models: dict[str, FittedModel]) -> None:
    untrained = create(name, epochs=1, random_state=1).fit(table()).sample(50, random_state=2)
    assert not models[name].generator.sample(50, random_state=2).equals(untrained)


def test_a_table_that_a_network_learns_nothing_of_is_kept_too(name: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"one": [1] * 6, "word": ["a"] * 6})
    model = fit(frame, generator=create(name, epochs=1, random_state=1))
    model.save(tmp_path / "a.model")
    rows = [each.generator.sample(6, random_state=1) for each in (model, load(tmp_path / "a.model"))]
    assert rows[0].equals(rows[1])
    assert frame.astype(str).equals(rows[1].astype(str))


def broken(state: State, rng: np.random.Generator) -> State:
    """The state with one of its arrays changed."""
    part = str(rng.choice(sorted(name for name, value in state.items() if len(value))))
    value = state[part]
    if not isinstance(value, np.ndarray):
        return {**state, part: broken(value, rng)}
    array = value.copy()
    places = tuple(int(rng.integers(size)) for size in array.shape)
    odd = [0.0, -1.0, 1e38, -1e38, np.inf, np.nan] if array.dtype.kind == "f" else [0, -1, 2**31]
    array[places] = rng.choice(odd)
    return {**state, part: array[:-1] if rng.random() < 0.3 else array}


def outcome(name: str, state: State) -> str:
    """What comes of a state: the message, or `read` where rows could be drawn."""
    try:
        made = create(name, epochs=2, random_state=1).restore(table(), Stored(state))
    except DataError as error:
        return error.message
    return "read" if len(made.sample(30, random_state=1)) == 30 else "cut"


def test_changed_arrays_are_refused_or_harmless(name: str, models: dict[str, FittedModel]) -> None:
    rng, state = np.random.default_rng(3), models[name].generator.state()
    found = [outcome(name, broken(state, rng)) for _ in range(25)]
    refused = [message for message in found if message != "read"]
    assert len(refused) > 5
    for message in refused:
        assert "is not what a model of this kind has" in message or "read otherwise" in message

"""What the networks learn, and that using them leaves nothing behind."""

from __future__ import annotations

import random
import warnings
from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from htdbu.errors import UsageError
from htdbu.generators import Generator, create
from tests.generators.every import NEURAL, without_sdv

pytestmark = [without_sdv, pytest.mark.parametrize("name", NEURAL)]
N = 1_500
EPOCHS = {"ctgan": 160, "tvae": 60}  # a GAN learns nothing at first


def real() -> pd.DataFrame:
    """P(x = a) = .5; y is true for 9 in 10 of a, 1 in 10 of b; z is near 0 for a, near 10 for b; gaps follow y."""
    rng = np.random.default_rng(31)
    x = rng.choice(["a", "b"], N)
    y = rng.random(N) < np.where(x == "a", 0.9, 0.1)
    z = np.where(x == "a", 0, 10) + rng.normal(size=N)
    return pd.DataFrame({"x": x, "y": y, "z": z, "w": np.where(y, np.nan, z)})


@pytest.fixture(scope="module")
def learned() -> dict[str, Generator]:
    return {name: create(name, epochs=EPOCHS[name], random_state=1).fit(real()) for name in NEURAL}


def test_strong_bonds_are_learned(name: str, learned: dict[str, Generator]) -> None:
    rows = learned[name].sample(N)
    a, b = rows[rows["x"] == "a"], rows[rows["x"] == "b"]
    assert min(len(a), len(b)) > N / 5
    assert a["y"].mean() - b["y"].mean() > 0.4
    assert b["z"].mean() - a["z"].mean() > 5
    assert rows.loc[rows["y"], "w"].isna().mean() - rows.loc[~rows["y"], "w"].isna().mean() > 0.4


def test_what_is_given_shapes_the_rest(name: str, learned: dict[str, Generator]) -> None:
    word = pd.DataFrame({"x": ["a", "b"] * (N // 2)})
    rows = learned[name].sample(N, word).groupby("x")
    assert rows["y"].mean()["a"] - rows["y"].mean()["b"] > 0.4
    number = learned[name].sample(N, pd.DataFrame({"z": [0.0, 10.0] * (N // 2)}))
    assert (number["x"][::2] == "a").mean() - (number["x"][1::2] == "a").mean() > 0.6


def test_global_random_states_and_threads_stay_as_they_are(name: str) -> None:
    torch = import_module("torch")

    def states() -> list[object]:
        return [random.getstate(), str(np.random.get_state()), torch.get_rng_state().tolist(), torch.get_num_threads()]

    before = states()
    create(name, epochs=1, random_state=1).fit(real()[:50]).sample(5)
    assert before == states()


def test_nothing_is_printed_warned_or_shown(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    wide = pd.DataFrame(np.random.default_rng(1).choice(list("abcdefghijklmnopqrst"), (200, 60)))  # SDV prints of such
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        create(name, epochs=1, random_state=1).fit(wide).sample(5)
    assert ([], ("", "")) == (caught, capfd.readouterr())


def test_an_interruption_passes_through(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = import_module("torch")
    before = torch.get_rng_state()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    model = create(name, epochs=1, random_state=1)
    monkeypatch.setattr(torch.optim.Adam, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.fit(real()[:50])
    assert torch.equal(before, torch.get_rng_state())


def test_epochs_are_one_or_more(name: str) -> None:
    with pytest.raises(UsageError, match="epochs is 0"):
        create(name, epochs=0)

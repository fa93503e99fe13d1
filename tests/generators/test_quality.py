"""What generators learn, against known truths.

Bounds are five standard errors: a share p learned from N rows and measured on n has the variance
p (1 - p) (1 / N + 1 / n), and one seed in a million would miss by more.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from htdbu.generators import create
from tests.generators.every import EXACT

N = 4_000
BOTH = 2 / N  # variance of a sum of a mean over the real and one over the drawn rows
JOINT = [name for name in EXACT if name != "independent"]
TREES = [name for name in JOINT if name != "gaussian-copula"]  # a copula knows rising and falling alone


def close(expected: float, share: float, effective: float = BOTH) -> bool:
    return abs(expected - share) <= 5 * np.sqrt(expected * (1 - expected) * effective)


def pair(n: int = N) -> pd.DataFrame:
    """P(x = a) = .5; P(y | a) = .9, P(y | b) = .2; z missing with P = .6 where y, else .1, else normal."""
    rng = np.random.default_rng(11)
    x = rng.choice(["a", "b"], n)
    y = rng.random(n) < np.where(x == "a", 0.9, 0.2)
    z = np.where(rng.random(n) < np.where(y, 0.6, 0.1), np.nan, rng.normal(size=n))
    return pd.DataFrame({"z": z, "x": x, "y": y})


def line(n: int = N) -> pd.DataFrame:
    """u normal, v = u + e / 2 with e normal: correlation .894."""
    rng = np.random.default_rng(12)
    u = rng.normal(size=n)
    return pd.DataFrame({"u": u, "v": u + rng.normal(size=n) / 2})


@pytest.mark.parametrize("name", EXACT)
def test_every_column_keeps_its_own_shares(name: str) -> None:
    rng = np.random.default_rng(13)
    shares = {"p": 0.55, "q": 0.3, "r": 0.1, "s": 0.05}
    letters = rng.choice(list(shares), N, p=list(shares.values()))
    real = pd.DataFrame(
        {
            "letter": letters,
            "spike": np.where(rng.random(N) < 0.8, -1.0, rng.normal(5, 1, N)),
            "null": np.where(rng.random(N) < 0.15, None, letters),
        }
    )
    rows = create(name, random_state=1).fit(real).sample(N)
    assert [] == [x for x, p in shares.items() if not close(p, (rows["letter"] == x).mean())]
    assert close(0.8, (rows["spike"] == -1).mean())
    assert close(0.2 * 0.5, (rows["spike"] > 5).mean())
    assert close(0.15, rows["null"].isna().mean())


@pytest.mark.parametrize("name", JOINT)
def test_shares_depend_on_other_columns(name: str) -> None:
    rows = create(name, random_state=1).fit(pair()).sample(N)
    for x, p in (("a", 0.9), ("b", 0.2)):
        assert close(p, rows.loc[rows["x"] == x, "y"].mean(), 2 * BOTH)


@pytest.mark.parametrize("name", TREES)
def test_missing_cells_depend_on_other_columns(name: str) -> None:
    rows = create(name, random_state=1).fit(pair()).sample(N)
    for y, p in ((True, 0.6), (False, 0.1)):
        assert close(p, rows.loc[rows["y"] == y, "z"].isna().mean(), 2 * BOTH)


@pytest.mark.parametrize("name", JOINT)
@pytest.mark.parametrize(("y", "p"), [(True, 0.45 / 0.55), (False, 0.05 / 0.45)])
def test_any_column_can_be_given(name: str, y: bool, p: float) -> None:
    rows = create(name, random_state=1).fit(pair()).sample(N, pd.DataFrame({"y": [y] * N}))
    assert close(p, (rows["x"] == "a").mean(), 1 / N + 2 / N)


def test_the_independent_generator_keeps_no_dependence() -> None:
    rows = create("independent", random_state=1).fit(pair()).sample(N)
    for x in "ab":
        assert close(0.55, rows.loc[rows["x"] == x, "y"].mean(), 2 * BOTH)


@pytest.mark.parametrize("name", JOINT)
def test_numbers_stay_correlated(name: str) -> None:
    real = line()
    rows = create(name, random_state=1).fit(real).sample(N)
    r = float(spearmanr(real["u"], real["v"]).statistic)
    assert abs(r - spearmanr(rows["u"], rows["v"]).statistic) <= 5 * (1 - r**2) * np.sqrt(BOTH)


@pytest.mark.parametrize("name", JOINT)
def test_values_are_drawn_and_not_predicted(name: str) -> None:
    u = np.linspace(-1, 1, N)
    rows = create(name, random_state=1).fit(line()).sample(N, pd.DataFrame({"u": u}))
    assert abs((rows["v"] - u).mean()) <= 0.1
    assert 0.4 <= (rows["v"] - u).std() <= 0.6


@pytest.mark.parametrize("name", TREES)
def test_an_interaction_of_two_columns_is_learned(name: str) -> None:
    rng = np.random.default_rng(14)
    a, b = rng.random(N) < 0.5, rng.random(N) < 0.5
    real = pd.DataFrame({"a": a, "b": b, "c": (a ^ b) ^ (rng.random(N) < 0.1)})
    rows = create(name, random_state=1).fit(real).sample(N)
    assert close(0.9, (rows["a"] ^ rows["b"] == rows["c"]).mean())

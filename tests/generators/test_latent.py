"""The normal variables behind a Gaussian copula."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from htdbu.generators import GaussianCopulaGenerator
from htdbu.generators.latent import FLOOR, bounds, correlation, hermite, scores, truncated
from htdbu.generators.table import Column, Table

N = 20_000


def normals(r: float) -> tuple[np.ndarray, np.ndarray]:
    x, e = np.random.default_rng(21).normal(size=(2, N))
    return x, r * x + np.sqrt(1 - r**2) * e


def found(**columns: np.ndarray) -> np.ndarray:
    table, ranks = Table.learn(pd.DataFrame(columns))
    return correlation(table.columns, ranks)


@pytest.mark.parametrize("r", [-0.9, -0.3, 0.0, 0.6, 0.95])
@pytest.mark.parametrize("cuts", [[0.0], [1.5], [-1.0, 0.0, 0.2], None])
def test_the_correlation_behind_cut_columns_is_found(r: float, cuts: list[float] | None) -> None:
    x, y = normals(r)
    seen = x if cuts is None else np.digitize(x, cuts)
    # Two medians give r = sin(pi/2 phi) with deviation pi/2 / sqrt(N); a cut at 1.5 leaves a quarter of that power.
    assert abs(r - found(x=seen, y=np.digitize(y, [0.0]))[0, 1]) < 5 * 2 * (np.pi / 2) / np.sqrt(N)


def test_a_median_cut_has_the_scores_and_coefficients_of_the_books() -> None:
    column, _ = Column.learn(pd.Series([0, 1] * 50))
    low, high = bounds(column)
    assert [-np.inf, 0] == low.tolist()
    assert [0, np.inf] == high.tolist()
    half = np.sqrt(2 / np.pi)
    np.testing.assert_allclose(scores(column), [-half, half])
    np.testing.assert_allclose(hermite(column)[:4], [2 / np.pi, 0, -2 / np.pi / np.sqrt(6), 0], atol=1e-12)


def test_contradicting_columns_still_give_a_definite_matrix() -> None:
    rng = np.random.default_rng(22)
    x = rng.normal(size=40)
    matrix = found(**{f"c{i}": x if i % 2 else rng.normal(size=40) for i in range(60)})
    np.testing.assert_allclose(np.diag(matrix), 1)
    assert np.linalg.eigvalsh(matrix).min() > FLOOR / 10
    assert np.abs(matrix).max() <= 1 + 1e-12


def test_constants_and_few_rows_give_no_correlation() -> None:
    x = np.arange(10.0)
    assert np.eye(2).tolist() == found(x=x, one=np.ones(10)).tolist()
    assert np.eye(2).tolist() == found(x=x[:1], y=x[:1]).tolist()


def test_truncated_draws_stay_inside_and_far_tails_stay_finite() -> None:
    uniforms = np.linspace(0, 1, 50, endpoint=False)
    for low, high in ((-np.inf, -3.0), (0.5, 0.7), (2.0, np.inf), (-np.inf, np.inf)):
        drawn = truncated(np.full(50, low), np.full(50, high), 20.0, 0.1, uniforms)
        assert np.isfinite(drawn).all()
        assert ((drawn >= low) & (drawn <= high)).all()
    free = truncated(np.full(50, -np.inf), np.full(50, np.inf), 1.0, 2.0, uniforms[1:2])
    np.testing.assert_allclose(free, 1 + 2 * ndtri(uniforms[1]))


def test_two_given_columns_are_weighed_together() -> None:
    x, y = normals(0.8)
    z = x + y + np.random.default_rng(23).normal(size=N)
    real = pd.DataFrame({"x": np.digitize(x, [0.0]), "y": np.digitize(y, [0.0]), "z": z})
    rows = GaussianCopulaGenerator(random_state=1).fit(real).sample(N, real[["x", "y"]])
    for group, share in real.groupby(["x", "y"]):
        here = (real["x"] == group[0]) & (real["y"] == group[1])
        bound = 5 * z.std() * np.sqrt(2 / len(share))
        assert abs(share["z"].mean() - rows.loc[here, "z"].mean()) < bound

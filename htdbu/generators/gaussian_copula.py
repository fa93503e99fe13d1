"""A Gaussian copula: every column's own distribution, tied together by one correlation matrix."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from htdbu.generators.arrays import Floats, Ranks
from htdbu.generators.base import TableGenerator
from htdbu.generators.draws import draw_by_uniform, stream
from htdbu.generators.latent import bounds, correlation, truncated
from htdbu.generators.stored import State, Stored
from htdbu.generators.table import Column

SWEEPS = 10  # of Gibbs sampling over the given columns; few suffice, since most of what is given is exact
MANY = 100  # given columns from which on two sweeps have to do


class GaussianCopulaGenerator(TableGenerator):
    """Draws all columns at once from a multivariate normal, cut at each column's own shares.

    Numbers keep their order on the normal line, categories stand by falling frequency, and "missing" is a
    value of its own at the upper end. What is given fixes its interval of the line; the rest follows from the
    conditional normal.
    """

    correlation_: Floats

    def _learn(self, ranks: Ranks) -> None:
        self.correlation_ = correlation(self.table_.columns, ranks)

    def _state(self) -> State:
        return {"correlation": self.correlation_}

    def _restore(self, ranks: Ranks, stored: Stored) -> None:
        self.correlation_ = stored.floats("correlation", (ranks.shape[1], ranks.shape[1]))
        if not np.allclose(self.correlation_, self.correlation_.T) or np.linalg.eigvalsh(self.correlation_)[0] <= 0:
            raise stored.damaged("correlation")

    def fill(
        self, ranks: Ranks, known: Mapping[int, pd.Series[Any]], seed: int, wanted: Collection[int]
    ) -> dict[int, pd.Series[Any]]:
        """Draw the wanted columns, all at once; see `TableGenerator.fill`."""
        rng = stream(seed, 0)
        given = sorted(known)
        drawn = sorted(wanted)
        if not drawn:
            return {}
        among = self.correlation_[np.ix_(given, given)]
        weights = np.linalg.solve(among, self.correlation_[np.ix_(given, drawn)])
        latent = self._latent(ranks, given, np.linalg.inv(among).astype(np.float64), rng)
        rest = self.correlation_[np.ix_(drawn, drawn)] - self.correlation_[np.ix_(drawn, given)] @ weights
        root = np.linalg.cholesky(rest)
        normal = latent @ weights + rng.standard_normal((len(ranks), len(drawn))) @ root.T
        for at, values in zip(drawn, normal.T, strict=True):
            ranks[:, at] = draw_by_uniform(self.table_.columns[at].ends, ndtr(values))
        return self._substituted(ranks, seed, wanted)

    def _latent(self, ranks: Ranks, given: list[int], precision: Floats, rng: np.random.Generator) -> Floats:
        """Normal values of the given cells, drawn jointly within their intervals, (rows, given)."""
        limits = [_interval(self.table_.columns[at], ranks[:, at]) for at in given]
        latent = np.zeros((len(ranks), len(given)))
        for sweep in range(1 + (SWEEPS if len(given) < MANY else 2) * (len(given) > 1)):
            for j, (low, high) in enumerate(limits):
                spread = 1.0 if sweep == 0 else 1 / np.sqrt(precision[j, j])
                mean = 0.0 if sweep == 0 else latent[:, j] - latent @ precision[j] / precision[j, j]
                latent[:, j] = truncated(low, high, mean, spread, rng.random(len(ranks)))
        return latent


def _interval(column: Column, ranks: Ranks) -> tuple[Floats, Floats]:
    """Where on the normal line these cells lie: anywhere for an unknown value, a point between two numbers."""
    lower, upper = bounds(column)
    below = np.where(np.isnan(ranks), 0, np.ceil(ranks)).clip(0, len(lower) - 1).astype(np.int64)
    above = np.where(np.isnan(ranks), 0, np.floor(ranks)).clip(0, len(lower) - 1).astype(np.int64)
    unknown = np.isnan(ranks)
    return np.where(unknown, -np.inf, lower[below]), np.where(unknown, np.inf, upper[above])

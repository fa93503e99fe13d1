"""Columns as cuts of a standard normal variable: the marginals and correlations of a Gaussian copula.

A column cuts the line into one interval per symbol, in rank order, of the symbol's probability. All formulas
are for a pair of standard normals x, y with correlation r, of which only the intervals are seen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from htdbu.generators.arrays import Floats, Ranks
from htdbu.generators.table import Column

TERMS = 24  # of Mehler's series
FLOOR = 1e-4  # the least eigenvalue a correlation matrix is left with


def bounds(column: Column) -> tuple[Floats, Floats]:
    """Lower and upper end of each symbol's interval on the normal line."""
    ends = ndtri(column.ends)
    return np.concatenate([[-np.inf], ends[:-1]]), ends


def scores(column: Column) -> Floats:
    """The mean of the normal variable within each symbol's interval."""
    low, high = bounds(column)
    means: Floats = (_density(low) - _density(high)) * column.counts.sum() / column.counts
    return means


def hermite(column: Column) -> Floats:
    """(TERMS,) coefficients of the column's score, a step function of x, in normalised Hermite polynomials.

    The integral of h_k phi from a to b is (h_{k-1} phi)(a) - (h_{k-1} phi)(b), over the root of k.
    """
    low, high = bounds(column)
    steps, found = scores(column), np.empty(TERMS)
    below, above = _hermite_functions(low), _hermite_functions(high)
    for k in range(1, TERMS + 1):
        found[k - 1] = np.sum(steps * (below[k - 1] - above[k - 1])) / np.sqrt(k)
    return found


def _density(x: Floats) -> Floats:
    density: Floats = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    return density


def _hermite_functions(x: Floats) -> list[Floats]:
    """h_k(x) phi(x) for k < TERMS, normalised (E[h_k(x)^2] = 1); 0 at the infinities."""
    finite = np.where(np.isfinite(x), x, 0)
    values = [np.where(np.isfinite(x), _density(x), 0)]
    for k in range(1, TERMS):
        last = values[-2] * np.sqrt(k - 1) if k > 1 else 0
        values.append((finite * values[-1] - last) / np.sqrt(k))
    return values


def correlation(columns: tuple[Column, ...], ranks: Ranks) -> Floats:
    """The positive definite correlations, (columns, columns), that explain how the columns' scores co-vary.

    For each pair r solves mean(s x t) = sum_k r^k a_k b_k (Mehler 1866; a, b from `hermite`), so ties and atoms
    do not weaken it. Sampling noise is shrunk away (Schäfer and Strimmer 2005, target: no correlation), then
    eigenvalues below FLOOR are raised to it.
    """
    seen = np.column_stack(
        [scores(column)[cells.astype(np.int64)] for column, cells in zip(columns, ranks.T, strict=True)]
    )
    moments = seen.T @ seen / len(seen)
    coefficients = np.array([hermite(column) for column in columns])
    rows = [_solve(own * coefficients, wanted) for own, wanted in zip(coefficients, moments, strict=True)]
    solved = np.array(rows)
    np.fill_diagonal(solved, 0)
    return _definite(np.eye(len(columns)) + _shrunk((solved + solved.T) / 2, len(seen)))


def _solve(products: Floats, wanted: Floats) -> Floats:
    """Per row the r in [-1, 1] with sum_k r^k products[k - 1] = wanted, by bisection; the sum rises with r."""
    low, high = np.full(len(wanted), -1.0), np.ones(len(wanted))
    for _ in range(30):
        middle, total = (low + high) / 2, np.zeros(len(wanted))
        for term in products.T[::-1]:
            total = (total + term) * middle
        low, high = np.where(total < wanted, middle, low), np.where(total < wanted, high, middle)
    constant = np.all(products == 0, axis=1)
    return np.where(constant, 0, (low + high) / 2)


def _shrunk(correlations: Floats, n: int) -> Floats:
    """Off-diagonal correlations (diagonal 0) of n rows, shrunk by their estimated noise."""
    power = np.sum(correlations**2)
    noise = np.sum((1 - correlations**2) ** 2 * (correlations != 0)) / max(n - 1, 1)
    return correlations * max(0.0, 1 - noise / power) if power > 0 and n > 1 else np.zeros_like(correlations)


def _definite(matrix: Floats) -> Floats:
    """The matrix with eigenvalues of at least FLOOR, scaled back to a diagonal of ones."""
    values, vectors = np.linalg.eigh(matrix)
    raised = (vectors * np.maximum(values, FLOOR)) @ vectors.T
    scale = np.sqrt(np.diag(raised))
    scaled: Floats = raised / np.outer(scale, scale)
    return scaled


def truncated(low: Floats, high: Floats, mean: Any, deviation: float, uniforms: Floats) -> Floats:
    """Normal draws of this mean and deviation, each within its own [low, high]."""
    below, above = ndtr((low - mean) / deviation), ndtr((high - mean) / deviation)
    drawn = mean + deviation * ndtri(below + uniforms * (above - below))
    clipped: Floats = np.clip(np.clip(drawn, -9, 9), low, high)
    return clipped

"""Real rows in parts that share no row: what metrics are held against, and what their noise floors are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from htdbu.evaluation.comparison import Comparison


def some(table: pd.DataFrame, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """At most `n` of the rows, drawn without replacement, in their order."""
    return table.iloc[np.sort(rng.permutation(len(table))[:n])]


def reference_and_rest(comparison: Comparison, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Real rows to hold a table against, and other real rows to draw a noise floor from.

    The test rows and the real ones where there are test rows; else two halves of the real ones.
    """
    if comparison.test is not None and len(comparison.test):
        return comparison.test, comparison.real
    order, half = rng.permutation(len(comparison.real)), (len(comparison.real) + 1) // 2
    first, second = (comparison.real.iloc[np.sort(rows)] for rows in (order[:half], order[half:]))
    return first, second


@dataclass(frozen=True)
class Trial:
    """Three typed tables without a common row: rows learned from, unseen rows, as many, and rows to judge."""

    learned: pd.DataFrame
    unseen: pd.DataFrame
    judged: pd.DataFrame


def real_trial(real: pd.DataFrame, test: pd.DataFrame, n: int, judged: int, rng: np.random.Generator) -> Trial | None:
    """A trial of real rows alone, in which nothing was learned; None where there are too few of them.

    Args:
        n: how many learned and how many unseen rows there are at most; at most half of the real rows is taken.
        judged: how many rows of the rest are judged at most.
    """
    size = min(n, len(test), len(real) // 2)
    if not size:
        return None
    order = rng.permutation(len(real))
    rest = real.iloc[np.sort(order[size : size + judged])]
    return Trial(real.iloc[np.sort(order[:size])], some(test, size, rng), rest)


def beyond_chance(scores: list[float]) -> float | None:
    """A floor for a score that is 0.5 where nothing is to be found: 0.5 and how far scores stray from it on average."""
    return 0.5 + float(np.mean([abs(score - 0.5) for score in scores])) if scores else None

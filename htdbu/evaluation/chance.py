"""What chance alone explains: the limits that a measure is held against where its distribution is known.

Each limit lies three standard deviations from what is expected if nothing is wrong.
"""

from __future__ import annotations

import math

import numpy as np

from htdbu.solver.typed_cells import Floats

DEVIATIONS = 3.0
_KOLMOGOROV_MEAN = math.sqrt(math.pi / 2) * math.log(2)
_KOLMOGOROV_DEVIATION = math.sqrt(math.pi**2 / 12 - _KOLMOGOROV_MEAN**2)
_HALF_NORMAL_MEAN = math.sqrt(2 / math.pi)
_HALF_NORMAL_DEVIATION = math.sqrt(1 - 2 / math.pi)


def auc_limit(positives: int, negatives: int) -> float:
    """The largest AUC of a classifier that knows nothing, on so many rows of either kind.

    Under equality the variance of the AUC is (m + n + 1) / (12 m n) (Mann and Whitney 1947).
    """
    variance = (positives + negatives + 1) / (12 * positives * negatives)
    return min(0.5 + DEVIATIONS * math.sqrt(variance), 1.0)


def half_limit(rows: int) -> float:
    """The largest share of rows that a fair coin chooses."""
    return min(0.5 + DEVIATIONS * 0.5 / math.sqrt(rows), 1.0)


def count_limit(expected: float) -> float:
    """The largest count, where rare and independent events make `expected` (Poisson)."""
    return expected + DEVIATIONS * math.sqrt(expected)


def ks_noise(rows: int) -> tuple[float, float]:
    """The mean Kolmogorov-Smirnov distance of so many rows from what they were drawn from, and its limit.

    By Kolmogorov's limit distribution; columns of few values stray less.
    """
    mean, deviation = _KOLMOGOROV_MEAN, _KOLMOGOROV_DEVIATION
    return mean / math.sqrt(rows), (mean + DEVIATIONS * deviation) / math.sqrt(rows)


def tv_noise(shares: Floats, rows: int) -> tuple[float, float]:
    """The same for the total variation distance of levels with these shares.

    Half the sum of |normal| errors of each share; for the limit they are taken to err together, the worst case.
    """
    spread = float(np.sqrt(shares * (1 - shares) / rows).sum()) / 2
    return _HALF_NORMAL_MEAN * spread, (_HALF_NORMAL_MEAN + DEVIATIONS * _HALF_NORMAL_DEVIATION) * spread

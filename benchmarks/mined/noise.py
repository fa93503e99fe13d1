"""Tables of independent columns, in which there is nothing to be found, and one with very many of them."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from htdbu.providers.base import Request
from htdbu.providers.mined import MinedProvider

WIDE = (5_000, 300)


def noise(seed: int, rows: int, columns: int) -> pd.DataFrame:
    """Independent columns: even, normal, skewed and discrete numbers, categories, truth values, dates, nulls."""
    rng = np.random.default_rng(seed)
    makers = (
        lambda: rng.normal(size=rows).round(3),
        lambda: rng.exponential(100, rows).round(2),
        lambda: rng.integers(0, rng.integers(2, 200), rows),
        lambda: rng.choice(list("abcdefg"), rows, p=rng.dirichlet(np.ones(7))),
        lambda: rng.random(rows) < rng.random(),
        lambda: np.where(rng.random(rows) < rng.random(), 0, rng.lognormal(3, 1, rows).round(2)),
        lambda: pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 3_000, rows), unit="D"),
        lambda: np.where(rng.random(rows) < 0.4, None, rng.choice(["x", "y"], rows)),
        lambda: rng.poisson(2, rows),
    )
    return pd.DataFrame({f"c{i}": makers[int(rng.integers(len(makers)))]() for i in range(columns)})


def invented(tables: int) -> int:
    """How many rules are found in all of so many tables of 200 to 5,000 rows and 3 to 13 columns."""
    found = 0
    for seed in range(tables):
        rng = np.random.default_rng(seed)
        frame = noise(seed, int(rng.choice([200, 1_000, 5_000])), int(rng.integers(3, 14)))
        found += len(MinedProvider().draft(Request(frame)).told["rules"])
    return found


def cpu_of(frame: pd.DataFrame) -> float:
    """Seconds of CPU that a draft takes, all threads together."""
    started = time.process_time()
    MinedProvider().draft(Request(frame))
    return time.process_time() - started

"""Tables that keep no rule, of independent columns and of others, and one with very many columns."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

import htdbu
from htdbu.generators.arrays import Floats
from htdbu.providers.base import Request
from htdbu.providers.mined import MinedProvider

WIDE = (5_000, 300)
Source = Callable[[int, int, int], pd.DataFrame]
_COLUMNS, _WARM, _FRESH = 8, 500, 20_000


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


def hidden(source: int, seed: int, rows: int) -> pd.DataFrame:
    """Columns that one hidden variable moves, each by its own share, and that keep no rule."""
    rng, drawn = np.random.default_rng(source), np.random.default_rng((source, seed))
    common = drawn.normal(size=rows)
    shares = rng.uniform(0.3, 1.5, _COLUMNS) * rng.choice([-1, 1], _COLUMNS)
    return _shown([share * common + drawn.normal(size=rows) for share in shares], rng)


def slow(source: int, seed: int, rows: int) -> pd.DataFrame:
    """Columns that are independent, but of which each row depends on the one before it: an autoregression."""
    rng, drawn = np.random.default_rng(source), np.random.default_rng((source, seed))
    found = []
    for memory in rng.uniform(0.9, 0.99, _COLUMNS):
        steps = drawn.normal(size=rows + _WARM)
        for i in range(1, steps.size):
            steps[i] += memory * steps[i - 1]
        found.append(steps[_WARM:] * np.sqrt(1 - memory**2))
    return _shown(found, rng)


def _shown(columns: list[Floats], rng: np.random.Generator) -> pd.DataFrame:
    """Numbers around zero as numbers with a tail on both sides or on one, whole numbers, or classes."""
    kinds = (
        lambda x: (100 * x).round(1),
        lambda x: np.exp(3 + x).round(2),
        lambda x: np.floor(40 + 10 * x).astype(np.int64),
        lambda x: np.array(list("abcd"))[np.digitize(x, [-1.5, 0, 1.5])],
    )
    return pd.DataFrame({f"c{i}": kinds[int(rng.integers(len(kinds)))](x) for i, x in enumerate(columns)})


SOURCES: dict[Source, str] = {hidden: "columns moved by one hidden variable", slow: "rows that resemble the row before"}
"""Tables that keep no rule, but not of independent cells: made of a source, a seed and a number of rows."""


def broken(source: Source, tables: int) -> list[float]:
    """For each hard rule that is mined from tables of a source the share of fresh rows it is about that break it."""
    found = []
    for k in range(tables):
        frame = source(k, 0, (300, 1_500, 6_000)[k % 3])
        program = htdbu.compile_text(MinedProvider().draft(Request(frame)).text)
        report = program.check(source(k, 1, _FRESH))
        found += [rule.fail / max(rule.fired, 1) for rule in report.rules if rule.kind == "hard"]
    return found


def cpu_of(frame: pd.DataFrame) -> float:
    """Seconds of CPU that a draft takes, all threads together."""
    started = time.process_time()
    MinedProvider().draft(Request(frame))
    return time.process_time() - started

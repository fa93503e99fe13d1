"""Small tables in which one rule of each kind is planted among columns that have nothing to do with each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

ROWS = 2_000
Planted = Callable[[np.random.Generator], pd.DataFrame]


def _days(rng: np.random.Generator, low: int, high: int) -> pd.Series:
    return pd.Series(pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(low, high, ROWS), unit="D"))


def key(rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({"n": 5_000 + rng.permutation(ROWS), "x": rng.integers(0, 9, ROWS)})


def pair(rng: np.random.Generator) -> pd.DataFrame:
    codes = rng.permutation(100 * 40)[:ROWS]
    return pd.DataFrame({"shop": codes // 40, "till": codes % 40})


def total(rng: np.random.Generator) -> pd.DataFrame:
    parts = rng.integers(100, 99_999, (ROWS, 2))
    return pd.DataFrame({"net": parts[:, 0] / 100, "tax": parts[:, 1] / 100, "gross": parts.sum(axis=1) / 100})


def dependency(rng: np.random.Generator) -> pd.DataFrame:
    town = rng.integers(0, 30, ROWS)
    return pd.DataFrame({"town": town, "region": rng.permutation(np.arange(30) % 5)[town].astype(str)}).replace(
        {"region": {str(i): f"r{i}" for i in range(5)}}
    )


def order(rng: np.random.Generator) -> pd.DataFrame:
    low = rng.integers(0, 10_000, ROWS)
    return pd.DataFrame({"low": low / 100, "high": (low + rng.integers(0, 10_000, ROWS)) / 100})


def later(rng: np.random.Generator) -> pd.DataFrame:
    start = _days(rng, 0, 1_000)
    return pd.DataFrame({"start": start, "end": start + pd.to_timedelta(rng.integers(90, 200, ROWS), unit="D")})


def ratio(rng: np.random.Generator) -> pd.DataFrame:
    income = rng.integers(100_000, 9_000_000, ROWS)
    return pd.DataFrame({"income": income / 100, "rent": (income * rng.uniform(0, 0.3, ROWS)).astype(int) / 100})


def ceiling(rng: np.random.Generator) -> pd.DataFrame:
    age = rng.integers(18, 66, ROWS)
    most = np.select([age < 30, age < 50], [2_500, 5_000], 9_000)
    return pd.DataFrame({"age": age, "pay": (rng.uniform(0, 1, ROWS) * most * 100).astype(int) / 100})


def by_class(rng: np.random.Generator) -> pd.DataFrame:
    job = rng.choice(["pupil", "clerk", "retired"], ROWS)
    low, high = ({"pupil": 6, "clerk": 16, "retired": 60}, {"pupil": 20, "clerk": 67, "retired": 90})
    age = [int(rng.integers(low[j], high[j] + 1)) for j in job]
    return pd.DataFrame({"job": job, "age": age})


def implication(rng: np.random.Generator) -> pd.DataFrame:
    failed = rng.random(ROWS) < 0.3
    grade = np.where(failed, rng.choice(["C", "D"], ROWS), rng.choice(["A", "B", "C", "D"], ROWS))
    return pd.DataFrame({"failed": failed, "grade": grade})


def almost(rng: np.random.Generator) -> pd.DataFrame:
    frame = implication(rng)
    frame.loc[frame.index[frame.failed][:3], "grade"] = "A"
    return frame


def null(rng: np.random.Generator) -> pd.DataFrame:
    closed = _days(rng, 0, 1_000).where(rng.random(ROWS) < 0.4)
    debt = np.where(closed.notna() | (rng.random(ROWS) < 0.2), 0, rng.integers(1, 90_000, ROWS))
    return pd.DataFrame({"closed": closed, "debt": debt})


def code(rng: np.random.Generator) -> pd.DataFrame:
    before = np.where(rng.random(ROWS) < 0.7, 0, rng.integers(1, 30, ROWS))
    return pd.DataFrame({"before": before, "days": np.where(before == 0, -1, rng.integers(20, 400, ROWS))})


def nines(rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({"wait": np.where(rng.random(ROWS) < 0.5, 999, rng.integers(0, 31, ROWS))})


def weekdays(rng: np.random.Generator) -> pd.DataFrame:
    days = np.busday_offset("2015-01-01", rng.integers(0, 900, ROWS), roll="forward")
    return pd.DataFrame({"day": pd.Series(days.astype("datetime64[s]"))})


def years(rng: np.random.Generator) -> pd.DataFrame:
    age = rng.integers(18, 90, ROWS)
    first = np.maximum(2024 - (age - 18), 1990)
    year = first + np.floor((2025 - first) * rng.random(ROWS)).astype(int)
    days = pd.to_datetime(pd.DataFrame({"year": year, "month": rng.integers(1, 13, ROWS), "day": 1}))
    return pd.DataFrame({"age": age, "opened": days + pd.to_timedelta(rng.integers(0, 28, ROWS), unit="D")})


def multiple(rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({"price": 25 * rng.integers(1, 80, ROWS)})


PLANTED: dict[str, tuple[Planted, str]] = {
    "key": (key, "n: int in 1_000..9_999 key"),
    "unique pair": (pair, "unique (shop, till)"),
    "sum": (total, "gross: decimal(2) = net + tax"),
    "dependency": (dependency, "fd town -> region"),
    "order": (order, "low <= high"),
    "shifted order of dates": (later, "end >= start + 90"),
    "ratio": (ratio, "rent <= 0.3 * income"),
    "ceiling by cut": (ceiling, "pay <= case { age < 30 -> 2_500; age < 50 -> 5_000; else -> 9_000 }"),
    "floor by class": (by_class, 'job == "retired" => age >= 60'),
    "ceiling by class": (by_class, 'job == "pupil" => age <= 20'),
    "implication": (implication, 'failed => grade in { "C", "D" }'),
    "implication that a few rows break": (almost, 'grade == "A" => not failed'),
    "null implication": (null, "closed is not null => debt == 0"),
    "equivalence of codes": (code, "before == 0 <=> days == -1"),
    "sentinel": (nines, "wait == 999 or wait <= 30"),
    "weekday": (weekdays, "weekday(day) <= 5"),
    "years": (years, "year(opened) + age >= 2042"),
    "multiple": (multiple, "mod(price, 25) == 0"),
}
"""By kind of rule a table that keeps it, and how the mined file says it (spaces that align columns aside)."""

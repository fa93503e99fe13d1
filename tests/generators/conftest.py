"""Tables that are hard on generators, and generators made small enough to meet all of them quickly."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from htdbu.generators import Generator, create

REAL_CELLS = {
    "trees": {"identities": False},
    "bits": {"identities": False},
    "mixed": {"trees": {"identities": False}, "bits": {"identities": False, "trees": 5, "levels": 4}},
    "ctgan": {"new_numbers": False},
    "tvae": {"new_numbers": False},
}
"""What keeps a generator, besides `allow_unique`, from making cells that no real row holds."""
QUICK = {
    "random-forest": {"trees": 5},
    "xgboost": {"trees": 5, "levels": 4},
    "bits": {"trees": 5, "levels": 4},
    "mixed": {"bits": {"trees": 5, "levels": 4}},
    "ctgan": {"epochs": 1},
    "tvae": {"epochs": 1},
}


@pytest.fixture(scope="session")
def quick() -> Callable[..., Generator]:
    """`create` with few trees: for what does not depend on how well a generator learns."""
    return lambda name, **params: create(name, **(QUICK.get(name, {}) | {"random_state": 1} | params))


@pytest.fixture(scope="session")
def real_cells(quick: Callable[..., Generator]) -> Callable[..., Generator]:
    """The same, with no cell but those of real rows, unless unique ones are not allowed."""
    return lambda name, **params: quick(name, **({"allow_unique": True} | REAL_CELLS.get(name, {}) | params))


def mixed(n: int = 300) -> pd.DataFrame:
    """Every common type of column, some of them dependent, with nulls; its index is no range."""
    rng = np.random.default_rng(3)
    kind = rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1])
    size = rng.normal(size=n) + (kind == "a")
    holes = rng.random(n) < 0.2
    return pd.DataFrame(
        {
            "int": rng.integers(0, 9, n),
            "Int64": pd.array(np.where(holes, None, rng.integers(0, 9, n)), dtype="Int64"),
            "float": np.where(holes, np.nan, size),
            "money": np.round(np.exp(size) * 100, 2),
            "atom": np.where(rng.random(n) < 0.7, 0.0, size),
            "bool": kind == "a",
            "boolean": pd.array(np.where(holes, None, size > 0), dtype="boolean"),
            "text": kind,
            "object": pd.Series(np.where(holes, None, kind), dtype=object),
            "category": pd.Categorical(np.where(holes, None, kind), categories=["unused", "c", "b", "a"]),
            "ordered": pd.Categorical(kind, categories=["c", "b", "a"], ordered=True),
            "date": np.where(
                holes, np.datetime64("NaT", "D"), np.datetime64("2020-01-01") + rng.integers(0, 99, n).astype("m8[D]")
            ),
            "second": (np.datetime64("2020-01-01T00:00:00") + rng.integers(0, 10**9, n).astype("m8[s]")).astype(
                "M8[s]"
            ),
            "duration": pd.to_timedelta(rng.integers(0, 99, n), unit="h"),
        },
        index=pd.Index(rng.permutation(n) % 7, name="elsewhere"),
    )


def objects() -> pd.DataFrame:
    """Columns of Python objects, of the rarer dtypes, and column labels that are no strings."""
    n = 12
    return pd.DataFrame(
        {
            0: pd.Series([1, True, 1.0, "1", None, [1]] * 2, dtype=object),
            ("a", 1): pd.Series([datetime.date(2020, 1, i + 1) for i in range(n)], dtype=object),
            "huge": pd.Series([10**400, 1] * 6, dtype=object),
            "infinite": [np.inf, -np.inf, 0.0, -0.0] * 3,
            "far": pd.Series(["9999-12-31", "0001-01-01"] * 6).astype("datetime64[s]"),
            "zoned": pd.date_range("2020-03-28", periods=n, freq="6h", tz="Europe/Berlin"),
            "period": pd.period_range("2020-01", periods=n, freq="M"),
            "interval": pd.arrays.IntervalArray.from_breaks(range(n + 1)),
            "complex": np.arange(n) * 1j,
            "arrow": pd.Series(["a", None] * 6, dtype="string[pyarrow]"),
            "arrow int": pd.Series([1, None, 3] * 4, dtype="int64[pyarrow]"),
            "small": np.arange(n, dtype="uint8"),
            "": "constant",
        }
    )


def levels() -> pd.DataFrame:
    """A category of 5,000 levels, free text that never repeats, and a column to depend on them."""
    rng = np.random.default_rng(4)
    level = rng.integers(0, 5000, 6000)
    return pd.DataFrame({"level": level.astype(str), "text": [f"note {i}" for i in range(6000)], "odd": level % 2})


def wide() -> pd.DataFrame:
    """Many more columns than rows, and than a model conditions on."""
    numbers = np.random.default_rng(5).normal(size=(20, 25))
    return pd.DataFrame(numbers, columns=[f"x{i}" for i in range(25)])


def nothing() -> pd.DataFrame:
    """Columns that hold nothing, or one thing."""
    return pd.DataFrame(
        {
            "nan": [np.nan] * 9,
            "none": pd.Series([None] * 9, dtype=object),
            "NA": pd.array([None] * 9, dtype="Int64"),
            "levels": pd.Categorical([None] * 9, categories=["a"]),
            "nat": pd.Series([pd.NaT] * 9, dtype="datetime64[ns]"),
            "one": 1,
            "word": "same",
            "almost": ["x"] * 8 + [None],
        }
    )


AWKWARD: dict[str, Callable[[], pd.DataFrame]] = {
    "mixed": mixed,
    "one row": lambda: mixed(1),
    "five rows": lambda: mixed(5),
    "one column": lambda: mixed()[["float"]],
    "objects": objects,
    "levels": levels,
    "wide": wide,
    "nothing": nothing,
    "duplicates": lambda: pd.concat([mixed(3)] * 40),
}


@pytest.fixture(params=list(AWKWARD))
def awkward(request: pytest.FixtureRequest) -> pd.DataFrame:
    """One awkward table after another."""
    return AWKWARD[request.param]()


@pytest.fixture
def table() -> pd.DataFrame:
    """The mixed table."""
    return mixed()


def plain(series: pd.Series[Any]) -> list[Any]:
    """The cells as Python objects, every missing one as None."""
    return [None if gone else cell for cell, gone in zip(series, series.isna(), strict=True)]


@pytest.fixture(scope="session")
def cells() -> Callable[[pd.Series[Any]], list[Any]]:
    """`plain`, for comparing columns cell by cell."""
    return plain

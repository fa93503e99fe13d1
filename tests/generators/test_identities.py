"""Sums that real rows keep, and what drawn rows make of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from htdbu.generators import TreesGenerator
from htdbu.generators.identities import Identity

N = 4_000


def bills(n: int = N) -> pd.DataFrame:
    """Three bills in ten are paid whole; the next bill and the total always add up; due is mostly in thirty days."""
    rng = np.random.default_rng(21)
    bill = np.round(np.exp(rng.normal(6, 1, n)), 2)
    paid = np.where(rng.random(n) < 0.3, bill, np.round(bill * rng.beta(1, 4, n), 2))
    spent = np.round(np.exp(rng.normal(5, 1, n)), 2)
    fee = np.where(rng.random(n) < 0.2, rng.integers(1, 30, n), 0.0)
    sent = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 900, n), unit="D")
    due = sent + pd.to_timedelta(np.where(rng.random(n) < 0.7, 30, rng.integers(3, 90, n)), unit="D")
    upcoming = np.round(bill - paid + spent, 2)
    frame = pd.DataFrame({"bill": bill, "paid": paid, "spent": spent, "next": upcoming, "fee": fee})
    return frame.assign(total=np.round(upcoming + fee, 2), sent=sent, due=due)


def names(found: tuple[Identity, ...], frame: pd.DataFrame) -> list[tuple[str, ...]]:
    return [tuple(frame.columns[at] for at in identity.columns) for identity in found]


def test_sums_equal_cells_and_shifts_are_found_and_kept() -> None:
    real = bills()
    model = TreesGenerator(random_state=1).fit(real)
    always = [identity for identity in model.identities_ if identity.always]
    assert names(tuple(always), real) == [("next", "fee", "total"), ("bill", "paid", "spent", "next")]
    rows = model.sample(N)
    assert np.allclose(rows["next"], rows["bill"] - rows["paid"] + rows["spent"], atol=0.005)
    assert np.allclose(rows["total"], rows["next"] + rows["fee"], atol=0.005)
    assert (rows["total"] == rows["total"].round(2)).all()
    for share, of in ((0.3, rows["paid"] == rows["bill"]), (0.7, rows["due"] - rows["sent"] == pd.Timedelta(days=30))):
        assert abs(of.mean() - share) < 5 * np.sqrt(share * (1 - share) * 2 / N)
    assert list(rows.dtypes) == list(real.dtypes)


def test_without_identities_every_cell_is_a_real_one() -> None:
    real = bills()
    rows = TreesGenerator(identities=False, allow_unique=True, random_state=1).fit(real).sample(N)
    assert [] == [name for name in real if not set(rows[name]) <= set(real[name])]
    assert not np.allclose(rows["total"], rows["next"] + rows["fee"], atol=0.005)


def test_given_cells_take_part_in_sums_whether_new_or_not() -> None:
    real = bills()
    model = TreesGenerator(random_state=1).fit(real)
    given = pd.DataFrame({"fee": np.full(200, 12.34), "next": np.linspace(100.01, 900.05, 200).round(2)})
    rows = model.sample(200, given)
    assert np.allclose(rows["total"], given["fee"] + given["next"], atol=0.005)
    rows = model.sample(200, pd.DataFrame({"total": np.linspace(200.01, 900.05, 200).round(2)}))
    assert np.allclose(rows["total"], rows["next"] + rows["fee"], atol=0.005)


@pytest.mark.parametrize("dtype", ["int64", "Int64", "int16", "float32", "int64[pyarrow]", "timedelta64[s]"])
def test_sums_keep_the_types_of_their_columns(dtype: str) -> None:
    rng = np.random.default_rng(22)
    one, other = rng.integers(0, 5_000, N), rng.integers(0, 900, N)
    kind = [np.asarray(cells).astype("m8[s]") if dtype.startswith("time") else cells for cells in (one, one + 41)]
    real = pd.DataFrame({"a": pd.Series(kind[0]).astype(dtype), "b": pd.Series(kind[1]).astype(dtype)})
    if not dtype.startswith("time"):
        real = real.assign(c=pd.Series(other).astype(dtype), d=pd.Series(one + other).astype(dtype))
    rows = TreesGenerator(random_state=1).fit(real).sample(500)
    assert list(rows.dtypes) == list(real.dtypes)
    shift = np.timedelta64(41, "s") if dtype.startswith("time") else 41
    assert (rows["b"] - rows["a"] == shift).all()
    assert dtype.startswith("time") or (rows["a"] + rows["c"] == rows["d"]).all()


def test_missing_cells_break_no_sum_and_stay_as_frequent_as_they_were() -> None:
    rng = np.random.default_rng(23)
    one = rng.integers(0, 5_000, N)
    hole = rng.random(N) < 0.3
    real = pd.DataFrame({"a": one, "b": pd.array(np.where(hole, None, one + 7), dtype="Int64")})
    rows = TreesGenerator(random_state=1).fit(real).sample(N)
    there = rows["b"].notna()
    assert (rows.loc[there, "b"] - rows.loc[there, "a"] == 7).all()
    assert abs(there.mean() - 0.7) < 5 * np.sqrt(0.21 * 2 / N)


def test_what_is_frequent_or_falls_together_by_chance_is_no_identity() -> None:
    rng = np.random.default_rng(24)
    zero = rng.random((2, N)) < 0.9
    real = pd.DataFrame(
        {
            "gain": np.where(zero[0], 0, rng.integers(1, 90_000, N)),
            "loss": np.where(zero[1], 0, rng.integers(1, 90_000, N)),
            "age": rng.integers(18, 90, N),
            "years": rng.integers(0, 60, N),
            "x": rng.normal(size=N),
            "constant": 5,
        }
    )
    assert TreesGenerator(random_state=1).fit(real).identities_ == ()

"""Rows of a pool for given cells: exact where the pool allows, near in numbers, and no row twice without need."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from htdbu.generators.arrays import Ints
from htdbu.generators.matching import BLUR, NEAREST, match
from htdbu.generators.table import Table

N = 2_000


def real() -> pd.DataFrame:
    rng = np.random.default_rng(21)
    number = np.where(rng.random(N) < 0.3, np.nan, rng.normal(size=N))
    return pd.DataFrame(
        {"word": rng.choice(list("abc"), N), "yes": rng.random(N) < 0.5, "number": number, "zeros": number.round()}
    )


def matched(given: pd.DataFrame, pool: pd.DataFrame | None = None) -> tuple[pd.DataFrame, Ints]:
    """The rows of a pool (the real one by default) for given cells, and their places."""
    frame = real()
    columns = list(given.columns)
    table, ranks = Table.learn(frame[columns])
    encode = [column.encode for column in table.columns]
    if pool is not None:
        ranks = np.column_stack([code(pool[name]) for code, name in zip(encode, columns, strict=True)])
    asked = np.column_stack([code(given[name]) for code, name in zip(encode, columns, strict=True)])
    rows = match(table.columns, ranks, asked, np.random.default_rng(5))
    return (frame if pool is None else pool).iloc[rows].reset_index(drop=True), rows


def test_categories_and_gaps_agree_exactly_where_the_pool_has_them() -> None:
    given = real().sample(frac=1, random_state=1).reset_index(drop=True)
    found, _ = matched(given)
    assert given[["word", "yes"]].equals(found[["word", "yes"]])
    assert given["number"].isna().equals(found["number"].isna())


def test_without_numbers_no_row_comes_twice_before_all_of_its_kind_came_once() -> None:
    given = pd.concat([real()[["word", "yes"]]] * 2, ignore_index=True)
    _, rows = matched(given)
    assert [2] * N == np.bincount(rows, minlength=N).tolist()


def test_the_weaker_column_is_let_go_first() -> None:
    frame = real()
    pool = frame[(frame["word"] != "b") | frame["yes"]].reset_index(drop=True)
    given = pd.DataFrame({"word": ["b"] * 50, "yes": [False] * 50})
    assert {("b", True)} == set(matched(given, pool)[0][["word", "yes"]].itertuples(index=False, name=None))
    turned, _ = matched(given[["yes", "word"]], pool)
    assert {False} == set(turned["yes"])


def test_numbers_are_near_in_their_distribution() -> None:
    given = real()[["number"]].dropna().reset_index(drop=True)
    found, _ = matched(given)
    gaps = (given["number"].rank(pct=True) - found["number"].rank(pct=True, method="average")).abs()
    shares = given["number"].rank(pct=True)
    places = np.searchsorted(np.sort(given["number"]), found["number"]) / len(given)
    assert gaps.notna().all()
    assert (np.abs(shares - places) <= 2 * BLUR + NEAREST / len(given)).all()


def test_one_number_given_often_finds_many_rows() -> None:
    given = pd.DataFrame({"zeros": [0.0] * 500})
    found, rows = matched(given)
    assert (found["zeros"] == 0).mean() >= 0.9
    assert len(set(rows)) >= 100


@pytest.mark.parametrize("odd", [np.inf, -1e9, None, "never seen"])
def test_any_value_finds_a_row(odd: object) -> None:
    frame = real()
    given = pd.DataFrame({name: pd.Series([odd] * 3, dtype=object) for name in frame.columns})
    assert 3 == len(matched(given)[0])


def test_many_rows_and_many_columns_are_matched() -> None:
    rng = np.random.default_rng(22)
    wide = pd.DataFrame(rng.normal(size=(20_000, 20)), columns=[f"x{i}" for i in range(20)])
    table, ranks = Table.learn(wide)
    assert 100_000 == len(match(table.columns, ranks, np.repeat(ranks, 5, axis=0), rng))

"""Choosing among more rows than are wanted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.errors import UsageError
from htdbu.generators import Selection
from htdbu.generators.selection import choose

N = 1_000


def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Real rows in which y follows x, and a pool in which it does not; cells may be missing."""
    rng = np.random.default_rng(61)

    def made(n: int, tied: bool) -> pd.DataFrame:
        x = rng.normal(size=n)
        y = np.where(rng.random(n) < 0.2, np.nan, x + rng.normal(size=n) / 3 if tied else rng.normal(size=n))
        return pd.DataFrame({"x": x, "y": y, "kind": pd.Categorical(rng.choice(list("ab"), n, p=[0.7, 0.3]))})

    return made(N, True), made(6 * N, False)


def chosen(selection: Selection, quotas: list[int] | None = None) -> np.ndarray:
    real, pool = tables()
    wanted = np.array(quotas or [N])
    cells = np.arange(len(pool)) % wanted.size
    last = np.zeros(len(pool), bool)
    return choose(real, np.ones(N), pool, last, cells, wanted, 7, selection)


@pytest.mark.parametrize("off", [{}, {"weights": False}, {"raking": False}, {"ranges": False}])
def test_every_cell_gets_its_quota_and_no_row_twice(off: dict[str, bool]) -> None:
    selection = Selection(**off)
    rows = chosen(selection, [500, 0, 120])
    assert np.bincount(rows % 3, minlength=3).tolist() == [500, 0, 120]
    assert len(set(rows.tolist())) == 620
    assert rows.tolist() == chosen(selection, [500, 0, 120]).tolist()


@pytest.mark.parametrize("selection", [Selection(weights=False), Selection(raking=False), Selection()])
def test_the_chosen_rows_depend_as_the_real_ones_do(selection: Selection) -> None:
    _, pool = tables()
    picked = pool.iloc[chosen(selection)]
    blind = pool.iloc[chosen(Selection(weights=False, raking=False))]
    assert abs(blind["x"].corr(blind["y"])) < 0.1
    assert picked["x"].corr(picked["y"]) > 0.4


def test_rows_that_come_last_are_taken_where_there_are_too_few_others() -> None:
    real, pool = tables()
    last = np.arange(len(pool)) >= N // 2
    rows = choose(real, np.ones(N), pool, last, np.zeros(len(pool), int), np.array([N]), 7, Selection())
    assert (rows < N // 2).sum() == N // 2


def ends(rows: np.ndarray, pool: pd.DataFrame, name: str) -> tuple[int, int]:
    """How many rows of the pool lie beyond the least and the greatest chosen number."""
    values = pool[name].to_numpy()
    return int((values < np.nanmin(values[rows])).sum()), int((values > np.nanmax(values[rows])).sum())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(100, 400), st.integers(2, 6), st.booleans())
def test_numbers_reach_as_far_as_so_many_drawn_rows_do(seed: int, n: int, times: int, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    real = pd.DataFrame({"x": rng.integers(0, 50, n), "y": rng.normal(size=n)})
    pool = pd.DataFrame({"x": rng.integers(0, 60, times * n), "y": rng.standard_cauchy(times * n)})
    cells, last = rng.integers(0, 2, times * n), np.zeros(times * n, bool)
    quotas = np.bincount(cells, minlength=2) // times
    selection = Selection(weights=weighted)
    rows = choose(real, np.ones(n), pool, last, cells, quotas, seed, selection)
    assert np.bincount(cells[rows], minlength=2).tolist() == quotas.tolist()
    assert len(set(rows.tolist())) == quotas.sum()
    blind = choose(real, np.ones(n), pool, last, cells, quotas, seed, replace(selection, ranges=False))
    exchanged = len(set(rows.tolist()) - set(blind.tolist()))
    assert exchanged <= quotas.sum() // 100
    if exchanged < quotas.sum() // 100:
        outermost = len(pool) // int(quotas.sum())
        assert max(*ends(rows, pool, "x"), *ends(rows, pool, "y")) < outermost


def test_rows_that_come_last_are_no_ends() -> None:
    real, pool = tables()
    last = pool["x"].abs() > 1
    rows = choose(real, np.ones(N), pool, last.to_numpy(), np.zeros(len(pool), int), np.array([N]), 7, Selection())
    assert not last.iloc[rows].any()


def test_a_factor_below_one_is_refused() -> None:
    with pytest.raises(UsageError, match=r"factor is 0\.5"):
        Selection(factor=0.5)


def test_the_report_lists_what_real_rows_keep_untold_and_new_rows_keep_it_too() -> None:
    rng = np.random.default_rng(62)
    net = np.round(np.exp(rng.normal(5, 1, N)), 2)
    tax = np.round(net * rng.choice([0.07, 0.19], N), 2)
    start = np.datetime64("2024-01-01") + rng.integers(0, 300, N).astype("m8[D]")
    end = start + rng.integers(0, 200, N).astype("m8[D]")
    real = pd.DataFrame({"net": net, "tax": tax, "gross": np.round(net + tax, 2), "start": start, "end": end})
    program = htdbu.compile_text(
        """
        table t {
          net   : decimal(2) in 0..1_000_000
          tax   : decimal(2) in 0..1_000_000
          gross : decimal(2) in 0..1_000_000
          start : date in 2024-01-01..2026-01-01
          end   : date in 2024-01-01..2026-01-01
        }
        """
    )
    found = {line["relation"]: line for line in htdbu.synthesize(program, real, 500, random_state=1).report.relations}
    for relation in ("gross == net + tax", "tax <= net", "start <= end"):
        assert (found[relation]["real_share"], found[relation]["share"]) == (1, 1)
    assert "net <= gross" in found
    assert "tax <= gross" not in found  # which tax <= net and net <= gross imply


@pytest.mark.parametrize("generator", ["bits", "trees", "mixed"])
@pytest.mark.parametrize(
    "cells", [{"c": list("ab") * 10}, {"a": [None] * 30, "b": [None] * 30}, {"a": [1], "b": [2.5]}]
)
def test_tables_with_nothing_to_add_or_compare_are_ordinary(generator: str, cells: dict[str, list[object]]) -> None:
    types = {"a": "int in 0..9 null", "b": "decimal(2) in 0..9 null", "c": 'category { "a", "b" }'}
    program = htdbu.compile_text("table t { " + "\n".join(f"{name} : {types[name]}" for name in cells) + " }")
    real = pd.DataFrame(cells, dtype=object)
    assert len(htdbu.synthesize(program, real, 30, generator=generator, random_state=1).data) == 30

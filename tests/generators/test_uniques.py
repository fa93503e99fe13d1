"""No number or date that one real row alone holds is ever drawn; what stands for it is near, and as round."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htdbu.generators import Generator
from htdbu.generators.table import Column
from htdbu.generators.uniques import substitutes, substitutes_in
from tests.generators.every import EXACT

Make = Callable[..., Generator]

CASTS: dict[str, Callable[[list[int | None]], pd.Series[Any]]] = {
    "int64": lambda ticks: pd.Series([0 if tick is None else tick for tick in ticks], dtype="int64"),
    "Int64": lambda ticks: pd.Series(ticks, dtype="Int64"),
    "int16": lambda ticks: pd.Series([0 if tick is None else tick for tick in ticks], dtype="int16"),
    "huge": lambda ticks: pd.Series([10**17 + (tick or 0) for tick in ticks], dtype="int64"),
    "cents": lambda ticks: pd.Series([np.nan if tick is None else tick / 100 for tick in ticks]),
    "digits": lambda ticks: pd.Series([np.nan if tick is None else tick / 7 for tick in ticks]),
    "float32": lambda ticks: pd.Series([np.nan if tick is None else tick / 7 for tick in ticks], dtype="float32"),
    "date": lambda ticks: pd.Series(pd.to_datetime([pd.NaT if t is None else t for t in ticks], unit="D")),
    "moment": lambda ticks: pd.Series(pd.to_datetime([pd.NaT if t is None else t for t in ticks], unit="s")),
    "zoned": lambda ticks: pd.Series(pd.to_datetime([t or 0 for t in ticks], unit="h", utc=True)),
    "duration": lambda ticks: pd.Series(pd.to_timedelta([pd.NaT if t is None else t for t in ticks], unit="min")),
    "month": lambda ticks: pd.Series(pd.PeriodIndex.from_ordinals([t or 0 for t in ticks], freq="M")),
    "arrow": lambda ticks: pd.Series(ticks, dtype="int64[pyarrow]"),
}
NUMBERS = st.one_of(st.integers(-20, 20), st.sampled_from([-9000, -100, 0, 100, 1000, 3600, 7000, 20_000]))
TICKS = st.lists(st.one_of(st.none(), NUMBERS), min_size=1, max_size=15)


def alone(series: pd.Series[Any]) -> set[Any]:
    """The values of one cell each."""
    counts = series.dropna().value_counts()
    return set(counts.index[counts == 1])


def filled(series: pd.Series[Any]) -> bool:
    """Whether there is no other value to take: all are unique, and each the next one of the one before or the only."""
    if series.isna().any() or len(alone(series)) < len(series):
        return False
    ordered = series.sort_values(ignore_index=True)
    if ordered.dtype.kind == "f":
        units = np.asarray(ordered, dtype=float)
        scale = next((10.0**k for k in range(7) if (np.round(units, k) == units).all()), None)
        return len(units) == 1 if scale is None else bool(np.allclose(np.diff(units) * scale, 1))
    return bool((np.diff(ordered.astype("int64")) == 1).all())


@pytest.mark.parametrize("dtype", list(CASTS))
@settings(max_examples=30, deadline=None)
@given(ticks=TICKS, seed=st.integers(0, 99))
def test_what_stands_for_a_unique_value_is_none_and_lies_within_the_range(
    dtype: str, ticks: list[int | None], seed: int
) -> None:
    series = CASTS[dtype](ticks)
    column, ranks = Column.learn(series)
    made = substitutes(column)
    many = np.tile(ranks, 8)
    cells = pd.concat([series] * 8, ignore_index=True)
    if made is not None:
        drawn = made.draw(many, np.random.default_rng(seed))
        assert drawn.dtype == series.dtype
        cells.iloc[drawn.index.to_numpy()] = drawn.array
    if not filled(series):
        assert not set(cells.dropna()) & alone(series)
    there = cells.dropna()
    assert there.empty or (series.min() <= there.min() and there.max() <= series.max())
    often = ~series.isin(alone(series)).to_numpy()
    assert cells[np.tile(often, 8)].equals(pd.concat([series] * 8, ignore_index=True)[np.tile(often, 8)])


def draws(cells: Iterable[Any], value: Any, dtype: Any = None) -> set[Any]:
    """What is drawn in the place of a value, in many draws."""
    series = pd.Series(list(cells), dtype=dtype)
    column, _ = Column.learn(series)
    made = substitutes(column)
    assert made is not None
    rank = column.encode(pd.Series([value], dtype=series.dtype))
    return set(made.draw(np.repeat(rank, 2000), np.random.default_rng(1)))


def test_a_substitute_is_as_round_as_the_value() -> None:
    assert draws([100, 103, 103, 7, 7, 2000, 5003, 5003], 2000) == {3000}
    assert draws([1, 1, 12, 19, 19], 12) == {7, 8, 9, 10, 11, 13, 14, 15}
    assert draws([0.01, 0.01, 1.5, 2.99, 2.99], 1.5) == {round(k / 10, 1) for k in range(8, 23) if k != 15}
    first, last = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-08 00:00:01")
    days = {pd.Timestamp(2024, 1, day) for day in (3, 4, 6)}
    assert draws([first, first, pd.Timestamp("2024-01-05"), last, last], pd.Timestamp("2024-01-05")) == days
    minutes = [0, 0, 7200, 14_460, 14_460]
    assert draws(minutes, 7200, "Int64") == {3600, 10_800}


def test_ends_of_the_range_move_inwards_and_full_runs_to_the_nearest_gap() -> None:
    assert draws([1, 9, 9], 1) == {2, 3, 4, 5}
    assert draws([1, 2, 3, 3, 4], 4) == {3}
    assert draws([1, 2, 3, 5], 2) == {4}
    assert draws([5, None], 5, "Int64") == {pd.NA}


def test_levels_that_a_type_declares_stay_and_texts_of_one_cell_do_not() -> None:
    declared = pd.Series(pd.Categorical(["a", "a", "b"]))
    assert substitutes(Column.learn(declared)[0]) is None
    assert substitutes(Column.learn(pd.Series([True, True, False]))[0]) is None
    assert draws(["x", "x", "y", "z", "z"], "y") == {"x", "z"}
    assert substitutes(Column.learn(pd.Series(["all", "different"]))[0]) is None
    assert substitutes(Column.learn(pd.Series([1, 5, 9]))[0], allowed=True) is None


def test_a_part_hides_what_is_unique_in_the_whole_alone() -> None:
    whole, part = (Column.learn(pd.Series(cells))[0] for cells in ([1, 5, 5, 40, 90, 90], [5, 40, 90]))
    made = substitutes_in(whole, part)
    assert made is not None
    drawn = made.draw(np.tile([0.0, 1.0, 2.0], 200), np.random.default_rng(1))
    assert set(drawn.index % 3) == {1}
    assert drawn.between(23, 65).all()
    assert 40 not in set(drawn)


@pytest.mark.parametrize("name", EXACT)
def test_no_generator_draws_a_unique_value(name: str, real_cells: Make, table: pd.DataFrame) -> None:
    columns = ["int", "Int64", "float", "money", "atom", "date", "second", "duration"]
    rows = real_cells(name, allow_unique=False).fit(table).sample(600)
    assert list(rows.dtypes) == list(table.dtypes)
    assert [] == [column for column in columns if set(rows[column].dropna()) & alone(table[column])]
    shown = real_cells(name).fit(table).sample(600)
    assert set(shown["money"]) & alone(table["money"])


@pytest.mark.parametrize("name", EXACT)
def test_sums_are_kept_of_the_values_that_stand_for_unique_ones(name: str, quick: Make) -> None:
    rng = np.random.default_rng(8)
    net, tax = np.round(np.exp(rng.normal(6, 1, 400)), 2), rng.integers(1, 90, 400) / 4
    real = pd.DataFrame({"net": net, "tax": tax, "gross": np.round(net + tax, 2)})
    rows = quick(name).fit(real).sample(400)
    summed = name in ("trees", "bits", "mixed")
    drawn = ["net", "tax"] if summed else list(real)
    assert [] == [column for column in drawn if set(rows[column]) & alone(real[column])]
    if summed:
        assert np.allclose(rows["gross"], rows["net"] + rows["tax"], atol=0.005)


def working_days(n: int) -> pd.Series[Any]:
    """Days of work of eleven years, many of them of one cell."""
    drawn = pd.Timestamp("2010-01-01") + pd.to_timedelta(np.random.default_rng(n).integers(0, 4000, 2 * n), unit="D")
    return pd.Series(drawn[drawn.day_of_week < 5][:n])


AS_COUNTS: dict[str, Callable[[pd.Series[Any]], pd.Series[Any]]] = {
    "dates": lambda days: days,
    "counts of days": lambda days: (days.astype("datetime64[s]").astype("int64") // 86_400).astype("Int64"),
    "moments": lambda days: days + pd.to_timedelta(np.arange(len(days)) % 77_777, unit="s"),
    "counts of seconds": lambda days: days.astype("datetime64[s]").astype("int64") + np.arange(len(days)) % 77_777,
}


@pytest.mark.parametrize("form", list(AS_COUNTS))
@pytest.mark.parametrize("n", [200, 4000])
def test_unique_dates_are_replaced_by_days_of_work_where_all_are(n: int, form: str) -> None:
    series = AS_COUNTS[form](working_days(n))
    column, ranks = Column.learn(series)
    made = substitutes(column)
    assert made is not None
    drawn = made.draw(np.tile(ranks, 5), np.random.default_rng(1))
    assert len(drawn) > 100
    assert not set(drawn) & alone(series)
    days = drawn.astype("int64") // 86_400 if form == "counts of seconds" else drawn
    dates = pd.to_datetime(days.astype("int64"), unit="D") if form.startswith("counts") else days
    assert dates.dt.day_of_week.max() == 4


def test_few_dates_say_nothing_of_the_days_of_the_week() -> None:
    series = pd.Series(pd.to_datetime(["2024-01-01", "2024-02-05", "2024-03-04"]))  # Mondays
    column, ranks = Column.learn(series)
    made = substitutes(column)
    assert made is not None
    assert len(set(made.draw(np.tile(ranks, 200), np.random.default_rng(1)).dt.day_of_week)) == 7

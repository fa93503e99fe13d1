"""Cells to ranks and back, also cells that the table never held."""

from __future__ import annotations

import decimal

import numpy as np
import pandas as pd
import pytest

from htdbu.generators.table import GROUP_COUNT, GROUP_LIMIT, Column, Table
from htdbu.generators.values import cast_to, lookup_keys


def ranks_of(learned: list, cells: list, dtype: object = None) -> list[float]:
    column, _ = Column.learn(pd.Series(learned, dtype=dtype))
    return column.encode(pd.Series(cells, dtype=dtype)).tolist()


def test_every_awkward_table_comes_back_from_its_ranks(awkward: pd.DataFrame) -> None:
    table, ranks = Table.learn(awkward)
    pd.testing.assert_frame_equal(awkward.reset_index(drop=True), table.decode(ranks, {}))


def test_encoding_the_learned_cells_gives_their_ranks_again(awkward: pd.DataFrame) -> None:
    table, ranks = Table.learn(awkward)
    for at, column in enumerate(table.columns):
        assert ranks[:, at].tolist() == column.encode(awkward.iloc[:, at]).tolist()


def test_numbers_rank_by_value_and_missing_is_last() -> None:
    column, ranks = Column.learn(pd.Series([30.0, np.nan, -1.0, 30.0]))
    assert "number" == column.kind
    assert [1, 2, 0, 1] == ranks.tolist()
    assert [1, 2, 1] == column.counts.tolist()


def test_categories_rank_by_falling_frequency() -> None:
    column, ranks = Column.learn(pd.Series(["x", "y", "y", None, "z", "y", "z"]))
    assert "category" == column.kind
    assert [2, 0, 0, 3, 1, 0, 1] == ranks.tolist()


def test_ordered_categories_rank_by_level() -> None:
    levels = pd.CategoricalDtype(["low", "middle", "high"], ordered=True)
    column, ranks = Column.learn(pd.Series(["high", "low", "low"], dtype=levels))
    assert ("number", [1, 0, 0]) == (column.kind, ranks.tolist())


def test_unseen_numbers_rank_between_their_neighbours() -> None:
    assert [-0.5, 0, 0.5, 1.5] == ranks_of([10, 20], [5, 10, 15, 99])
    assert [0.5, 2] == ranks_of([10.0, 20.0, np.nan], [12.0, np.nan])
    dates = [pd.Timestamp("2020-01-01"), pd.Timestamp("2022-01-01")]
    assert [0.5] == ranks_of(dates, [pd.Timestamp("2021-01-01")])
    assert [0.5] == ranks_of([decimal.Decimal(1), decimal.Decimal(2)], [decimal.Decimal("1.5")])


def test_other_unseen_values_have_no_rank() -> None:
    assert np.isnan(ranks_of(["a", "b"], ["c", None])).all()
    assert np.isnan(ranks_of([1, 2], ["c", None], object)).all()


def test_missing_given_where_none_was_learned_has_no_rank() -> None:
    column, _ = Column.learn(pd.Series([1, 2]))
    assert np.isnan(column.encode(pd.Series([np.nan]))).all()


def test_an_unknown_value_counts_as_rare_or_as_the_commonest() -> None:
    rare, _ = Column.learn(pd.Series(["a"] * 9 + ["b"] * 6 + ["c", "d"]))
    assert [0, 1, 2, 2] == rare.groups.tolist()
    assert [2, 0, 2] == rare.group_of(np.array([np.nan, 0, 3])).tolist()
    plain, _ = Column.learn(pd.Series(["a"] * 6 + ["b"] * 9))
    assert [0, 1] == plain.group_of(np.array([np.nan, 1])).tolist()
    number, _ = Column.learn(pd.Series([1, 7, 7, 9]))
    assert [1, 0.5] == number.group_of(np.array([np.nan, 0.5])).tolist()


def test_rare_levels_share_a_group_and_missing_keeps_its_own() -> None:
    cells = [f"level {i}" for i in range(GROUP_LIMIT + 20) for _ in range(GROUP_COUNT)] + ["once", None]
    column, _ = Column.learn(pd.Series(cells))
    assert GROUP_LIMIT + 2 == len(column.group_counts)
    assert 20 * GROUP_COUNT + 1 == column.group_counts[GROUP_LIMIT]
    assert 1 == column.group_counts[-1]
    assert (np.diff(column.groups) >= 0).all()


def test_free_text_is_flat() -> None:
    assert Column.learn(pd.Series([f"note {i}" for i in range(100)]))[0].is_flat
    assert not Column.learn(pd.Series(["a", "b"] * 50))[0].is_flat


def test_draws_within_a_part_follow_the_counts() -> None:
    column, _ = Column.learn(pd.Series([1] * 10 + [2] * 30 + [3] * 60))
    parts = np.array([0, 0, 2])
    uniforms = np.array([0, 0.24, 0.26, 0.999])
    assert [0, 0, 1, 1] == column.within(parts, np.zeros(4, dtype=int), uniforms).tolist()
    assert [2, 2, 2, 2] == column.within(parts, np.full(4, 2), uniforms).tolist()


def test_keys_of_mixed_objects_tell_types_apart() -> None:
    keys = lookup_keys(pd.Series([1, True, 1.0, "1", [1], None], dtype=object))
    assert 5 == keys.nunique()
    assert keys.isna().tolist() == [False] * 5 + [True]


@pytest.mark.parametrize(
    ("cells", "dtype", "kept"),
    [
        ([1.0, 2.0], "int64", False),
        ([1.5, 2.0], "int64", True),
        ([1.0, None], "Int64", False),
        ([1.0, None], "int64", True),
        (["a", None], pd.CategoricalDtype(["a"]), False),
        (["a", "b"], pd.CategoricalDtype(["a"]), True),
        ([1, 2], "str", True),
        (["x"], "datetime64[s]", True),
        ([True, None], "boolean", False),
    ],
)
def test_a_cast_never_changes_a_cell(cells: list, dtype: object, kept: bool) -> None:
    series = pd.Series(cells)
    expected = series.dtype if kept else pd.api.types.pandas_dtype(dtype)
    assert expected == cast_to(series, pd.api.types.pandas_dtype(dtype)).dtype

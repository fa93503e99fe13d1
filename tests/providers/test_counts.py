"""Counts are shown rounded, and none that is hidden follows from those that are shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htdbu.providers.summary.counts import amount, rounded, showable, shown_cells

COUNTS = st.one_of(st.integers(0, 30), st.integers(0, 3000))


def could_be(shown: int, least: int) -> range:
    """All counts that are shown as this one, found by rounding every count near to it."""
    found = [n for n in range(max(least, shown - least), shown + least) if rounded(n, least) == shown]
    return range(found[0], found[-1] + 1)


@given(st.integers(0, 10**6), st.integers(1, 100))
def test_an_amount_is_a_multiple_near_to_it_or_few(count: int, least: int) -> None:
    shown = amount(count, least)
    if 0 < count < least:
        assert "few" == shown
    else:
        assert isinstance(shown, int)
        assert 0 == shown % least
        assert 2 * abs(shown - count) <= least
        assert (shown > 0) == (count > 0)


@given(st.lists(COUNTS, max_size=6), st.integers(0, 12), st.integers(1, 12))
def test_what_is_hidden_beside_a_total_has_more_than_one_possible_count(
    counts: list[int], few: int, least: int
) -> None:
    few = min(few, least - 1)
    total = sum(counts) + few
    shown = showable(counts, few, total, least)
    assert all(counts[i] >= least for i in shown)
    assert [counts[i] for i in shown] == sorted((counts[i] for i in shown), reverse=True)
    hidden = total - sum(counts[i] for i in shown)
    if shown and 0 < hidden < least:
        groups = sum(counts[i] > 0 for i in range(len(counts)) if i not in shown) + (few > 0)
        ends = [could_be(rounded(counts[i], least), least) for i in shown]
        whole = could_be(rounded(total, least), least)
        low = max(whole[0] - sum(end[-1] for end in ends), groups)
        high = min(whole[-1] - sum(end[0] for end in ends), groups * (least - 1))
        assert low <= hidden <= high
        assert high - low >= (least - 1) // 2


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # 45 rows are shown as 50, so they are 45 at least; 24 and 14 as 20 and 10, so 24 and 14 at most: 7 are left.
        ([24, 14, 7], [0]),
        # 44 rows are shown as 40, so they are 44 at most; 25 and 15 as 30 and 20, so 25 and 15 at least: 4 at most.
        ([25, 15, 4], [0]),
        ([25, 15, 3], [0]),
        ([30, 24, 1], [0, 1]),
        ([990, 3], [0]),
    ],
)
def test_the_smallest_level_is_hidden_too_where_a_rare_one_would_nearly_follow(
    counts: list[int], expected: list[int]
) -> None:
    assert expected == showable(counts, 0, sum(counts), 10)


def test_nothing_is_hidden_where_all_is_frequent() -> None:
    assert [1, 0] == showable([10, 20], 0, 30, 10)


TABLES = st.tuples(st.integers(2, 5), st.integers(2, 5)).flatmap(
    lambda size: st.lists(st.lists(COUNTS, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


@given(TABLES, st.integers(1, 12), st.booleans())
def test_no_hidden_cell_is_the_only_one_of_its_line_or_column(table: list[list[int]], least: int, rest: bool) -> None:
    counts = np.array(table) if rest else np.pad(np.array(table), (0, 1))
    inner = counts[:-1, :-1]
    shown = shown_cells(counts, least)
    assert inner.shape == shown.shape
    assert not shown[inner < least].any()
    for cells, seen, beside in (
        *zip(inner, shown, counts[:-1, -1], strict=True),
        *zip(inner.T, shown.T, counts[-1, :-1], strict=True),
    ):
        hidden = np.count_nonzero(~seen) + (beside > 0)
        if hidden == 1 and seen.any():
            assert beside >= least, f"{cells} beside {beside}"
    if not rest and (inner >= least).all():
        assert shown.all()


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([[90, 3], [40, 60]], [[0, 0], [0, 0]]),
        ([[90, 30, 3], [40, 60, 50], [70, 80, 90]], [[1, 0, 0], [1, 0, 0], [1, 1, 1]]),
        ([[90, 3, 30], [40, 2, 60]], [[1, 0, 0], [1, 0, 0]]),
    ],
)
def test_a_rare_cell_is_hidden_with_others_that_would_tell_it(
    table: list[list[int]], expected: list[list[int]]
) -> None:
    assert expected == shown_cells(np.pad(np.array(table), (0, 1)), 10).astype(int).tolist()


def test_a_level_that_is_not_shown_hides_cells_beside_it_where_few_rows_hold_it() -> None:
    many, few = ([[80, 40, 0], [50, 60, 0], [70, 90, 0], [rest, 12, 0]] for rest in (30, 3))
    assert shown_cells(np.array(many), 10).all()
    assert [[1, 1], [0, 0], [1, 1]] == shown_cells(np.array(few), 10).astype(int).tolist()

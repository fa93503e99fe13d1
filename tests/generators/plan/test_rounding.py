"""Counts of rows for shares, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from htdbu.generators.plan.rounding import largest_remainders, top_down

F = Fraction


def test_the_rest_goes_to_the_largest_remainders_and_ties_to_the_first() -> None:
    assert [8, 3] == largest_remainders([F(7, 10), F(3, 10)], 11)
    assert [1, 1, 0] == largest_remainders([F(1), F(1), F(1)], 2)
    assert [0, 0] == largest_remainders([F(0), F(0)], 5)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any), st.integers(0, 500))
def test_counts_add_up_and_differ_from_the_ideal_by_less_than_one(weights: list[int], total: int) -> None:
    counts = largest_remainders([F(w) for w in weights], total)
    assert total == sum(counts)
    assert all(abs(count - F(w * total, sum(weights))) < 1 for count, w in zip(counts, weights, strict=True))


def test_the_first_position_is_split_exactly_whatever_the_cells_below() -> None:
    cells = [("rare", i) for i in range(7)] + [("common", i) for i in range(9)]
    weights = [F(1, 700)] * 7 + [F(11, 100)] * 9
    counts = top_down(cells, weights, 1000)
    assert 10 == sum(counts[:7])
    assert 990 == sum(counts[7:])

"""Counts of rows for shares and targets, worked out by hand and against brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from htdbu.generators.quotas import Distance, Limit, conflict, largest_remainders, nearest, top_down

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


def test_counts_that_meet_the_demands_stay() -> None:
    assert [20, 80] == nearest([20, 80], 100, [Limit("x", (F(1), F(0)), F(10), F(30))])


@given(
    st.lists(st.integers(0, 6), min_size=3, max_size=3),
    st.integers(0, 6),
    st.integers(0, 3),
)
def test_the_nearest_counts_are_those_of_brute_force(wanted: list[int], low: int, within: int) -> None:
    total = sum(wanted)
    limit = Limit("a", (F(1), F(0), F(0)), F(low), None)
    goal = Distance(
        "b",
        ((F(0), F(1), F(-1)),),
        (F(within, max(total, 1)),) * 3,
    )
    fitting = [
        counts
        for counts in product(range(total + 1), repeat=3)
        if sum(counts) == total and limit.holds(counts) and goal.holds(counts)
    ]
    if not fitting:
        assert nearest(wanted, total, [limit, goal]) is None
        return
    best = min(sum(abs(a - b) for a, b in zip(c, wanted, strict=True)) for c in fitting)
    found = nearest(wanted, total, [limit, goal]) or []
    assert tuple(found) in fitting
    assert best == sum(abs(a - b) for a, b in zip(found, wanted, strict=True))


def test_a_conflict_names_only_the_demands_that_cannot_agree() -> None:
    row = (F(1), F(0))
    demands = [Limit("high", row, F(20), None), Limit("low", row, None, F(10)), Limit("idle", row, None, F(90))]
    assert nearest([15, 85], 100, demands) is None
    assert "no table of 100 rows meets `high`, `low`" == conflict([15, 85], 100, demands).message

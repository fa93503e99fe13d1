"""Counts that meet demands, against brute force over small tables and with targets that cross over large ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htdbu.generators.plan import Unmet
from htdbu.generators.plan.counts import FIRM, Demand, Distance, Limit, out_of_reach
from htdbu.generators.plan.model import solve
from htdbu.generators.plan.nearest import closest, conflict, nearest
from htdbu.generators.plan.rounding import largest_remainders
from htdbu.generators.plan.swaps import fewest_broken

F = Fraction
CELLS = 4
SHARES = st.lists(st.integers(0, 4), min_size=2, max_size=3).filter(any)


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    row = draw(st.lists(st.integers(-2, 2).map(F), min_size=CELLS, max_size=CELLS))
    low, high = draw(st.none() | st.integers(-3, 4)), draw(st.none() | st.integers(-1, 8))
    return Limit("limit", tuple(row), None if low is None else F(low), None if high is None else F(high, 2))


@st.composite
def distances(draw: st.DrawFn, least: int = -1) -> Distance:
    weights = draw(SHARES)
    parts = draw(st.lists(st.integers(least, len(weights) - 1), min_size=CELLS, max_size=CELLS))
    within = F(draw(st.integers(0, 10)), 20)
    every = least == 0
    return Distance("distance", tuple(parts), tuple(F(w, sum(weights)) for w in weights), within, every=every)


WANTED = st.lists(st.integers(0, 3), min_size=CELLS, max_size=CELLS)
DEMANDS = st.lists(limits() | distances(), min_size=1, max_size=3)


def _all_counts(total: int) -> Iterator[tuple[int, ...]]:
    return (counts for counts in product(range(total + 1), repeat=CELLS) if sum(counts) == total)


def _apart(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def _missed(demand: Demand, counts: Sequence[int]) -> Fraction:
    """By how many rows counts miss a demand."""
    if isinstance(demand, Limit):
        value = sum((c * k for c, k in zip(demand.coefficients, counts, strict=True)), F(0))
        least = F(0) if demand.low is None else demand.low - value
        return max(F(0), least, F(0) if demand.high is None else value - demand.high)
    rows = [
        sum(k for k, part in zip(counts, demand.parts, strict=True) if part == g) for g in range(len(demand.shares))
    ]
    gaps = sum((abs(k - share * sum(rows)) for k, share in zip(rows, demand.shares, strict=True)), F(0))
    return max(F(0), gaps - 2 * demand.within * sum(rows))


def test_counts_that_meet_the_demands_stay() -> None:
    assert [20, 80] == nearest([20, 80], [Limit("x", (F(1), F(0)), F(10), F(30))])


@given(WANTED, DEMANDS)
def test_the_nearest_counts_are_those_of_brute_force(wanted: list[int], demands: list[Demand]) -> None:
    fitting = [counts for counts in _all_counts(sum(wanted)) if all(demand.holds(counts) for demand in demands)]
    found = nearest(wanted, demands)
    if not fitting:
        assert Unmet.IMPOSSIBLE is found
    else:
        assert isinstance(found, list)
        assert tuple(found) in fitting
        assert min(_apart(counts, wanted) for counts in fitting) == _apart(found, wanted)


@given(WANTED, limits() | distances())
def test_holds_is_to_miss_by_no_row(wanted: list[int], demand: Demand) -> None:
    assert demand.holds(wanted) == (_missed(demand, wanted) == 0)


@given(st.integers(1, 9), distances(least=0))
def test_a_distribution_out_of_reach_is_told_without_a_search_where_all_rows_count(total: int, goal: Distance) -> None:
    reached = any(goal.holds(counts) for counts in _all_counts(total))
    assert not (goal.out_of_reach(total) and reached)
    if set(goal.parts) == set(range(len(goal.shares))):
        assert goal.out_of_reach(total) != reached


@given(WANTED, DEMANDS)
def test_swaps_keep_the_sum_and_never_miss_by_more_rows_than_before(wanted: list[int], demands: list[Demand]) -> None:
    found = fewest_broken(wanted, demands)
    assert sum(wanted) == sum(found)
    assert min(found) >= 0
    assert found == fewest_broken(wanted, demands)
    if all(demand.holds(wanted) for demand in demands):
        assert all(demand.holds(found) for demand in demands)


def test_a_stated_share_comes_before_a_target() -> None:
    share = Limit("factor", (F(1), F(1), F(0), F(0)), F(5), F(5), FIRM)
    goal = Distance("target", (0, 1, 1, 1), (F(9, 10), F(1, 10)), F(0))
    found = closest([3, 2, 3, 2], [share, goal])
    assert share.holds(found)
    assert [5, 0] == found[:2]


def _crossing(cells: int, sides: tuple[int, int], within: Fraction) -> list[Demand]:
    """Two distributions over cells of random places, each as in random real rows."""
    rng = np.random.default_rng(5)
    real = rng.integers(1, 4, cells)
    demands: list[Demand] = []
    for side in sides:
        parts = np.sort(rng.integers(0, side, cells)) if side == sides[0] else rng.integers(0, side, cells)
        rows = np.bincount(parts, weights=real, minlength=side)
        shares = tuple(F(int(k), int(real.sum())) for k in rows)
        demands.append(Distance(f"of {side}", tuple(parts.tolist()), shares, within, every=True))
    return demands


def test_distributions_that_cross_over_thousands_of_cells_come_as_near_as_whole_rows_allow() -> None:
    demands = _crossing(6000, (40, 70), F(0))
    wanted = largest_remainders([1] * 6000, 2000)  # the first third of the cells: far from both
    found = closest(wanted, demands)
    for demand in demands:
        assert isinstance(demand, Distance)
        best = largest_remainders(demand.shares, 2000)
        least = sum(abs(k - share * 2000) for k, share in zip(best, demand.shares, strict=True))
        assert _missed(demand, found) <= 1.1 * least


def test_over_thousands_of_kinds_counts_are_found_or_told_to_be_out_of_reach() -> None:
    wanted = largest_remainders([1] * 6000, 2000)
    found = nearest(wanted, _crossing(6000, (40, 70), F(1, 50)))
    assert isinstance(found, list)
    assert all(demand.holds(found) for demand in _crossing(6000, (40, 70), F(1, 50)))
    assert Unmet.IMPOSSIBLE is nearest(wanted, _crossing(6000, (40, 70), F(1, 1000)))


def test_over_thousands_of_kinds_what_is_not_found_is_not_said_to_be_impossible() -> None:
    first, second = _crossing(6000, (40, 70), F(1, 100))
    assert isinstance(second, Distance)
    shifted = Distance("shifted", second.parts, (*second.shares[1:], second.shares[0]), F(1, 100))
    assert Unmet.UNDECIDED is nearest(largest_remainders([1] * 6000, 5_000), [first, second, shifted])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_the_solver_proves_impossible_no_swap_reaches(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = int(rng.integers(5, 30))
    wanted = rng.multinomial(int(rng.integers(5, 400)), np.full(cells, 1 / cells)).tolist()
    demands: list[Demand] = []
    for k in range(int(rng.integers(1, 4))):
        side = int(rng.integers(2, 6))
        shares = tuple(F(int(x), 1000) for x in rng.multinomial(1000, rng.dirichlet(np.ones(side))))
        parts = tuple(rng.integers(-1 if k else 0, side, cells).tolist())
        demands.append(Distance(f"d{k}", parts, shares, F(int(rng.integers(0, 8)), 50)))
    solved, swapped = solve(wanted, demands), fewest_broken(wanted, demands)
    if all(demand.holds(swapped) for demand in demands):
        assert solved is not Unmet.IMPOSSIBLE
        assert not out_of_reach(demands, sum(wanted))
    if isinstance(solved, list):
        assert all(demand.holds(solved) for demand in demands)


def test_a_conflict_names_only_the_demands_that_cannot_agree() -> None:
    row = (F(1), F(0))
    demands = [Limit("high", row, F(20), None), Limit("low", row, None, F(10)), Limit("idle", row, None, F(90))]
    assert Unmet.IMPOSSIBLE is nearest([15, 85], demands)
    assert "no table of 100 rows meets `high`, `low`" == conflict([15, 85], demands).message


@pytest.mark.parametrize("rows", [30, 60, 100])
def test_cells_of_one_kind_share_what_a_demand_adds(rows: int) -> None:
    wanted = [rows // 3, rows // 3 * 2, 0, 0]
    found = nearest(wanted, [Limit("more", (F(1), F(1), F(0), F(0)), None, F(rows // 2))])
    assert isinstance(found, list)
    assert rows // 2 == found[0] + found[1]
    assert abs(found[1] - 2 * found[0]) <= 2
    assert abs(found[2] - found[3]) <= 1

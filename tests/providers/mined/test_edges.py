"""How far values go: bounds are round, follow an edge closely, and lie far out of a tail."""

from __future__ import annotations

import numpy as np
import pytest

from htdbu.providers.mined.edges import upper_edge
from htdbu.providers.mined.rounding import number_bound

RNG = np.random.default_rng(4)
FEW = 10


def test_values_that_pile_up_at_their_end_reach_no_further() -> None:
    edge = upper_edge(np.repeat(np.arange(1, 8), 500))
    assert (7, 500) == (edge.extreme, edge.held)
    assert edge.reach == pytest.approx(7)


def test_an_even_density_reaches_a_few_spacings_further_and_a_tail_much_further() -> None:
    even, tail = RNG.integers(0, 1_000_000, 20_000), (1_000_000 * RNG.pareto(2, 20_000)).astype(np.int64)
    beyond = [(edge.reach - edge.extreme) / edge.spread for edge in map(upper_edge, (even, tail))]
    assert (True, True) == (beyond[0] < 0.002, beyond[1] > 2)


def test_a_bound_is_the_round_number_beyond_an_edge() -> None:
    values = RNG.integers(0, 39_990, 20_000)
    assert (40_000, 0) == (number_bound(values, True, FEW), number_bound(values, False, FEW))


def test_a_bound_is_not_the_value_of_a_few_rows_but_may_be_that_of_many() -> None:
    many = np.repeat(np.arange(17, 94), 40)
    assert 93 == number_bound(many, True, FEW)
    assert 97 < number_bound(np.append(many, 97), True, FEW)


def test_amounts_that_begin_right_above_zero_never_fall_below_it() -> None:
    assert 0 == number_bound((1_000 * RNG.exponential(size=3_000)).astype(np.int64) + 3, False, FEW)

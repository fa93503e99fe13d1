"""Exact feasibility of linear inequalities: solutions exist where scipy finds one, and prices prove where none does."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from htdbu.analyses.tables.simplex import Feasibility

_NUMBER = st.integers(-4, 4)


@st.composite
def _systems(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    size, width = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    columns = draw(st.lists(st.lists(_NUMBER, min_size=size, max_size=size), min_size=width, max_size=width))
    return columns, draw(st.lists(_NUMBER, min_size=size, max_size=size))


@given(system=_systems())
@settings(max_examples=100, deadline=None)
def test_the_answer_is_that_of_scipy_and_is_proved(system: tuple[list[list[int]], list[int]]) -> None:
    columns, bounds = system
    program = Feasibility(bounds)
    for column in columns:
        program.add(column)
    prices = program.solve()
    matrix = np.array(columns, float).T
    found = linprog(np.zeros(len(columns)), A_ub=-matrix, b_ub=-np.array(bounds, float), method="highs")
    assert (prices is None) == (found.status == 0)
    if prices is not None:
        assert all(price >= 0 for price in prices)
        assert 0 < sum(price * bound for price, bound in zip(prices, bounds, strict=True))
        assert all(sum(p * part for p, part in zip(prices, column, strict=True)) <= 0 for column in columns)


def test_columns_may_be_added_between_answers() -> None:
    program = Feasibility([1, -3])
    assert program.solve() is not None
    program.add([1, -4])
    assert program.solve() is not None
    program.add([1, -3])
    assert program.solve() is None


def test_degenerate_systems_end() -> None:
    program = Feasibility([0, 0, 0, 1])
    for column in ([1, -1, 0, 0], [-1, 1, 0, 0], [1, 1, -2, 0], [0, 0, 1, 1], [0, 0, -1, 0]):
        program.add(column)
    assert program.solve() is None

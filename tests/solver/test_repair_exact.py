"""The repair of one row of one block: the same price *and the same row* as by trying every row there is."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from htdbu.solver.cells import Row
from htdbu.solver.components import Component
from htdbu.solver.cpsat import lexicographic, search
from htdbu.solver.engine import Status, engine, names
from htdbu.solver.objective import Prices
from tests.solver import normal_oracle, normal_strategies

Problem = tuple[Component, Row]
RELAXED = list(HealthCheck)


def agrees(problem: Problem, name: str = "cp-sat") -> None:
    component, row = problem
    best = normal_oracle.cheapest(component, row)
    (found,) = engine(name).solve(component, [row], 10.0)
    if best is None:
        assert (Status.INFEASIBLE, ()) == (found.status, found.values)
    else:
        assert Status.OPTIMAL is found.status
        assert best.values == found.values
        assert best.price * Prices(component).unit == found.price


@pytest.mark.parametrize("name", names())
@settings(max_examples=25, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.problems())
def test_row_and_price_are_those_of_enumeration(name: str, problem: Problem) -> None:
    agrees(problem, name)


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.problems(depth=3, most=4))
def test_row_and_price_are_those_of_enumeration_on_larger_rules(problem: Problem) -> None:
    agrees(problem)


@settings(max_examples=25, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.problems())
def test_stages_give_the_row_of_one_solve(problem: Problem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexicographic, "EXACT", 2)  # nothing fits with anything: one criterion a solve
        agrees(problem)


@settings(max_examples=25, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.problems())
def test_proofs_by_follow_up_solves_give_the_same_row(problem: Problem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "EXACT", 1)  # no bound of CP-SAT is trusted
        agrees(problem)


@settings(max_examples=25, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.texts())
def test_texts_are_repaired_to_those_of_enumeration(problem: Problem) -> None:
    agrees(problem)

"""The repair of one row of one block: the same price *and the same row* as by trying every row there is."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

import htdbu
from htdbu.solver.cells import Row
from htdbu.solver.components import Component
from htdbu.solver.cpsat import lexicographic, search
from htdbu.solver.engine import engine, names
from htdbu.solver.objective import Prices
from htdbu.solver.problems import Problems
from htdbu.solver.solutions import Status
from tests.solver import normal_oracle, normal_strategies

Problem = tuple[Component, Row]
RELAXED = list(HealthCheck)
ENGINES = {name: engine(name) for name in names()}


def agrees(problem: Problem, name: str = "cp-sat") -> None:
    component, row = problem
    solver = ENGINES[name]
    if not solver.takes(component, 1):
        return
    best = normal_oracle.cheapest(component, row)
    found = solver.solve(Problems.of(component, [row]), 10.0).one(0)
    if best is None:
        assert (Status.INFEASIBLE, ()) == (found.status, found.values)
    else:
        assert Status.OPTIMAL is found.status
        assert best.values == found.values
        assert best.price * Prices(component).unit == found.price


@pytest.mark.parametrize("name", names())
@settings(max_examples=15, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.problems())
def test_row_and_price_are_those_of_enumeration(name: str, problem: Problem) -> None:
    agrees(problem, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cp-sat", "table"])
@settings(max_examples=20, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.problems(depth=3, most=4))
def test_row_and_price_are_those_of_enumeration_on_larger_rules(name: str, problem: Problem) -> None:
    agrees(problem, name)


@settings(max_examples=15, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.problems())
def test_stages_give_the_row_of_one_solve(problem: Problem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexicographic, "EXACT", 2)  # nothing fits with anything: one criterion a solve
        agrees(problem)


@settings(max_examples=15, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.problems())
def test_proofs_by_follow_up_solves_give_the_same_row(problem: Problem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "EXACT", 1)  # no bound of CP-SAT is trusted
        agrees(problem)


@settings(max_examples=15, deadline=None, suppress_health_check=RELAXED)
@given(normal_strategies.texts())
def test_texts_are_repaired_to_those_of_enumeration(problem: Problem) -> None:
    agrees(problem)


@pytest.mark.parametrize("rule", ["a < b", "a in { 2199-12-30T00:00:00, 2199-12-31T00:00:01 } and b > a"])
def test_values_far_from_the_beginning_of_wide_domains_fit_into_an_objective(rule: str) -> None:
    program = htdbu.compile_text(f"table t {{\n  a : datetime null\n  b : datetime null\n}}\nhard r: {rule}\n")
    far = ["", "x", "1900-01-01T00:00:00", "2199-12-30T00:00:01", "2199-12-31T23:59:59", "2300-01-01T00:00:00"]
    result = program.repair(pd.DataFrame([(a, b) for a in far for b in far], columns=["a", "b"]))
    report = result.report.to_dict()
    assert (0, 0) == (report["violating_rows_after"], report["feasible"])

"""Running CP-SAT: a ladder of two settings under one deterministic budget, with proofs that do not rest on doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from htdbu.errors import HtdbuError
from htdbu.solver.cpsat.model import Model, replace
from htdbu.solver.engine import Status

EXACT = 2**53
"""CP-SAT compares bounds in double precision: objectives below this are exact."""
FIRST_RUNG = 0.5
"""Deterministic time of the light settings; what they do not settle goes to full presolve."""
Terms = Sequence[tuple[int, int]]
"""Pairs of variable and coefficient."""
_STATUS = {
    cp_model.OPTIMAL: Status.OPTIMAL,
    cp_model.FEASIBLE: Status.FEASIBLE,
    cp_model.INFEASIBLE: Status.INFEASIBLE,
    cp_model.UNKNOWN: Status.UNKNOWN,
}


class InvalidModelError(HtdbuError):
    """CP-SAT refused a model: a mistake in the lowering, never in the rules."""


@dataclass
class Budget:
    """Deterministic time left for one row of one block."""

    left: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the values of all variables in a solution, or the assumptions that rule one out."""

    status: Status
    values: tuple[int, ...] = ()
    core: tuple[int, ...] = ()

    def total(self, terms: Terms) -> int:
        """The value of a linear form in this solution."""
        return sum(coefficient * self.values[variable] for variable, coefficient in terms)


class Search:
    """A solver with the settings of both rungs; one for each thread."""

    def __init__(self) -> None:
        self._rungs = (_solver(light=True), _solver(light=False))

    def minimise(self, model: Model, terms: Terms, budget: Budget) -> Answer:
        """The model's cheapest solution; optimal only where that is certain in whole numbers."""
        replace(model.proto.objective.vars, [v for v, _ in terms])
        replace(model.proto.objective.coeffs, [c for _, c in terms])
        answer = self._climb(model.proto, terms, budget)
        while answer.status is Status.OPTIMAL and abs(answer.total(terms)) >= EXACT:
            better = self._climb(_cheaper(model.proto, terms, answer.total(terms)), terms, budget)
            if better.status is Status.INFEASIBLE:
                break
            answer = better if better.status.solved else Answer(Status.FEASIBLE, answer.values)
        return answer

    def feasible(self, model: Model, budget: Budget) -> Answer:
        """Any solution of the model."""
        model.proto.clear_objective()
        return self._climb(model.proto, (), budget)

    def _climb(self, proto: Any, terms: Terms, budget: Budget) -> Answer:
        """The better answer of the light and, where that proves nothing, the full settings."""
        first = self._run(self._rungs[0], proto, min(FIRST_RUNG, budget.left), budget)
        if first.status in (Status.OPTIMAL, Status.INFEASIBLE):
            return first
        second = self._run(self._rungs[1], proto, budget.left, budget)
        if second.status in (Status.OPTIMAL, Status.INFEASIBLE) or first.status is Status.UNKNOWN:
            return second
        if second.status is Status.UNKNOWN or first.total(terms) <= second.total(terms):
            return first
        return second

    def _run(self, solver: cp_model.CpSolver, proto: Any, limit: float, budget: Budget) -> Answer:
        if limit <= 0:
            return Answer(Status.UNKNOWN)
        solver.parameters.max_deterministic_time = limit
        code = solver.solve(_Holder(proto))  # type: ignore[arg-type]
        response = solver.response_proto
        budget.left -= response.deterministic_time
        if code not in _STATUS:
            raise InvalidModelError(f"CP-SAT refused a repair model: {response.solution_info}")
        core = tuple(response.sufficient_assumptions_for_infeasibility)
        return Answer(_STATUS[code], tuple(response.solution), core)


@dataclass(frozen=True, slots=True)
class _Holder:
    """What `CpSolver.solve` reads of a model."""

    proto: Any


def _cheaper(proto: Any, terms: Terms, total: int) -> Any:
    """A copy of a model that must undercut a total; without an objective, since any such solution is progress."""
    copy = cp_model.CpModel().proto
    copy.copy_from(proto)
    bound = copy.constraints.add().linear
    bound.vars.extend([v for v, _ in terms])
    bound.coeffs.extend([c for _, c in terms])
    bound.domain.extend([-(2**62), total - 1])
    return copy


def _solver(light: bool) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    settings = solver.parameters
    settings.num_workers = 1
    settings.random_seed = 0
    settings.linearization_level = 2
    if light:
        settings.max_presolve_iterations = 1
        settings.cp_model_probing_level = 0
        settings.symmetry_level = 0
    return solver

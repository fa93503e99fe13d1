"""Running CP-SAT: a ladder of settings under one deterministic budget, with proofs that do not rest on doubles.

No one setting is safe: on small models presolve costs more than the search, and each setting has rows on which it
finds no solution for minutes while another needs milliseconds. So each gets a short turn before any gets a long one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from ortools.sat.python import cp_model

from htdbu.errors import HtdbuError
from htdbu.solver.cpsat.model import Model, replace
from htdbu.solver.solutions import Status

EXACT = 2**53
"""CP-SAT compares bounds in double precision: objectives below this are exact."""
Ladder = Sequence[tuple[str, float]]
LADDER = (("bare", 0.02), ("light", 0.02), ("quick", 0.1), ("bare", 0.5), ("quick", 1.0))
"""For the models of single rows, small and with a price: settings and their deterministic time, in turn."""
PATIENCE = 12.5
"""Seconds for one unit of deterministic time, many times what it takes, after which a rung of a ladder is left."""
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
    """A solver for each of the settings; one for each thread.

    Args:
        ladder: settings and their deterministic time, in turn, before full presolve with all that is left.
        patience: seconds after which one run is given up although its budget is not spent. Narrowing wide products step
            by step is the one thing that CP-SAT does without counting; nothing else comes near a sensible patience. A
            rung of the ladder is left after its own patience, in favour of the next one.

    Attributes:
        is_impatient: whether a run was given up so: the next one on the same model would fare no better.
    """

    def __init__(self, ladder: Ladder = LADDER, patience: float = inf) -> None:
        self.is_impatient = False
        self._ladder = ladder
        self._patience = patience
        self._solvers = {name: _solver(name) for name in ("bare", "light", "swift", "quick", "full")}

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

    def feasible(self, model: Model, budget: Budget, hints: Terms = ()) -> Answer:
        """Any solution of the model; hints are pairs of variable and value to try first."""
        model.proto.clear_objective()
        replace(model.proto.solution_hint.vars, [variable for variable, _ in hints])
        replace(model.proto.solution_hint.values, [value for _, value in hints])
        answer = self._climb(model.proto, (), budget)
        model.proto.clear_solution_hint()
        return answer

    def _climb(self, proto: Any, terms: Terms, budget: Budget) -> Answer:
        """The first answer with a proof, else the best without one."""
        best = Answer(Status.UNKNOWN)
        for name, limit in (*self._ladder, ("full", inf)):
            answer = self._run(self._solvers[name], proto, min(limit, budget.left), PATIENCE * limit, budget)
            if answer.status in (Status.OPTIMAL, Status.INFEASIBLE):
                return answer
            found = answer.status is Status.FEASIBLE
            if found and (best.status is Status.UNKNOWN or answer.total(terms) < best.total(terms)):
                best = answer
        return best

    def _run(self, solver: cp_model.CpSolver, proto: Any, limit: float, patience: float, budget: Budget) -> Answer:
        if limit <= 0:
            return Answer(Status.UNKNOWN)
        solver.parameters.max_deterministic_time = limit
        solver.parameters.max_time_in_seconds = min(self._patience, patience)
        code = solver.solve(_Holder(proto))  # type: ignore[arg-type]
        self.is_impatient |= solver.wall_time >= 0.9 * self._patience
        response = solver.response_proto
        # A rung that was left costs all that it may, so that what the others get does not depend on the machine.
        budget.left -= limit if solver.wall_time >= 0.9 * patience else response.deterministic_time
        if code not in _STATUS:
            raise InvalidModelError(f"CP-SAT refused a repair model: {response.solution_info}")
        core = tuple(response.sufficient_assumptions_for_infeasibility)
        return Answer(_STATUS[code], tuple(response.solution), core)


@dataclass(frozen=True, slots=True)
class _Holder:
    """What `CpSolver.solve` reads of a model."""

    proto: Any


def _cheaper(proto: Any, terms: Terms, total: int) -> Any:
    """A copy of a model that must undercut a total."""
    copy = cp_model.CpModel().proto
    copy.copy_from(proto)
    bound = copy.constraints.add().linear
    bound.vars.extend([v for v, _ in terms])
    bound.coeffs.extend([c for _, c in terms])
    bound.domain.extend([-(2**62), total - 1])
    return copy


def _solver(name: str) -> cp_model.CpSolver:
    """Settings that a rung of a ladder names; all but the swift ones relax products and sums linearly."""
    solver = cp_model.CpSolver()
    settings = solver.parameters
    settings.num_workers = 1
    settings.random_seed = 0
    settings.linearization_level = 1 if name == "swift" else 2
    settings.catch_sigint_signal = False  # Ctrl-C is Python's, and no reason to give up on a row
    if name == "bare":
        settings.cp_model_presolve = False
    if name in ("light", "swift", "quick"):
        settings.max_presolve_iterations = 1
        settings.cp_model_probing_level = 0
        settings.symmetry_level = 0
    if name in ("swift", "quick"):
        settings.search_branching = cp_model.PORTFOLIO_WITH_QUICK_RESTART_SEARCH
    return solver

"""The nearest counts that meet demands, proved by CP-SAT."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from ortools.sat.python import cp_model

from htdbu.generators.plan.counts import Demand, Distance, Limit
from htdbu.generators.plan.unmet import Unmet

_BUDGET = 1.0
"""Deterministic time of one search: some seconds, and the same result on every machine."""


def solve(wanted: Sequence[int], demands: Sequence[Demand], budget: float = _BUDGET) -> list[int] | Unmet:
    """The counts nearest to the wanted ones that meet all demands, or the nearest found within the budget."""
    if not _fits(sum(wanted), demands):
        return Unmet.UNDECIDED
    model, counts = _model(sum(wanted), len(wanted), demands)
    _minimise_gaps(model, counts, wanted)
    solver = _solver(budget)
    status = solver.solve(model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [solver.value(count) for count in counts]
    return Unmet.IMPOSSIBLE if status == cp_model.INFEASIBLE else Unmet.UNDECIDED


def impossible(total: int, cells: int, demands: Sequence[Demand], budget: float = _BUDGET) -> bool:
    """Whether it is proved that no counts with this sum meet the demands."""
    return _fits(total, demands) and bool(
        _solver(budget).solve(_model(total, cells, demands)[0]) == cp_model.INFEASIBLE
    )


def _fits(total: int, demands: Sequence[Demand]) -> bool:
    """Whether no sum of a model comes near the end of 64 bits."""
    widest = 0
    for demand in demands:
        if isinstance(demand, Limit):
            numbers = [*demand.coefficients, *(end for end in (demand.low, demand.high) if end is not None)]
            widest = max(widest, int(_common(numbers) * max(map(abs, numbers))) * total * 2)
        else:
            scale = _common([*demand.shares, demand.within])
            widest = max(widest, scale * total * (len(demand.shares) + 2))
    return widest < 2**60


def _solver(budget: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is Python's
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = budget
    return solver


def _model(total: int, cells: int, demands: Sequence[Demand]) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    model = cp_model.CpModel()
    counts = [model.new_int_var(0, total, f"n{i}") for i in range(cells)]
    model.add(sum(counts) == total)
    for demand in demands:
        if isinstance(demand, Limit):
            _add_limit(model, counts, demand)
        else:
            _add_distance(model, counts, demand, total)
    return model, counts


def _minimise_gaps(model: cp_model.CpModel, counts: Sequence[cp_model.IntVar], wanted: Sequence[int]) -> None:
    gaps = [_gap(model, count - goal, sum(wanted)) for count, goal in zip(counts, wanted, strict=True)]
    model.minimize(sum(gaps))


def _gap(model: cp_model.CpModel, value: cp_model.LinearExprT, most: int) -> cp_model.IntVar:
    """A variable of at least |value|.

    Two inequalities, since an equality with an absolute value of a long sum takes presolve minutes, which no limit
    on time ends.
    """
    gap = model.new_int_var(0, most, "")
    model.add(gap >= value)
    model.add(gap >= -value)
    return gap


def _add_limit(model: cp_model.CpModel, counts: Sequence[cp_model.IntVar], limit: Limit) -> None:
    ends = [end for end in (limit.low, limit.high) if end is not None]
    scale = _common([*limit.coefficients, *ends])
    value = sum(int(c * scale) * count for c, count in zip(limit.coefficients, counts, strict=True) if c)
    if limit.low is not None:
        model.add(value >= int(limit.low * scale))
    if limit.high is not None:
        model.add(value <= int(limit.high * scale))


def _add_distance(model: cp_model.CpModel, counts: Sequence[cp_model.IntVar], demand: Distance, total: int) -> None:
    members: list[list[cp_model.IntVar]] = [[] for _ in demand.shares]
    for part, count in zip(demand.parts, counts, strict=True):
        if part >= 0:
            members[part].append(count)
    counted = total if -1 not in demand.parts else sum(count for group in members for count in group)
    scale = _common([*demand.shares, demand.within])
    gaps = [
        _gap(model, scale * sum(group) - int(share * scale) * counted, scale * total)
        for group, share in zip(members, demand.shares, strict=True)
    ]
    model.add(sum(gaps) <= int(2 * demand.within * scale) * counted)


def _common(numbers: Sequence[Fraction]) -> int:
    return lcm(*(number.denominator for number in numbers))

"""Whole numbers of rows for shares: largest remainders from the top down, and the nearest counts that meet targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ortools.sat.python import cp_model

from htdbu.errors import InfeasibleError

Cell = tuple[object, ...]


def largest_remainders(weights: Sequence[Fraction], total: int) -> list[int]:
    """Split `total` in proportion to weights: whole parts first, the rest to the largest remainders, earlier first.

    Source: Hamilton's method. All weights 0 gives all counts 0.
    """
    mass = sum(weights, Fraction(0))
    if mass == 0:
        return [0] * len(weights)
    ideal = [weight * total / mass for weight in weights]
    counts = [int(share) for share in ideal]
    order = sorted(range(len(weights)), key=lambda i: (counts[i] - ideal[i], i))
    for i in order[: total - sum(counts)]:
        counts[i] += 1
    return counts


def top_down(cells: Sequence[Cell], weights: Sequence[Fraction], total: int) -> list[int]:
    """Counts of cells: the split by the first position is exact, then that by the second within each, and so on."""
    counts = [0] * len(cells)

    def split(members: list[int], depth: int, amount: int) -> None:
        if not members or amount == 0:
            return
        if depth == len(cells[members[0]]):
            counts[members[0]] = amount
            return
        groups: dict[object, list[int]] = {}
        for i in members:
            groups.setdefault(cells[i][depth], []).append(i)
        masses = [sum((weights[i] for i in group), Fraction(0)) for group in groups.values()]
        for group, part in zip(groups.values(), largest_remainders(masses, amount), strict=True):
            split(group, depth + 1, part)

    split(list(range(len(cells))), 0, total)
    return counts


@dataclass(frozen=True)
class Limit:
    """A named demand on the counts: `low <= sum(coefficients * counts) <= high`, exact."""

    name: str
    coefficients: tuple[Fraction, ...]
    low: Fraction | None
    high: Fraction | None

    def holds(self, counts: Sequence[int]) -> bool:
        """Whether counts meet it."""
        value = _dot(self.coefficients, counts)
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True)
class Distance:
    """A named demand on a distribution: `sum over parts |part . counts| <= most . counts`, exact.

    For shares p_g of the counted rows within a total variation distance T, part g is `1[i in g] - p_g * 1[i counted]`
    and `most` is `2 T * 1[i counted]`.
    """

    name: str
    parts: tuple[tuple[Fraction, ...], ...]
    most: tuple[Fraction, ...]

    def holds(self, counts: Sequence[int]) -> bool:
        """Whether counts meet it."""
        return sum((abs(_dot(part, counts)) for part in self.parts), Fraction(0)) <= _dot(self.most, counts)


Demand = Limit | Distance


def nearest(wanted: Sequence[int], total: int, demands: Sequence[Demand]) -> list[int] | None:
    """The counts nearest to `wanted` (least sum of absolute differences) that add up to `total` and meet all demands.

    None where there are none.
    """
    if sum(wanted) == total and all(demand.holds(wanted) for demand in demands):
        return list(wanted)
    return _solve(wanted, total, demands)


def conflict(wanted: Sequence[int], total: int, demands: Sequence[Demand]) -> InfeasibleError:
    """The error that names a smallest set of demands which no counts meet together."""
    names = list(dict.fromkeys(demand.name for demand in demands))
    for name in list(names):
        rest = [demand for demand in demands if demand.name in names and demand.name != name]
        if rest and _impossible(wanted, total, rest):
            names.remove(name)
    shown = ", ".join(f"`{name}`" for name in names)
    hint = "widen one of them, or ask for another number of rows"
    return InfeasibleError(f"no table of {total} rows meets {shown}", hint)


def _impossible(wanted: Sequence[int], total: int, demands: Sequence[Demand]) -> bool:
    """Whether it is proved that no counts meet the demands."""
    solver = _solver()
    return solver.solve(_model(wanted, total, demands, nearest=False)[0]) == cp_model.INFEASIBLE


def _solve(wanted: Sequence[int], total: int, demands: Sequence[Demand]) -> list[int] | None:
    """Counts that meet the demands, nearest to the wanted ones; None where none were found."""
    model, counts = _model(wanted, total, demands, nearest=True)
    solver = _solver()
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [solver.value(count) for count in counts]


def _solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is Python's
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = 5.0
    return solver


def _model(
    wanted: Sequence[int], total: int, demands: Sequence[Demand], nearest: bool
) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Counts that meet the demands, with or without the wish that they are near the wanted ones."""
    model = cp_model.CpModel()
    counts = [model.new_int_var(0, total, f"n{i}") for i in range(len(wanted))]
    model.add(sum(counts) == total)
    for demand in demands:
        if isinstance(demand, Limit):
            _add_limit(model, counts, demand)
        else:
            _add_distance(model, counts, demand, total)
    if nearest:
        _minimise_gaps(model, counts, wanted, total)
    return model, counts


def _minimise_gaps(model: cp_model.CpModel, counts: list[cp_model.IntVar], wanted: Sequence[int], total: int) -> None:
    gaps = []
    for i, (count, goal) in enumerate(zip(counts, wanted, strict=True)):
        gap = model.new_int_var(0, total, f"d{i}")
        model.add_abs_equality(gap, count - goal)
        gaps.append(gap)
    model.minimize(sum(gaps))


def _add_limit(model: cp_model.CpModel, counts: list[cp_model.IntVar], limit: Limit) -> None:
    ends = [end for end in (limit.low, limit.high) if end is not None]
    scale = _common([*limit.coefficients, *ends])
    value = _expression(limit.coefficients, counts, scale)
    if limit.low is not None:
        model.add(value >= int(limit.low * scale))
    if limit.high is not None:
        model.add(value <= int(limit.high * scale))


def _add_distance(model: cp_model.CpModel, counts: list[cp_model.IntVar], demand: Distance, total: int) -> None:
    scale = _common([c for part in (*demand.parts, demand.most) for c in part])
    gaps = []
    for part in demand.parts:
        gap = model.new_int_var(0, total * scale * max(1, *(int(abs(c)) + 1 for c in part)), "")
        model.add_abs_equality(gap, _expression(part, counts, scale))
        gaps.append(gap)
    model.add(sum(gaps) <= _expression(demand.most, counts, scale))


def _expression(coefficients: Sequence[Fraction], counts: list[cp_model.IntVar], scale: int) -> cp_model.LinearExprT:
    return sum(int(c * scale) * count for c, count in zip(coefficients, counts, strict=True) if c)


def _dot(coefficients: Sequence[Fraction], counts: Sequence[int]) -> Fraction:
    return sum((c * k for c, k in zip(coefficients, counts, strict=True) if c and k), Fraction(0))


def _common(numbers: Sequence[Fraction]) -> int:
    return lcm(*(number.denominator for number in numbers))

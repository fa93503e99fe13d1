"""What factors and targets ask of the plan: stated shares before rows are counted, demands on the counts after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np

from htdbu.compiler.literals import steps
from htdbu.compiler.normal import Bool, NormalProgram
from htdbu.compiler.program import Column, Factor, FactorBranch, Program, Share, Target
from htdbu.compiler.shares import Parts, corner, share_box
from htdbu.generators.plan.cells import table_of
from htdbu.generators.plan.counts import FIRM, SOFT, Demand, Distance, Limit
from htdbu.generators.plan.masses import Cell, Masses, Stated
from htdbu.generators.plan.rounding import largest_remainders
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.table import EncodedTable
from htdbu.solver.tallies import ShareTable

Goal = dict[Cell, Fraction]
"""Shares by the values of some columns."""
_RANGES = 8
_FITTINGS = 30
"""So often several stated factors are fitted in turn; what they lack then, the counts make up for."""


def shape(program: Program, masses: Masses, columns: Sequence[int]) -> None:
    """Move the masses to what rules and stated shares demand; several factors are fitted in turn until they agree."""
    place = {program.columns[i].name: position for position, i in enumerate(columns)}
    factors = [factor for factor in program.factors if factor.column in place]
    if columns:
        masses.settle(sum(1 for i in columns if program.columns[i].name in {f.column for f in factors}))
    stated = [demand for factor in factors for demand in _stated(program, factor, place, masses)]
    if len(factors) <= 1:
        for demand in stated:
            masses.meet(demand)
        return
    for _ in range(_FITTINGS):
        for demand in stated:
            masses.meet(demand)
        masses.round()


def _stated(program: Program, factor: Factor, place: dict[str, int], masses: Masses) -> Iterator[Stated]:
    column, position = program.column(factor.column), place[factor.column]
    if factor.shares:
        yield Stated(position, _ranges(column, factor.shares), {})
    for branch in factor.branches:
        domain = masses.domains[position]
        inside = frozenset(value for value, fits in zip(domain, _inside(column, branch, domain), strict=True) if fits)
        for attribute in branch.attributes:
            if attribute.shares and attribute.column in place:
                other = program.column(attribute.column)
                yield Stated(place[attribute.column], _ranges(other, attribute.shares), {position: inside})


def _ranges(column: Column, shares: Sequence[Share]) -> dict[tuple[int, int], Fraction]:
    return {share_box(share, (column,))[0]: Fraction(share.share) for share in shares}


def demands_on(
    program: Program,
    normal: NormalProgram,
    columns: Sequence[int],
    conditions: Sequence[Bool],
    cells: Sequence[Cell],
    n: int,
    goals: Mapping[str, Goal],
) -> list[Demand]:
    """What targets ask of the counts of `n` rows, and the stated shares, which targets may not move.

    Args:
        goals: see `goals_of`.
    """
    place = {program.columns[i].name: position for position, i in enumerate(columns)}
    demands: list[Demand] = []
    for factor in program.factors:
        demands += _conditional(program, factor, place, cells)
        if factor.shares and factor.column in place:
            demands += _held(program, factor, cells, place[factor.column], n)
    truths = Truths(normal, columns, conditions, cells)
    for target, lowered in zip(program.targets, normal.targets, strict=True):
        given = truths.of(lowered.given)
        if target.measure == "share" and lowered.condition is not None:
            demands += _share_limits(target, truths.of(lowered.condition), given)
        elif target.measure == "dist" and all(name in place for name in target.columns):
            positions = [place[name] for name in target.columns]
            every = lowered.given is None and not any(program.column(name).nullable for name in target.columns)
            demands += _distance(target, cells, positions, given, goals[target.name], parts_of(program, target), every)
    return demands


def likeness(
    program: Program, columns: Sequence[int], cells: Sequence[Cell], masses: Sequence[Fraction]
) -> list[Distance]:
    """The wish that each planned column keeps the shares that the masses of the cells give it.

    A column of many numbers keeps those of eight ranges too: few rows cannot show every value, but spread like them.
    """
    found: list[Distance] = []
    for position, i in enumerate(columns):
        values = [cell[position] for cell in cells]
        found.append(_wish(program.columns[i].name, values, masses))
        if program.columns[i].type.kind != "category" and len(set(values)) > 2 * _RANGES:
            found.append(_wish(program.columns[i].name, _ranges_of(values, masses), masses))
    return found


def _wish(name: str, values: Sequence[int | None], masses: Sequence[Fraction]) -> Distance:
    places: dict[int | None, int] = {}
    parts = tuple(places.setdefault(value, len(places)) for value in values)
    sums = [Fraction(0)] * len(places)
    for part, mass in zip(parts, masses, strict=True):
        sums[part] += mass
    total = sum(sums, Fraction(0))
    return Distance(f"likeness of {name}", parts, tuple(_near(mass / total) for mass in sums), Fraction(0), SOFT)


def _ranges_of(values: Sequence[int | None], masses: Sequence[Fraction]) -> list[int | None]:
    """For each value the number of the range that it lies in; ranges have about equal masses."""
    total, below = sum(masses, Fraction(0)), Fraction(0)
    sums: dict[int, Fraction] = {}
    for value, mass in zip(values, masses, strict=True):
        if value is not None:
            sums[value] = sums.get(value, Fraction(0)) + mass
    ranges: dict[int | None, int | None] = {None: None}
    for value in sorted(sums):
        ranges[value] = min(_RANGES - 1, int(_RANGES * (below + sums[value] / 2) / total))
        below += sums[value]
    return [ranges[value] for value in values]


def _near(share: Fraction) -> Fraction:
    """A share to nine digits: a wish need not be exact, and its sums stay small."""
    return Fraction(round(share * 10**9), 10**9)


def _held(program: Program, factor: Factor, cells: Sequence[Cell], position: int, n: int) -> Iterator[Limit]:
    """The stated shares of a factor, as the largest remainders of all rows; other values get none."""
    column = program.column(factor.column)
    boxes = [share_box(share, (column,)) for share in factor.shares or ()]
    totals = dict(
        zip(map(corner, boxes), largest_remainders([Fraction(s.share) for s in factor.shares or ()], n), strict=True)
    )
    parts = Parts(boxes)
    held = [None if cell[position] is None else parts.of((cell[position] or 0,)) for cell in cells]
    for part in dict.fromkeys([*totals, *held]):
        total = Fraction(0 if part is None else totals.get(part, 0))
        yield Limit(f"factor {factor.column}", tuple(Fraction(other == part) for other in held), total, total, FIRM)


def _conditional(program: Program, factor: Factor, place: dict[str, int], cells: Sequence[Cell]) -> Iterator[Limit]:
    """The stated shares of the attributes: each holds among the rows of its branch, to the nearest row."""
    for branch in factor.branches:
        for attribute in branch.attributes:
            if not attribute.shares or not {factor.column, attribute.column} <= place.keys():
                continue
            rows = _inside(program.column(factor.column), branch, [cell[place[factor.column]] for cell in cells])
            column = program.column(attribute.column)
            for (low, high), share in _ranges(column, attribute.shares).items():
                values = [cell[place[attribute.column]] for cell in cells]
                held = [
                    row and value is not None and low <= value <= high for row, value in zip(rows, values, strict=True)
                ]
                gaps = tuple(Fraction(h) - share * Fraction(row) for h, row in zip(held, rows, strict=True))
                most = Fraction(share.denominator - 1, share.denominator)
                yield Limit(f"factor {factor.column}", gaps, -most, most, FIRM)


def _inside(column: Column, branch: FactorBranch, values: Sequence[int | None]) -> list[bool]:
    """Which values of a factor are those of a branch."""
    low, high = (None if end is None else steps(end, column.type) for end in (branch.values.low, branch.values.high))
    return [value is not None and (low is None or value >= low) and (high is None or value <= high) for value in values]


class Truths:
    """Truth of a target's condition in every cell: from the planned columns, or from the cell's own truth positions."""

    def __init__(
        self, normal: NormalProgram, columns: Sequence[int], conditions: Sequence[Bool], cells: Sequence[Cell]
    ) -> None:
        self.normal, self.columns, self.conditions, self.cells = normal, columns, conditions, cells

    def of(self, node: Bool | None) -> list[bool | None]:
        """True, False or unknown (None) per cell; True everywhere without a condition."""
        if node is None:
            return [True] * len(self.cells)
        if node in self.conditions:
            position = len(self.columns) + self.conditions.index(node)
            return [None if cell[position] is None else bool(cell[position]) for cell in self.cells]
        true, false = evaluate_cells(self.normal, self.columns, self.cells, node)
        return [True if t else False if f else None for t, f in zip(true, false, strict=True)]


def evaluate_cells(
    normal: NormalProgram, columns: Sequence[int], cells: Sequence[Cell], node: Bool
) -> tuple[list[bool], list[bool]]:
    """Where a condition over planned columns is true, and where it is false."""
    table = table_of(cells, columns, EncodedTable.blank(normal, 0))
    true, false = Evaluator(normal, table).truth(node)
    return np.broadcast_to(true, len(cells)).tolist(), np.broadcast_to(false, len(cells)).tolist()


def _share_limits(target: Target, condition: list[bool | None], given: list[bool | None]) -> Iterator[Limit]:
    counted = [g is True and c is not None for c, g in zip(condition, given, strict=True)]
    for end, sign in ((target.low, 1), (target.high, -1)):
        if end is not None:
            share = Fraction(str(end.value))
            row = tuple(
                sign * (Fraction(c is True) - share) if k else Fraction(0)
                for c, k in zip(condition, counted, strict=True)
            )
            yield Limit(target.name, row, Fraction(0), None)
    yield _some(target, counted)


def _some(target: Target, counted: Sequence[bool]) -> Limit:
    """The demand that at least one row counts: over none, a target is not met."""
    return Limit(target.name, tuple(Fraction(k) for k in counted), Fraction(1), None)


def goals_of(program: Program, normal: NormalProgram, real: EncodedTable) -> dict[str, Goal]:
    """The shares that each `dist` target compares with: stated, or those of the real rows as `check` counts them."""
    goals: dict[str, Goal] = {}
    for target, lowered in zip(program.targets, normal.targets, strict=True):
        if target.real:
            held = ShareTable(program, target, lowered)
            held.add(real)
            goals[target.name] = {}
            goals[target.name].update(sorted(held.shares.items()))
        elif target.measure == "dist":
            columns = [program.column(name) for name in target.columns]
            goals[target.name] = {corner(share_box(s, columns)): Fraction(s.share) for s in target.shares or ()}
    return goals


def parts_of(program: Program, target: Target) -> Parts:
    """The parts that a `dist` target counts by."""
    columns = [program.column(name) for name in target.columns]
    return Parts(share_box(share, columns) for share in target.shares or ())


def _part(stated: Parts, key: Cell) -> Cell:
    known = tuple(value for value in key if value is not None)
    return stated.of(known) if len(known) == len(key) else key


def _distance(
    target: Target,
    cells: Sequence[Cell],
    positions: Sequence[int],
    given: list[bool | None],
    goal: Goal,
    stated: Parts,
    every: bool,
) -> Iterator[Demand]:
    """The distance from a goal, over one row at least."""
    keys = [_part(stated, tuple(cell[p] for p in positions)) for cell in cells]
    counted = [g is True and None not in key for key, g in zip(keys, given, strict=True)]
    named = dict.fromkeys([*goal, *(key for key, k in zip(keys, counted, strict=True) if k)])
    places = {key: place for place, key in enumerate(named)}
    parts = tuple(places[key] if k else -1 for key, k in zip(keys, counted, strict=True))
    within = Fraction(str(target.high.value)) if target.high is not None else Fraction(0)
    yield Distance(target.name, parts, tuple(goal.get(key, Fraction(0)) for key in named), within, every=every)
    yield _some(target, counted)

"""The plan: how many rows of every combination of the skeleton's columns, decided before anything is sampled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.literals import steps
from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.build import contains
from htdbu.compiler.lowering.domains import declared
from htdbu.compiler.normal import Bool, NormalProgram, variables
from htdbu.compiler.program import Attribute, Column, Factor, Program, Share, Target
from htdbu.errors import InfeasibleError
from htdbu.generators.quotas import Demand, Distance, Limit, nearest, top_down
from htdbu.generators.skeleton import Cell, Masses, Stated
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.spelling import text_speller
from htdbu.solver.table import NULL, VALUE, EncodedTable

_MOST_VALUES = 200
"""A number is planned value by value only where its domain has at most so many."""


@dataclass(frozen=True)
class Plan:
    """Counts of rows per cell.

    Attributes:
        columns: positions in the program of the planned columns, factors first.
        conditions: further positions of a cell: truth values (1, 0, None for unknown) of conditions of targets.
        cells, counts, real: each combination, its rows in the plan, and its share of the real rows.
    """

    columns: tuple[int, ...]
    conditions: tuple[Bool, ...]
    cells: tuple[Cell, ...]
    counts: tuple[int, ...]
    real: tuple[float, ...]

    def shuffled(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """The cell of every row, in random order."""
        return rng.permutation(np.repeat(np.arange(len(self.cells)), self.counts))

    def summary(self, program: Program, table: EncodedTable) -> list[dict[str, Any]]:
        """Per combination of planned columns: its values, its rows in the plan and in a table, its real share."""
        got = _observed(table, normalise(program), self.columns, ())
        planned: dict[Cell, int] = {}
        real: dict[Cell, float] = {}
        for cell, count, share in zip(self.cells, self.counts, self.real, strict=True):
            head = cell[: len(self.columns)]
            planned[head] = planned.get(head, 0) + count
            real[head] = real.get(head, 0.0) + share
        if not self.columns:
            return []
        return [
            {
                "cell": {
                    program.columns[i].name: _shown(program.columns[i], v)
                    for i, v in zip(self.columns, head, strict=True)
                },
                "planned": planned.get(head, 0),
                "real_share": real.get(head, 0.0),
                "got": got.get(head, 0),
            }
            for head in dict.fromkeys([*planned, *got])
        ]


def make_plan(program: Program, real: EncodedTable, n: int) -> Plan:
    """Quotas for `n` rows from the factors, the targets and the real rows.

    Raises:
        InfeasibleError: where the rules leave no combination, or where shares and targets cannot hold together.
    """
    normal = normalise(program)
    columns = planned_columns(program)
    conditions = _conditions(normal, columns)
    observed = _observed(real, normal, columns, conditions)
    masses = Masses(observed, _domains(program, normal, columns, len(conditions)), _judge(normal, columns, real))
    _shape(program, masses, columns)
    if columns and not masses.mass:
        names = ", ".join(f"`{program.columns[i].name}`" for i in columns)
        raise InfeasibleError(f"the rules leave no combination of {names}", "run `htdbu compile` on the rules")
    cells = sorted(masses.mass, key=lambda cell: [(value is not None, value or 0) for value in cell]) or [()]
    weights = [masses.mass.get(cell, Fraction(1)) for cell in cells]
    wanted = top_down(cells, weights, n)
    demands = _demands(program, normal, columns, conditions, cells, wanted, observed) if n else []
    counts = nearest(wanted, n, demands)
    total = sum(observed.values()) or 1
    shares = tuple(observed.get(cell, 0) / total for cell in cells)
    return Plan(columns, conditions, tuple(cells), tuple(counts), shares)


def planned_columns(program: Program) -> tuple[int, ...]:
    """Positions of the columns that are planned: factors, their attributes, then the columns of `dist` targets."""
    names: dict[str, None] = {}
    attributes = [a for f in program.factors for b in f.branches for a in b.attributes]
    for factor in program.factors:
        if factor.shares is not None or _size(program.column(factor.column)) <= _MOST_VALUES:
            names[factor.column] = None
    for attribute in attributes:
        if attribute.shares is not None or _size(program.column(attribute.column)) <= _MOST_VALUES:
            names[attribute.column] = None
    for target in program.targets:
        if target.measure == "dist" and all(_size(program.column(name)) <= _MOST_VALUES for name in target.columns):
            names.update(dict.fromkeys(target.columns))
    free = [name for name in names if program.column(name).derived is None and not program.column(name).key]
    return tuple(program.column_index[name] for name in free)


def _shown(column: Column, value: int | None) -> str | bool | None:
    """A planned value as the rules spell it."""
    if value is None or column.type.kind == "bool":
        return None if value is None else bool(value)
    return str(text_speller(column, None)(value))


def _size(column: Column) -> float:
    domain = declared(column)
    if not domain:
        return float("inf")
    return sum(float("inf") if low is None or high is None else high - low + 1 for low, high in domain)


def _conditions(normal: NormalProgram, columns: Sequence[int]) -> tuple[Bool, ...]:
    """Conditions of `share` targets that the planned columns do not decide."""
    found: dict[Bool, None] = {}
    for target in normal.targets:
        for node in (target.condition, target.given):
            if node is not None and target.condition is not None and not variables(node) <= set(columns):
                found[node] = None
    return tuple(found)


def _observed(
    real: EncodedTable, normal: NormalProgram, columns: Sequence[int], conditions: Sequence[Bool]
) -> dict[Cell, int]:
    """How many real rows hold each cell; rows with a broken planned cell are left out."""
    if not columns and not conditions:
        return {(): real.n_rows}
    parts = [np.where(real.states[i] == NULL, NULL_CODE, real.values[i]) for i in columns]
    parts += [truth_codes(Evaluator(normal, real), node) for node in conditions]
    sound = np.all([real.states[i] <= NULL for i in columns], axis=0) if columns else np.ones(real.n_rows, bool)
    stacked = np.stack(parts, axis=1)[sound]
    values, counts = np.unique(stacked, axis=0, return_counts=True)
    return {
        tuple(None if value == NULL_CODE else int(value) for value in row): int(count)
        for row, count in zip(values.tolist(), counts.tolist(), strict=True)
    }


NULL_CODE = np.int64(np.iinfo(np.int64).min)


def truth_codes(evaluator: Evaluator, node: Bool) -> NDArray[np.int64]:
    """1, 0 or the null mark for every row of a table."""
    true, false = evaluator.truth(node)
    return np.where(true, np.int64(1), np.where(false, np.int64(0), NULL_CODE))


def _domains(
    program: Program, normal: NormalProgram, columns: Sequence[int], conditions: int
) -> list[list[int | None]]:
    domains: list[list[int | None]] = []
    for i in columns:
        column = normal.columns[i]
        stated = _stated_values(program, program.columns[i])
        ranges = [range(int(low or 0), int(high or 0) + 1) for low, high in column.box]
        values = stated if stated is not None else [value for part in ranges for value in part]
        domains.append([*([None] if column.nullable else []), *values])
    return domains + [[0, 1, None]] * conditions


def _stated_values(program: Program, column: Column) -> list[int] | None:
    """The values that shares name for a column too wide to be listed; None for others."""
    if _size(column) <= _MOST_VALUES:
        return None
    shares = [f.shares for f in program.factors if f.column == column.name and f.shares]
    shares += [a.shares for a in _attributes(program) if a.column == column.name and a.shares]
    return sorted({_code(column, share) for group in shares for share in group})


def _attributes(program: Program) -> Iterator[Attribute]:
    return (a for factor in program.factors for branch in factor.branches for a in branch.attributes)


def _code(column: Column, share: Share) -> int:
    return int(steps(str(share.values[0]), column.type))


def _judge(normal: NormalProgram, columns: Sequence[int], like: EncodedTable) -> Callable[[Sequence[Cell]], list[bool]]:
    """Tells which cells break no domain, no null and no hard rule over the planned columns alone."""
    known = set(columns)
    rules = [rule.outcome for rule in normal.rules if rule.kind == "hard" and rule.columns and rule.columns <= known]

    def allowed(cells: Sequence[Cell]) -> list[bool]:
        good = np.ones(len(cells), bool)
        for place, i in enumerate(columns):
            column = normal.columns[i]
            for row, cell in enumerate(cells):
                value = cell[place]
                good[row] &= column.nullable if value is None else contains(column.domain, value)
        evaluator = Evaluator(normal, table_of(cells, columns, like))
        for outcome in rules:
            good &= ~evaluator.truth(outcome)[1]
        return [bool(fine) for fine in good]

    return allowed


def table_of(cells: Sequence[Cell], columns: Sequence[int], like: EncodedTable) -> EncodedTable:
    """Cells as rows of a table in which every other column is null."""
    table = like.empty(len(cells))
    for place, i in enumerate(columns):
        table.values[i] = [cell[place] or 0 for cell in cells]
        table.states[i] = [NULL if cell[place] is None else VALUE for cell in cells]
    return table


def _shape(program: Program, masses: Masses, columns: Sequence[int]) -> None:
    """Move the masses to what rules and stated shares demand; several factors are fitted in turn until they agree."""
    place = {program.columns[i].name: position for position, i in enumerate(columns)}
    factors = [factor for factor in program.factors if factor.column in place]
    if columns:
        masses.settle(sum(1 for i in columns if program.columns[i].name in {f.column for f in factors}))
    stated = [demand for factor in factors for demand in _stated(program, factor, place, masses)]
    for _ in range(1 if len(factors) <= 1 else 30):
        for demand in stated:
            masses.meet(demand)


def _stated(program: Program, factor: Factor, place: dict[str, int], masses: Masses) -> Iterator[Stated]:
    column, position = program.column(factor.column), place[factor.column]
    if factor.shares:
        yield Stated(position, {_code(column, s): Fraction(s.share) for s in factor.shares}, {})
    for branch in factor.branches:
        low, high = branch.values.low, branch.values.high
        ends = [None if end is None else steps(end, column.type) for end in (low, high)]
        inside = frozenset(
            value
            for value in masses.domains[position]
            if value is not None and (ends[0] is None or value >= ends[0]) and (ends[1] is None or value <= ends[1])
        )
        for attribute in branch.attributes:
            if attribute.shares and attribute.column in place:
                other = program.column(attribute.column)
                shares: dict[int | None, Fraction] = {_code(other, s): Fraction(s.share) for s in attribute.shares}
                yield Stated(place[attribute.column], shares, {position: inside})


def _demands(
    program: Program,
    normal: NormalProgram,
    columns: Sequence[int],
    conditions: Sequence[Bool],
    cells: Sequence[Cell],
    wanted: Sequence[int],
    observed: dict[Cell, int],
) -> list[Demand]:
    """What targets ask of the counts, and the stated shares, which targets may not move."""
    place = {program.columns[i].name: position for position, i in enumerate(columns)}
    demands: list[Demand] = []
    for factor in program.factors:
        if factor.shares and factor.column in place:
            demands += _held(f"factor {factor.column}", cells, place[factor.column], wanted)
    truths = _Truths(normal, columns, conditions, cells)
    for target, lowered in zip(program.targets, normal.targets, strict=True):
        given = truths.of(lowered.given)
        if target.measure == "share" and lowered.condition is not None:
            demands += _share_limits(target, truths.of(lowered.condition), given)
        elif target.measure == "dist" and all(name in place for name in target.columns):
            goal = _goal(program, target, place, observed, truths, lowered.given)
            positions = [place[name] for name in target.columns]
            demands += _dist_demand(target, cells, positions, given, goal)
    return demands


def _held(name: str, cells: Sequence[Cell], position: int, wanted: Sequence[int]) -> Iterator[Limit]:
    for value in dict.fromkeys(cell[position] for cell in cells):
        row = tuple(Fraction(cell[position] == value) for cell in cells)
        total = Fraction(sum(k for cell, k in zip(cells, wanted, strict=True) if cell[position] == value))
        yield Limit(name, row, total, total)


class _Truths:
    """Truth of a target's condition in every cell: from the planned columns, or from the cell's own truth positions."""

    def __init__(
        self, normal: NormalProgram, columns: Sequence[int], conditions: Sequence[Bool], cells: Sequence[Cell]
    ) -> None:
        self.normal, self.columns, self.conditions, self.cells = normal, columns, conditions, cells

    def of(self, node: Bool | None, cells: Sequence[Cell] | None = None) -> list[bool | None]:
        """True, False or unknown (None) per cell; True everywhere without a condition."""
        cells = self.cells if cells is None else cells
        if node is None:
            return [True] * len(cells)
        if node in self.conditions:
            position = len(self.columns) + self.conditions.index(node)
            return [None if cell[position] is None else bool(cell[position]) for cell in cells]
        true, false = evaluate_cells(self.normal, self.columns, cells, node)
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
    yield Limit(target.name, tuple(Fraction(k) for k in counted), Fraction(1), None)


def _goal(
    program: Program,
    target: Target,
    place: dict[str, int],
    observed: dict[Cell, int],
    truths: _Truths,
    given: Bool | None,
) -> dict[Cell, Fraction]:
    """The shares that a `dist` target compares with: stated, or those of the real rows."""
    if not target.real:
        columns = [program.column(name) for name in target.columns]
        return {
            tuple(int(steps(str(v), c.type)) for v, c in zip(share.values, columns, strict=True)): Fraction(share.share)
            for share in target.shares or ()
        }
    counts: dict[Cell, int] = {}
    for cell, truth in zip(observed, truths.of(given, list(observed)), strict=True):
        key = tuple(cell[place[name]] for name in target.columns)
        if truth and None not in key:
            counts[key] = counts.get(key, 0) + observed[cell]
    total = sum(counts.values())
    return {key: Fraction(count, total) for key, count in counts.items()}


def _dist_demand(
    target: Target,
    cells: Sequence[Cell],
    positions: Sequence[int],
    given: list[bool | None],
    goal: dict[Cell, Fraction],
) -> list[Demand]:
    keys = [tuple(cell[p] for p in positions) for cell in cells]
    counted = [g is True and None not in key for key, g in zip(keys, given, strict=True)]
    parts = [
        tuple(
            Fraction(key == value) - goal.get(value, Fraction(0)) if k else Fraction(0)
            for key, k in zip(keys, counted, strict=True)
        )
        for value in dict.fromkeys([*goal, *(key for key, k in zip(keys, counted, strict=True) if k)])
    ]
    within = Fraction(str(target.high.value)) if target.high is not None else Fraction(0)
    most = tuple(2 * within if k else Fraction(0) for k in counted)
    return [Distance(target.name, tuple(parts), most)]

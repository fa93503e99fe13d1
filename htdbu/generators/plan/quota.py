"""The plan: how many rows of every combination of the skeleton's columns, decided before anything is sampled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import Bool, NormalProgram
from htdbu.compiler.program import Column, Program
from htdbu.errors import DataError, InfeasibleError
from htdbu.generators.plan.cells import cell_domains, judge, observed_cells, open_conditions, planned_columns
from htdbu.generators.plan.counts import Demand, Distance, out_of_reach
from htdbu.generators.plan.demands import Goal, demands_on, goals_of, likeness, shape
from htdbu.generators.plan.masses import Cell, Masses
from htdbu.generators.plan.nearest import closest, conflict, nearest
from htdbu.generators.plan.rounding import top_down
from htdbu.generators.plan.together import Together
from htdbu.generators.plan.unmet import Unmet
from htdbu.solver.spelling import text_speller
from htdbu.solver.table import EncodedTable

_MANY_ROWS = 10_000
"""Targets that not even so many rows meet are refused, where that is proved."""
_MOST_NEW_CELLS = 400
"""At most so many combinations that no real row holds are tried at first where targets ask for more than real ones."""
_MOST_CELLS = 20_000
"""Up to so many combinations are all tried, so that there is a proof where they do not suffice."""
_UNLIKE = 0.005
"""Columns further than this from their shares are brought nearer."""


@dataclass(frozen=True)
class Plan:
    """Counts of rows per cell.

    Attributes:
        columns: positions in the program of the planned columns, factors first.
        conditions: further positions of a cell: truth values (1, 0, None for unknown) of conditions of targets.
        cells, counts, real: each combination, its rows in the plan, and its share of the real rows.
        unmet: why the counts do not meet all targets, though some counts might: so few rows cannot (more could), or
            no such counts were found; None where they do.
    """

    columns: tuple[int, ...]
    conditions: tuple[Bool, ...]
    cells: tuple[Cell, ...]
    counts: tuple[int, ...]
    real: tuple[float, ...]
    unmet: Unmet | None = None

    def shuffled(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """The cell of every row, in random order."""
        return rng.permutation(np.repeat(np.arange(len(self.cells)), self.counts))

    def summary(self, program: Program, table: EncodedTable) -> list[dict[str, Any]]:
        """Per combination of planned columns: its values, its rows in the plan and in a table, its real share."""
        got = observed_cells(table, normalise(program), self.columns, ())
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
        DataError: where no real row has a declared value in each planned column.
        InfeasibleError: where the rules leave no combination, or where shares and targets cannot hold together.
    """
    normal = normalise(program)
    columns = planned_columns(program)
    conditions = open_conditions(program, normal, columns)
    observed = observed_cells(real, normal, columns, conditions)
    domains = cell_domains(program, normal, columns, len(conditions))
    together = Together(normal, conditions, (cell[len(columns) :] for cell in observed))
    masses = Masses(observed, domains, judge(normal, columns, together, real))
    shape(program, masses, columns)
    names = ", ".join(f"`{program.columns[i].name}`" for i in columns)
    if columns and not observed:
        hint = "run `htdbu check` on the real rows, and declare what they hold"
        raise DataError(f"no real row has a declared value in each of {names}, which are planned", hint)
    if columns and not masses.mass:
        raise InfeasibleError(f"the rules leave no combination of {names}", "run `htdbu compile` on the rules")
    quota = _Quota(program, normal, columns, conditions, goals_of(program, normal, real), masses, n)
    cells, counts, unmet = quota.settle()
    total = sum(observed.values()) or 1
    shares = tuple(observed.get(cell, 0) / total for cell in cells)
    return Plan(columns, conditions, tuple(cells), tuple(counts), shares, unmet)


@dataclass(frozen=True)
class _Quota:
    """The search for counts: over cells with mass, then also over their neighbours, then over all that are allowed."""

    program: Program
    normal: NormalProgram
    columns: tuple[int, ...]
    conditions: tuple[Bool, ...]
    goals: Mapping[str, Goal]
    masses: Masses
    n: int

    def settle(self) -> tuple[list[Cell], list[int], Unmet | None]:
        """Cells, their counts, and why the counts do not meet every demand.

        Raises:
            InfeasibleError: where it is proved that neither so many rows nor many more can.
        """
        few = _sorted(self.masses.mass) or [()]
        if not self.n:
            return few, [0] * len(few), None
        cells, found = self._first(few, self.n)
        if not isinstance(found, Unmet):
            return cells, self._likened(cells, found), None
        reason, many = self._proved(cells, self.n, found), max(_MANY_ROWS, 10 * self.n)
        cells, found = self._first(few, many)
        if not isinstance(found, Unmet):
            return cells, self._closest(cells), reason
        if reason is Unmet.IMPOSSIBLE and self._proved(cells, many, found) is Unmet.IMPOSSIBLE:
            raise conflict(self._wanted(cells, self.n), self._demands(cells, self.n))
        return few, self._closest(few), reason

    def _first(self, few: list[Cell], rows: int) -> tuple[list[Cell], list[int] | Unmet]:
        """The fewest cells over which counts of so many rows are found; all that were tried where they are not."""
        for cells in self._stages(few):
            found = nearest(self._wanted(cells, rows), self._demands(cells, rows), self._weights(cells))
            if not isinstance(found, Unmet):
                break
        return cells, found

    def _stages(self, few: list[Cell]) -> Iterator[list[Cell]]:
        """More and more cells; all there are, where that is feasible."""
        yield few
        near = _sorted([*few, *self._neighbours(few)])
        if len(near) > len(few):
            yield near
        if self._listable:
            whole = _sorted(list(dict.fromkeys([*few, *self._allowed(list(product(*self.masses.domains)))])))
            if len(whole) > len(near):
                yield whole

    @property
    def _listable(self) -> bool:
        """Whether all combinations of planned values can be looked at."""
        return prod(len(domain) for domain in self.masses.domains) <= _MOST_CELLS

    def _proved(self, cells: list[Cell], rows: int, found: Unmet) -> Unmet:
        """What is proved of so many rows, where nothing was found even over the most cells that were tried."""
        if self._listable and found is Unmet.IMPOSSIBLE:
            return found
        return Unmet.IMPOSSIBLE if out_of_reach(self._demands(cells, rows), rows) else Unmet.UNDECIDED

    def _closest(self, cells: list[Cell]) -> list[int]:
        return closest(self._wanted(cells, self.n), [*self._demands(cells, self.n), *self._likeness(cells)])

    def _likened(self, cells: list[Cell], counts: list[int]) -> list[int]:
        """Counts whose columns keep their shares, where rounding by cells has moved these."""
        wish = self._likeness(cells)
        if all(each.distance(counts) <= _UNLIKE for each in wish):
            return counts
        demands = self._demands(cells, self.n)
        better = closest(counts, [*demands, *wish])
        return better if all(demand.holds(better) for demand in demands) else counts

    def _likeness(self, cells: list[Cell]) -> list[Distance]:
        return likeness(self.program, self.columns, cells, self._weights(cells))

    def _wanted(self, cells: list[Cell], rows: int) -> list[int]:
        """The counts that masses alone would give."""
        return top_down(cells, self._weights(cells), rows)

    def _demands(self, cells: list[Cell], rows: int) -> list[Demand]:
        return demands_on(self.program, self.normal, self.columns, self.conditions, cells, rows, self.goals)

    def _weights(self, cells: list[Cell]) -> list[Fraction]:
        return [self.masses.mass.get(cell, Fraction(not self.masses.mass)) for cell in cells]

    def _neighbours(self, cells: list[Cell]) -> list[Cell]:
        """Allowed combinations without mass, one or two values away from one with mass; near the heaviest first.

        Columns of few values are changed first, since each of their values stands for many rows.
        """
        domains = self.masses.domains
        places = sorted(range(len(domains)), key=lambda place: len(domains[place]))
        found = dict.fromkeys(sorted(cells, key=lambda cell: -self.masses.mass.get(cell, Fraction(0))))
        for _ in range(2):
            for place, cell in product(places, list(found)):
                if len(found) > len(cells) + _MOST_NEW_CELLS:
                    break
                if cell:
                    found.update(dict.fromkeys((*cell[:place], value, *cell[place + 1 :]) for value in domains[place]))
        return self._allowed([cell for cell in found if cell not in self.masses.mass][:_MOST_NEW_CELLS])

    def _allowed(self, cells: list[Cell]) -> list[Cell]:
        return [cell for cell, fine in zip(cells, self.masses.allowed(cells), strict=True) if fine] if cells else []


def _sorted(cells: Sequence[Cell] | dict[Cell, Fraction]) -> list[Cell]:
    """Cells in the order of their values, nulls first."""
    return sorted(cells, key=lambda cell: [(value is not None, value or 0) for value in cell])


def _shown(column: Column, value: int | None) -> str | bool | None:
    """A planned value as the rules spell it."""
    if value is None or column.type.kind == "bool":
        return None if value is None else bool(value)
    return str(text_speller(column, None)(value))

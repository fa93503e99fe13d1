"""The plan: how many rows of every combination of the skeleton's columns, decided before anything is sampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import Bool, NormalProgram
from htdbu.compiler.program import Column, Program
from htdbu.errors import InfeasibleError
from htdbu.generators.plan.cells import cell_domains, judge, observed_cells, open_conditions, planned_columns
from htdbu.generators.plan.counts import Demand
from htdbu.generators.plan.demands import demands_on, shape
from htdbu.generators.plan.masses import Cell, Masses
from htdbu.generators.plan.nearest import closest, conflict, nearest
from htdbu.generators.plan.rounding import top_down
from htdbu.generators.plan.unmet import Unmet
from htdbu.solver.spelling import text_speller
from htdbu.solver.table import EncodedTable

_MANY_ROWS = 10_000
"""Targets that no table of so many rows meets cannot be met at all."""
_MOST_NEW_CELLS = 400
"""At most so many combinations that no real row holds are tried where targets ask for more than the real ones."""


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
        InfeasibleError: where the rules leave no combination, or where shares and targets cannot hold together.
    """
    normal = normalise(program)
    columns = planned_columns(program)
    conditions = open_conditions(normal, columns)
    observed = observed_cells(real, normal, columns, conditions)
    domains = cell_domains(program, normal, columns, len(conditions))
    masses = Masses(observed, domains, judge(normal, columns, real))
    shape(program, masses, columns)
    if columns and not masses.mass:
        names = ", ".join(f"`{program.columns[i].name}`" for i in columns)
        raise InfeasibleError(f"the rules leave no combination of {names}", "run `htdbu compile` on the rules")
    quota = _Quota(program, normal, columns, conditions, observed, masses, n)
    cells, counts, unmet = quota.settle()
    total = sum(observed.values()) or 1
    shares = tuple(observed.get(cell, 0) / total for cell in cells)
    return Plan(columns, conditions, tuple(cells), tuple(counts), shares, unmet)


@dataclass(frozen=True)
class _Quota:
    """The search for counts: over cells with mass, then also over their neighbours; each time for many rows, too."""

    program: Program
    normal: NormalProgram
    columns: tuple[int, ...]
    conditions: tuple[Bool, ...]
    observed: dict[Cell, int]
    masses: Masses
    n: int

    def settle(self) -> tuple[list[Cell], list[int], Unmet | None]:
        """Cells, their counts, and why the counts do not meet every demand."""
        few = _sorted(self.masses.mass) or [()]
        if not self.n:
            return few, [0] * len(few), None
        answers = []
        for cells in (few, _sorted([*few, *self._neighbours(few)]) if self.program.targets else []):
            if cells:
                found = nearest(*self._asked(cells, self.n))
                if not isinstance(found, Unmet):
                    return cells, found, None
                more = nearest(*self._asked(cells, _MANY_ROWS))
                if not isinstance(more, Unmet):
                    return cells, closest(*self._asked(cells, self.n)), found
                answers += [found, more]
        if Unmet.UNDECIDED in answers:
            return few, closest(*self._asked(few, self.n)), Unmet.UNDECIDED
        raise conflict(*self._asked(cells or few, self.n))

    def _asked(self, cells: list[Cell], rows: int) -> tuple[list[int], list[Demand]]:
        """The counts that masses alone would give, and what is demanded of them."""
        wanted = top_down(cells, [self.masses.mass.get(cell, Fraction(not self.masses.mass)) for cell in cells], rows)
        return wanted, demands_on(
            self.program, self.normal, self.columns, self.conditions, cells, wanted, self.observed
        )

    def _neighbours(self, cells: list[Cell]) -> list[Cell]:
        """Allowed combinations without mass, one or two values away from one with mass; near the heaviest first."""
        found = dict.fromkeys(sorted(cells, key=lambda cell: -self.masses.mass.get(cell, Fraction(0))))
        for _ in range(2):
            for cell in list(found):
                for place, values in enumerate(self.masses.domains if cell else ()):
                    found.update(dict.fromkeys((*cell[:place], value, *cell[place + 1 :]) for value in values))
                if len(found) > len(cells) + _MOST_NEW_CELLS:
                    break
        new = [cell for cell in found if cell not in self.masses.mass][:_MOST_NEW_CELLS]
        return [cell for cell, fine in zip(new, self.masses.allowed(new), strict=True) if fine] if new else []


def _sorted(cells: Sequence[Cell] | dict[Cell, Fraction]) -> list[Cell]:
    """Cells in the order of their values, nulls first."""
    return sorted(cells, key=lambda cell: [(value is not None, value or 0) for value in cell])


def _shown(column: Column, value: int | None) -> str | bool | None:
    """A planned value as the rules spell it."""
    if value is None or column.type.kind == "bool":
        return None if value is None else bool(value)
    return str(text_speller(column, None)(value))

"""One row repaired as a part of its table, where rules over several rows look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.solver.faults import faults
from htdbu.solver.groups import mend_groups
from htdbu.solver.outcomes import group_numbers, rules_over_rows
from htdbu.solver.reasons import Reasons
from htdbu.solver.table import VALUE, EncodedTable, Indices
from htdbu.solver.table_repair import TableRepair, repair_table
from htdbu.solver.violations import unlike

SHOWN = 5
"""So many of the rows that a row clashes with are told."""


class Among:
    """The repair of the whole table, as far as one row of it goes."""

    def __init__(
        self, program: Program, table: EncodedTable, row: int, engine: str, effort: float | None, threads: int | None
    ) -> None:
        self.row = row
        self._program, self._before = program, table
        whole = repair_table(normalise(program), table, engine_name=engine, effort=effort, threads=threads)
        self._whole = mend_groups(program, table, whole, effort, threads)

    @cached_property
    def outcome(self) -> TableRepair:
        """The repair of the row alone, with what the other rows ask of it."""
        rows, whole = np.array([self.row]), self._whole
        return replace(
            whole,
            table=whole.table.take(rows),
            changed=whole.changed[:, rows],
            statuses=whole.statuses[rows],
            engines=whole.engines[rows],
            failures=tuple(replace(failure, row=0) for failure in whole.failures if failure.row == self.row),
        )

    @cached_property
    def reasons(self) -> Reasons:
        """The rules that asked for changed cells of the table."""
        found = faults(self._program, self._before)
        return Reasons(self._program, self._before, self._whole.table, self._whole.changed, found, self._whole.blocks)

    def differs(self, alone: TableRepair) -> bool:
        """Whether the row would fare otherwise without the other rows."""
        if {f.rules for f in alone.failures} != {f.rules for f in self.outcome.failures}:
            return True
        columns = range(len(alone.changed))
        return any(bool(unlike(alone.table, self.outcome.table, i).any()) for i in columns)

    def notes(self) -> Iterator[str]:
        """With which rows the row clashes."""
        for rule in rules_over_rows(self._program):
            others = self._alike(rule.columns, rule.left)
            same = self._alike(rule.columns, rule.columns) if rule.right else others[:0]
            others = np.setdiff1d(others, same)
            if others.size:
                shown = ", ".join(map(str, others[:SHOWN].tolist()))
                more = f" and {others.size - SHOWN} more" if others.size > SHOWN else ""
                headers = " and ".join(self._program.columns[i].header for i in rule.left)
                rows = "row" if others.size == 1 else "rows"
                end = ", but not the rest" if rule.right else ""
                yield f"{rule.name}: {rows} {shown}{more} hold{'s' * (others.size == 1)} the same {headers}{end}"

    def _alike(self, needed: tuple[int, ...], columns: tuple[int, ...]) -> Indices:
        """The other rows that hold the same in some columns as the data have them."""
        known = np.all([self._before.states[i] == VALUE for i in needed], axis=0)
        rows = np.flatnonzero(known)
        if not known[self.row]:
            return rows[:0]
        numbers, _ = group_numbers(self._before, columns, rows)
        own = numbers[np.searchsorted(rows, self.row)]
        found: Indices = rows[(numbers == own) & (rows != self.row)]
        return found

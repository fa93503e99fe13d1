"""One row repaired under several conditions: as the rules say, with a cell held, with a rule left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from htdbu.compiler.normal import NormalProgram
from htdbu.solver.cells import Cell, Mode
from htdbu.solver.components import components
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.explain.spelled import Speller
from htdbu.solver.explain.story import Change, Version
from htdbu.solver.objective import cell_price
from htdbu.solver.problems import gather
from htdbu.solver.solutions import UNTOUCHED, Status
from htdbu.solver.table import EncodedTable
from htdbu.solver.table_price import table_price
from htdbu.solver.table_repair import TableRepair, repair_table

ROW = np.zeros(1, dtype=np.int64)
"""The one row, as rows are chosen."""


@dataclass(frozen=True)
class Versions:
    """The repairs of one row.

    Attributes:
        one: the row, as a table.
        engine, effort, threads: as for `repair`.
    """

    normal: NormalProgram
    one: EncodedTable
    speller: Speller
    engine: str
    effort: float | None
    threads: int | None

    def repaired(self) -> TableRepair:
        """As the rules say."""
        return self._repair(self.normal, frozenset(), False)

    def keeping(self, position: int) -> Version:
        """With one more column held, which is left out of the conflict where there is one."""
        version = self.told(self._repair(self.normal, frozenset((position,)), False))
        held = f"{self.normal.columns[position].name} fixed"
        return replace(version, conflict=tuple(name for name in version.conflict if name != held))

    def without_rule(self, name: str) -> Version:
        """With a rule left out."""
        rules = tuple(rule for rule in self.normal.rules if rule.name != name)
        return self.told(self._repair(replace(self.normal, rules=rules), frozenset(), False))

    def released(self, position: int) -> Version:
        """With a fixed column that may change."""
        return self.told(self._repair(self.normal, self._fixed - {position}, True))

    def told(self, outcome: TableRepair) -> Version:
        """A repair as it is told: its price, and the cells that cost something."""
        status = status_of(outcome)
        if not status.solved:
            failure = outcome.failures[0]
            return Version(status.value, None, conflict=failure.rules)
        return Version(status.value, self.price(outcome.table), self.changes(outcome), self.pays(outcome.table))

    def price(self, after: EncodedTable) -> Fraction:
        """What a repair costs by the rules of the file, whatever it left out."""
        return table_price(self.normal, self.one, after, ROW)

    def changes(self, outcome: TableRepair) -> tuple[Change, ...]:
        """The changed cells that cost something."""
        made = []
        for i in np.flatnonzero(outcome.changed[:, 0]).tolist():
            if self.normal.columns[i].definition is None:
                after = self.speller.new(i, outcome.table, 0)
                made.append(Change(self.speller.header(i), self.speller.old(i), after, self.cost(i, outcome.table)))
        return tuple(made)

    def cost(self, position: int, after: EncodedTable) -> Fraction:
        """What it costs that a cell changes."""
        column, cell = self.normal.columns[position], self._cells[position]
        if column.kind == "text":  # texts are numbered anew by every block; all changes of theirs cost the same
            cell = Cell(Mode.BROKEN)
        return cell_price(column, cell, after.value(position, 0))

    def pays(self, after: EncodedTable) -> tuple[str, ...]:
        """The soft rules that a row fails."""
        evaluator = Evaluator(self.normal, after)
        soft = (rule for rule in self.normal.rules if rule.kind == "soft")
        return tuple(rule.name for rule in soft if evaluator.truth(rule.outcome)[1][0])

    @cached_property
    def _fixed(self) -> frozenset[int]:
        return frozenset(i for i, column in enumerate(self.normal.columns) if column.fixed)

    @cached_property
    def _cells(self) -> dict[int, Cell]:
        """The cells that a repair may change."""
        blocks = components(self.normal, self._fixed)
        rows = [(block.cells, gather(block, self.one, ROW).row(0)) for block in blocks]
        return {i: cell for positions, row in rows for i, cell in zip(positions, row, strict=True)}

    def _repair(self, normal: NormalProgram, held: frozenset[int], ignore_fixed: bool) -> TableRepair:
        return repair_table(
            normal,
            self.one,
            engine_name=self.engine,
            effort=self.effort,
            threads=self.threads,
            fixed_columns=held,
            ignore_fixed=ignore_fixed,
        )


def status_of(outcome: TableRepair) -> Status:
    """How the repair of the one row ended; a row that needs none is as near as can be."""
    code = int(outcome.statuses[0])
    return Status.OPTIMAL if code == UNTOUCHED else Status.of(code)

"""Wished-for cells of one block, moved to the nearest cells that satisfy every rule."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np

from htdbu.compiler.normal import NormalProgram
from htdbu.errors import InfeasibleError
from htdbu.solver.components import Component
from htdbu.solver.derive import derived_order
from htdbu.solver.engine import GENERAL, engine
from htdbu.solver.problems import gather
from htdbu.solver.restoring import Restorer
from htdbu.solver.solutions import Status
from htdbu.solver.table import EncodedTable
from htdbu.solver.violations import broken
from htdbu.testing.lean import lean_evaluator, write_definition

EFFORT = 2.0
"""Deterministic time for one row of one block."""
CHOICE = Decimal(16)
"""What it costs to change a choice; a number costs 1."""
_FIRST = np.zeros(1, np.int64)


class Projector:
    """Repairs single rows of one block; the solver's model is built once and kept.

    Args:
        component: a block without soft rules and without fixed columns.
    """

    def __init__(self, component: Component) -> None:
        self.component = component
        self._engine = engine(GENERAL)
        normal = component.program
        self._derived = [i for i in derived_order(normal) if i in component.derived]

    def settle(self, table: EncodedTable) -> bool:
        """Make the cells of the block in a table of one row satisfy every rule; whether a row was found in time.

        Raises:
            InfeasibleError: where there is no such row.
        """
        self.derive(table)
        if not broken(self.component, table, table, lean_evaluator(table))[0]:
            return True
        solutions = self._engine.solve(gather(self.component, table, _FIRST), EFFORT)
        if not solutions.solved[0]:
            if solutions.statuses[0] == Status.INFEASIBLE.code:
                names = ", ".join(self.component.column(i).name for i in self.component.columns) or "no column"
                raise InfeasibleError(f"no row satisfies the rules over {names}", "run `htdbu compile` on the rules")
            return False
        Restorer(table).put(self.component, _FIRST, solutions)
        self.derive(table)
        return True

    def derive(self, table: EncodedTable) -> None:
        """Write the derived columns of the block."""
        for i in self._derived:
            write_definition(self.component.program, table, i)


def plain(normal: NormalProgram) -> NormalProgram:
    """The program without its soft rules, at prices by which a wished-for choice outweighs any wished-for number.

    Otherwise what many numbers hang on, such as a default, would be given up for the sake of the numbers.
    """
    columns = tuple(
        replace(column, cost=CHOICE if column.kind in ("bool", "category") else Decimal(1)) for column in normal.columns
    )
    return replace(normal, columns=columns, rules=tuple(rule for rule in normal.rules if rule.kind == "hard"))

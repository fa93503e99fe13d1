"""Which truths the conditions of targets can have in one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from htdbu.compiler.normal import Bool, NormalProgram
from htdbu.generators.plan.cells import truth_rules
from htdbu.generators.plan.masses import Cell
from htdbu.solver.solutions import Status
from htdbu.solver.table import EncodedTable
from htdbu.solver.table_repair import repair_table

_MOST_ASKED = 500
"""So many combinations are searched for, some milliseconds each; every condition makes three times as many of them."""


class Together:
    """Truths are possible where a real row has them, or where no search proves that no row has them."""

    def __init__(self, normal: NormalProgram, conditions: Sequence[Bool], observed: Iterable[Cell]) -> None:
        self.normal, self.conditions = normal, conditions
        self.possible = dict.fromkeys(observed, True)
        self.left = _MOST_ASKED

    def __call__(self, truths: Cell) -> bool:
        """Whether some row obeys the rules with these truths (1, 0, None for unknown)."""
        if truths not in self.possible and self.left:
            self.left -= 1
            rules, blank = truth_rules(self.conditions, truths), EncodedTable.blank(self.normal, 1)
            found = repair_table(self.normal, blank, extra_rules=rules, threads=1, ignore_fixed=True, reasons=False)
            self.possible[truths] = all(failure.status is not Status.INFEASIBLE for failure in found.failures)
        return self.possible.get(truths, True)

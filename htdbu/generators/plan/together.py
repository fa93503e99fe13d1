"""Which truths the conditions of targets can have in one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from htdbu.compiler.normal import Bool, NormalProgram
from htdbu.generators.plan.cells import truth_rules
from htdbu.generators.plan.masses import Cell
from htdbu.solver.solutions import Status
from htdbu.solver.table import EncodedTable
from htdbu.solver.table_repair import repair_table


class Together:
    """Truths are possible where a real row has them, or where the search for any row that has them does not fail."""

    def __init__(self, normal: NormalProgram, conditions: Sequence[Bool], observed: Iterable[Cell]) -> None:
        self.normal, self.conditions = normal, conditions
        self.possible = dict.fromkeys(observed, True)

    def __call__(self, truths: Cell) -> bool:
        """Whether some row obeys the rules with these truths (1, 0, None for unknown)."""
        if truths not in self.possible:
            rules, blank = truth_rules(self.conditions, truths), EncodedTable.blank(self.normal, 1)
            found = repair_table(self.normal, blank, extra_rules=rules, threads=1, ignore_fixed=True, reasons=False)
            self.possible[truths] = all(failure.status is not Status.INFEASIBLE for failure in found.failures)
        return self.possible[truths]

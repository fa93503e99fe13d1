"""What the rules say of the rows after each step of a synthesis: sampled, redrawn, chosen, repaired, finished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from htdbu.compiler.program import Program
from htdbu.solver.outcomes import row_outcomes
from htdbu.solver.table import EncodedTable

Step = dict[str, Any]


class Steps:
    """The steps taken so far.

    Attributes:
        taken: one entry a step with its name (`step`), how many `rows` there were, how many of them break what is asked
            of one row at a time (`violating_rows`, `violation_rate`), and in `fails` how many break each rule.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.taken: list[Step] = []

    def judge(self, name: str, table: EncodedTable) -> None:
        """Add a step after which the rows are those of `table`."""
        broken = np.zeros(table.n_rows, bool)
        fails = {}
        for outcome in row_outcomes(self.program, table):
            if outcome.kind != "soft":
                broken |= outcome.fail
                fails[outcome.name] = int(outcome.fail.sum())
        self._add(name, table.n_rows, int(broken.sum()), fails)

    def finish(self, checked: Mapping[str, Any]) -> None:
        """Add the last step, from the check of the result, in which rules over several rows count as well."""
        fails = {rule["name"]: rule["fail"] for rule in checked["rules"] if rule["kind"] != "soft"}
        self._add("finished", checked["rows"], checked["violating_rows"], fails)

    def _add(self, name: str, rows: int, violating: int, fails: Mapping[str, int]) -> None:
        self.taken.append(
            {
                "step": name,
                "rows": rows,
                "violating_rows": violating,
                "violation_rate": violating / rows if rows else 0.0,
                "fails": {rule: count for rule, count in fails.items() if count},
            }
        )

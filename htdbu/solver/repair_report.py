"""The figures of a repair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from htdbu.compiler.program import Program
from htdbu.solver.faults import SEVERAL_ROWS, Fault, by_row, named, violating
from htdbu.solver.solutions import UNTOUCHED, Status
from htdbu.solver.table import Indices
from htdbu.solver.table_repair import TableRepair
from htdbu.solver.targets import TargetOutcome

ENGINES = ("table", "compiled", "cp-sat")


@dataclass(frozen=True)
class RepairReport:
    """The figures of a repair.

    Attributes:
        rows: rows of the table; `violating_before` and `violating_after` of them fail anything but a soft rule.
        repaired: rows in which a cell changed; `optimal` of them are proved nearest, `feasible` are valid only.
        unrepaired: rows that still break something but soft rules.
        changed_cells: cells that changed; `columns` counts them by the column's name.
        objective: the price of the repaired rows, all their failing soft rules included; texts that follow their
            label cost nothing, as derived columns do.
        engine: the rows that each engine repaired; rows whose derived columns alone were wrong need none.
        seconds: time from the first look at the data to the last.
        warnings: what a user should know of the texts that were drawn anew, and of targets.
        targets: the targets as the table meets them; None where they were not asked for.
    """

    rows: int
    violating_before: int
    violating_after: int
    repaired: int
    unrepaired: int
    optimal: int
    feasible: int
    changed_cells: int
    objective: Fraction
    columns: dict[str, int]
    engine: dict[str, int]
    seconds: float
    warnings: tuple[str, ...] = ()
    targets: tuple[TargetOutcome, ...] | None = None

    @property
    def unmet(self) -> tuple[str, ...]:
        """The names of the targets that were asked for and are not met."""
        return tuple(target.name for target in self.targets or () if target.met is False)

    def to_dict(self) -> dict[str, Any]:
        """The contract's `repair --format json`; the targets are in it where they were asked for."""
        asked = {} if self.targets is None else {"targets": [target.to_dict() for target in self.targets]}
        return {
            "rows": self.rows,
            "violating_rows_before": self.violating_before,
            "violating_rows_after": self.violating_after,
            "repaired": self.repaired,
            "unrepaired": self.unrepaired,
            "optimal": self.optimal,
            "feasible": self.feasible,
            "changed_cells": self.changed_cells,
            "objective": float(self.objective),
            "columns": dict(self.columns),
            "engine": dict(self.engine),
            "seconds": self.seconds,
            "warnings": list(self.warnings),
        } | asked


def make_report(
    program: Program,
    n_rows: int,
    outcome: TableRepair,
    found: Sequence[Fault],
    left: Sequence[Fault],
    price: Fraction,
    seconds: float,
    warnings: tuple[str, ...],
) -> RepairReport:
    """Count what a repair did; `found` and `left` are the faults before and after."""
    rows = np.flatnonzero(outcome.changed.any(axis=0))
    feasible = int((outcome.statuses[rows] == Status.FEASIBLE.code).sum())
    counts = outcome.changed.sum(axis=1).tolist()
    return RepairReport(
        rows=n_rows,
        violating_before=len(violating(found)),
        violating_after=len(violating(left)),
        repaired=len(rows),
        unrepaired=len(unrepaired_rows(outcome, left)),
        optimal=len(rows) - feasible,
        feasible=feasible,
        changed_cells=sum(counts),
        objective=price,
        columns={column.name: n for column, n in zip(program.columns, counts, strict=True) if n},
        engine=_by_engine(outcome, rows),
        seconds=seconds,
        warnings=warnings,
    )


def _by_engine(outcome: TableRepair, rows: Indices) -> dict[str, int]:
    """How many of some rows each engine looked at last."""
    last = outcome.engines[rows]
    counts = np.bincount(last[last != UNTOUCHED], minlength=len(outcome.engine_names)).tolist()
    return dict.fromkeys(ENGINES, 0) | dict(zip(outcome.engine_names, counts, strict=True))


def unrepaired_rows(outcome: TableRepair, left: Sequence[Fault]) -> dict[int, str]:
    """The status of every row that still breaks something, by row, ascending."""
    several = [fault for fault in left if fault.kind in SEVERAL_ROWS]
    statuses = {int(row): "not-repaired" for row in violating(several)}
    statuses |= {failure.row: failure.status.value for failure in outcome.failures}
    return dict(sorted(statuses.items()))


def unrepaired_frame(outcome: TableRepair, left: Sequence[Fault]) -> pd.DataFrame:
    """The rows that still break something, with a reason each: `row, status, rules`."""
    statuses = unrepaired_rows(outcome, left)
    conflicts = {failure.row: failure.rules for failure in outcome.failures if failure.rules}
    failing = by_row(left, np.array(list(statuses), dtype=np.int64))
    rules = []
    for row, status in statuses.items():
        own = [f for f in failing.get(row, []) if f.kind != "soft"]
        if status == "not-repaired":
            own = [f for f in own if f.kind in SEVERAL_ROWS]
        rules.append(", ".join(conflicts[row]) if row in conflicts else named(own))
    return pd.DataFrame(
        {
            "row": pd.Series(list(statuses), dtype="int64"),
            "status": pd.Series(list(statuses.values()), dtype="object"),
            "rules": pd.Series(rules, dtype="object"),
        }
    )

"""Repair: the nearest row for every one that breaks a rule, which cells changed and why, and what stays broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.errors import UsageError
from htdbu.solver.changes import change_frame, changed_rows
from htdbu.solver.decoding import write_cells
from htdbu.solver.encoding import encode
from htdbu.solver.engine import AUTO, chain
from htdbu.solver.faults import row_faults, row_faults_after, table_faults, table_faults_after, tell_all
from htdbu.solver.frames import to_pandas
from htdbu.solver.groups import mend_groups
from htdbu.solver.pools import given_pools
from htdbu.solver.redraw import lack_warnings, redraw_texts
from htdbu.solver.repair_report import RepairReport, make_report, unrepaired_frame
from htdbu.solver.selection.meet import Met, meet_targets
from htdbu.solver.table_price import table_price
from htdbu.solver.table_repair import TableRepair, repair_table
from htdbu.solver.targets import measure_targets

__all__ = ["RepairResult", "TableRepair", "repair", "repair_table"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RepairResult:
    """What a repair made of a table.

    Attributes:
        data: the table with the changed cells, all others as they were read.
        changes: one line a changed cell: `row, column, before, after, rules`; columns by their headers, cells as
            the table spells them, and the rules that ask for the change, see `htdbu.solver.reasons`.
        report: figures; `report.to_dict()` is the JSON form.
        unrepaired: one line a row that still breaks something: `row, status, rules`. The status is `infeasible`
            (the rules and fixed cells that cannot agree) or `unknown` (the budget ended first, or no place among the
            other rows was found).
    """

    data: pd.DataFrame = field(repr=False)
    report: RepairReport
    unrepaired: pd.DataFrame = field(repr=False)
    _changes: Callable[[], pd.DataFrame] = field(repr=False)

    @cached_property
    def changes(self) -> pd.DataFrame:
        """See above; made when it is asked for."""
        return self._changes()


def repair(
    program: Program,
    data: Any,
    engine: str = AUTO,
    effort: float | None = None,
    threads: int | None = None,
    nulls: Sequence[str] = (),
    progress: Progress | None = None,
    random_state: int = 0,
    pools: Mapping[str, Any] | None = None,
    targets: bool = False,
    real: Any = None,
) -> RepairResult:
    """Find the nearest table that satisfies every rule, row by row and then rows that clash with one another.

    Args:
        program: the rules.
        data: a pandas, polars or Arrow table, its cells typed or as texts.
        engine: what searches; every engine finds the same rows. `auto` picks.
        effort: deterministic time for the search, per row and block of columns; 10 by default.
        threads: how many threads search; all processors by default. The result does not depend on it.
        nulls: further texts that mean null.
        progress: called with the problems solved so far and all problems.
        random_state: seed of the texts that are drawn anew from a pool.
        pools: tables with the columns `text` and `label`, by the names of the pools; the data themselves by default.
        targets: whether the targets of the rules are to be met too, by changing more rows.
        real: the real table that targets with `~ real` compare with; without it they are not judged.

    Raises:
        DataError: where declared columns are missing, or a pool is no table of texts and labels.
        UsageError: where an argument is out of range.
    """
    check_arguments(engine, effort, threads)
    started = perf_counter()
    given = given_pools(program, pools)
    frame = to_pandas(data)
    before = encode(program, frame, nulls, threads)
    found = row_faults(program, before, threads)
    several = table_faults(program, before)
    normal = normalise(program)
    outcome = repair_table(
        normal,
        before,
        engine_name=engine,
        effort=effort,
        threads=threads,
        found=found if tell_all(program) else None,
        progress=progress,
    )
    clashes = table_faults_after(program, outcome.table, outcome.changed, several)
    outcome = mend_groups(program, before, outcome, effort, threads, progress, clashes)
    against = None if real is None else encode(program, to_pandas(real), nulls)
    met = meet_targets(program, before, outcome, against, engine, effort, threads) if targets else Met(outcome)
    outcome = met.outcome
    rows = np.flatnonzero(outcome.changed.any(axis=0))
    price = table_price(normal, before, outcome.table, rows, threads)
    lacking = redraw_texts(program, before, outcome.table, outcome.changed, random_state, given)
    left = [
        *row_faults_after(program, outcome.table, rows, found, threads),
        *table_faults_after(program, outcome.table, outcome.changed, several),
    ]
    found = [*found, *several]
    warnings = (*lack_warnings(program, lacking), *met.warnings, *cold_warnings(outcome.cold))
    report = make_report(program, before.n_rows, outcome, found, left, price, perf_counter() - started, warnings)
    asked = [target.name for target in program.targets] if targets else []
    if targets:
        report = replace(report, targets=measure_targets(program, outcome.table, against))
    return RepairResult(
        data=write_cells(program, frame, outcome.table, changed_rows(outcome), threads),
        report=report,
        unrepaired=unrepaired_frame(outcome, left),
        _changes=lambda: change_frame(program, frame, before, outcome, found, targets=asked),
    )


def check_arguments(engine: str, effort: float | None, threads: int | None) -> None:
    """Refuse arguments of a repair that are out of range.

    Raises:
        UsageError: naming the one that is.
    """
    if effort is not None and effort <= 0:
        raise UsageError(f"effort is {effort}", "give a number above 0")
    if threads is not None and threads < 1:
        raise UsageError(f"threads is {threads}", "give 1 or more")
    chain(engine)


def cold_warnings(engines: Iterable[str]) -> tuple[str, ...]:
    """What to say of engines that were not worth making ready."""
    return tuple(
        f"the {engine} engine was never used here and makes itself ready once, on a larger table or if asked for"
        for engine in engines
    )

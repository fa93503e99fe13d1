"""Repair of an encoded table, as a list of passes over one work sheet.

Rows and blocks are independent of each other, so every different problem is solved once, on as many threads as are
asked for; what comes out does not depend on how many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.normal import NormalProgram, NormalRule
from htdbu.errors import HtdbuError
from htdbu.solver.cells import Row
from htdbu.solver.components import Component, components
from htdbu.solver.conflict import conflict
from htdbu.solver.derive import derive
from htdbu.solver.engine import Engine, Solution, Status, engine
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.outcomes import CHUNK
from htdbu.solver.problems import Problems, Restorer, gather
from htdbu.solver.table import EncodedTable, Indices
from htdbu.solver.violations import broken, needy, unlike

EFFORT = 10.0
"""Deterministic time for one row of one block."""
BATCH = 16
"""Problems that a thread solves at a time."""

Progress = Callable[[int, int], None]


class RepairError(HtdbuError):
    """A repaired row was found to break a rule: a mistake of the solver, never of the data."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that could not be repaired: `infeasible` with the rules and fixed cells that conflict, or `unknown`."""

    row: int
    status: Status
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRepair:
    """The outcome of a repair.

    Attributes:
        table: the repaired table.
        changed: cells that differ from before, shape (columns, rows); derived columns that the data lacked do not
            count.
        statuses: how the rows ended that an engine found a repair for, by row; the others needed none, or failed.
        failures: the rows that come back as they were, ascending.
        blocks: the blocks of columns that were repaired apart.
    """

    table: EncodedTable
    changed: NDArray[np.bool_]
    statuses: dict[int, Status]
    failures: tuple[Failure, ...]
    blocks: tuple[Component, ...]

    @property
    def solved(self) -> NDArray[np.bool_]:
        """The rows that satisfy every hard rule, domain and null now; all but the failures."""
        mask = np.ones(self.table.n_rows, dtype=bool)
        mask[[failure.row for failure in self.failures]] = False
        return mask


@dataclass
class _Work:
    """What the passes read and write."""

    program: NormalProgram
    before: EncodedTable
    fixed: frozenset[int]
    engine: Engine
    effort: float
    threads: int
    progress: Progress | None
    table: EncodedTable = field(init=False)
    blocks: tuple[Component, ...] = ()
    problems: list[Problems] = field(default_factory=list)
    solutions: list[list[Solution]] = field(default_factory=list)
    statuses: dict[int, Status] = field(default_factory=dict)
    failures: dict[int, Failure] = field(default_factory=dict)


def repair_table(
    normal: NormalProgram,
    table: EncodedTable,
    *,
    engine_name: str = "auto",
    effort: float | None = None,
    threads: int | None = None,
    fixed_columns: frozenset[int] = frozenset(),
    extra_rules: Sequence[NormalRule] = (),
    ignore_fixed: bool = False,
    progress: Progress | None = None,
) -> TableRepair:
    """Repair every row; the table itself is left as it is.

    Args:
        effort: deterministic time for one row of one block; 10 by default.
        threads: how many threads solve; all processors by default.
        fixed_columns: positions of further columns that must keep their cells; of derived ones the definition must
            give it.
        extra_rules: rules beyond the program's.
        ignore_fixed: whether columns that the program calls fixed may change all the same.
        progress: called with the number of problems solved so far and of all.
    """
    program = replace(normal, rules=(*normal.rules, *extra_rules))
    declared = frozenset(i for i, column in enumerate(normal.columns) if column.fixed and not ignore_fixed)
    fixed = frozenset(i for i in declared | fixed_columns if table.present[i] or normal.columns[i].definition is None)
    work = _Work(
        program=program,
        before=table,
        fixed=fixed,
        engine=engine(engine_name),
        effort=EFFORT if effort is None else effort,
        threads=threads or os.cpu_count() or 1,
        progress=progress,
    )
    for step in PASSES:
        step(work)
    failures = tuple(work.failures[row] for row in sorted(work.failures))
    return TableRepair(work.table, _changed(work), work.statuses, failures, work.blocks)


def _copy_and_derive(work: _Work) -> None:
    """Start from a copy in which every derived column is what it should be."""
    work.table = work.before.take(np.arange(work.before.n_rows))
    work.table.rounded = work.before.rounded
    derive(work.program, work.table)


def _find_problems(work: _Work) -> None:
    """Collect the different problems of every block."""
    work.blocks = components(work.program, work.fixed)
    found: list[list[Indices]] = [[] for _ in work.blocks]
    for start in range(0, work.table.n_rows, CHUNK):
        stop = min(start + CHUNK, work.table.n_rows)
        before, table = work.before.slice(start, stop), work.table.slice(start, stop)
        evaluator = Evaluator(work.program, table)
        for block, rows in zip(work.blocks, found, strict=True):
            rows.append(np.flatnonzero(needy(block, before, table, evaluator)) + start)
    for block, rows in zip(work.blocks, found, strict=True):
        if sum(part.size for part in rows):
            work.problems.append(gather(block, work.before, np.concatenate(rows)))


def _solve(work: _Work) -> None:
    """Solve every different problem once."""
    batches = list(_batches(work.problems))
    total, done = sum(len(problems.unique) for problems in work.problems), 0
    found: list[list[Solution]] = []
    with ThreadPoolExecutor(work.threads, thread_name_prefix="htdbu-repair") as pool:
        try:
            futures = [pool.submit(work.engine.solve, block, rows, work.effort) for block, rows in batches]
            for future in futures:
                found.append(future.result())
                done += len(found[-1])
                if work.progress is not None:
                    work.progress(done, total)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    merged = (solution for batch in found for solution in batch)
    work.solutions = [[next(merged) for _ in problems.unique] for problems in work.problems]


def _batches(problems: Sequence[Problems]) -> Iterator[tuple[Component, Sequence[Row]]]:
    for each in problems:
        for start in range(0, len(each.unique), BATCH):
            yield each.component, each.unique[start : start + BATCH]


def _judge_rows(work: _Work) -> None:
    """A row fares as the worst of its blocks; rows with a block that is not solved fail."""
    for problems, solutions in zip(work.problems, work.solutions, strict=True):
        for row, k in zip(problems.rows.tolist(), problems.which.tolist(), strict=True):
            status = solutions[k].status
            work.statuses[row] = max(work.statuses.get(row, status), status, key=_BAD.index)
    work.failures = {row: Failure(row, status) for row, status in work.statuses.items() if not status.solved}
    work.statuses = {row: status for row, status in work.statuses.items() if status.solved}


_BAD = (Status.OPTIMAL, Status.FEASIBLE, Status.UNKNOWN, Status.INFEASIBLE)


def _explain(work: _Work) -> None:
    """Find out why rows are infeasible; problems whose fixed cells agree share the reason."""
    asked: dict[tuple[int, Row], Row] = {}
    rows: dict[int, tuple[int, Row]] = {}
    for b, (problems, solutions) in enumerate(zip(work.problems, work.solutions, strict=True)):
        for row, k in zip(problems.rows.tolist(), problems.which.tolist(), strict=True):
            if solutions[k].status is Status.INFEASIBLE and row not in rows:
                key = (b, _deciding(problems.component, problems.unique[k]))
                rows[row] = key
                asked.setdefault(key, problems.unique[k])
    with ThreadPoolExecutor(work.threads, thread_name_prefix="htdbu-conflict") as pool:
        names = pool.map(lambda a: conflict(work.problems[a[0][0]].component, a[1], work.effort), asked.items())
        reasons = dict(zip(asked, names, strict=True))
    work.failures |= {row: Failure(row, Status.INFEASIBLE, reasons[key]) for row, key in rows.items()}


def _deciding(block: Component, row: Row) -> Row:
    """The cells that decide whether a row can be repaired: fixed ones, and texts that others may be set to."""
    pairs = zip(block.cells, row, strict=True)
    return tuple(cell for i, cell in pairs if i in block.fixed or block.column(i).kind == "text")


def _write(work: _Work) -> None:
    """Put the solutions into the rows that are solved, and derive again; other rows stay as they were."""
    restorer = Restorer(work.table)
    for problems, solutions in zip(work.problems, work.solutions, strict=True):
        for row, k in zip(problems.rows.tolist(), problems.which.tolist(), strict=True):
            if row in work.statuses:
                restorer.put(problems.component, row, solutions[k].values)
    derive(work.program, work.table)
    failed = np.array(sorted(work.failures), dtype=np.int64)
    made = [i for i, present in enumerate(work.before.present) if not present]
    work.table.replace(failed, work.before.take(failed), keep=made)


def _verify(work: _Work) -> None:
    """Look at every repaired row again, with the evaluator instead of the engine.

    Raises:
        RepairError: where one breaks a hard rule, a domain or a null, or where a fixed cell changed.
    """
    rows = np.array(sorted(work.statuses), dtype=np.int64)
    before, after = work.before.take(rows), work.table.take(rows)
    evaluator = Evaluator(work.program, after)
    for block in work.blocks:
        wrong = rows[broken(block, before, after, evaluator)]
        if wrong.size:
            names = ", ".join(block.column(i).name for i in block.columns)
            raise RepairError(f"the repair of row {wrong[0]} breaks a rule over {names}; please report this")


PASSES: tuple[Callable[[_Work], None], ...] = (
    _copy_and_derive,
    _find_problems,
    _solve,
    _judge_rows,
    _explain,
    _write,
    _verify,
)


def _changed(work: _Work) -> NDArray[np.bool_]:
    """Cells that differ from before."""
    lines = [unlike(work.before, work.table, i) & present for i, present in enumerate(work.before.present)]
    return np.array(lines, dtype=bool).reshape(len(lines), work.table.n_rows)

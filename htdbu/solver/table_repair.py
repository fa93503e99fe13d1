"""Repair of an encoded table, as a list of passes over one work sheet."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.normal import NormalProgram, NormalRule
from htdbu.errors import HtdbuError
from htdbu.solver.cells import Row
from htdbu.solver.chunks import in_chunks, in_order
from htdbu.solver.cold_start import worthwhile
from htdbu.solver.components import Component, components
from htdbu.solver.conflict import conflict
from htdbu.solver.derive import derive
from htdbu.solver.dispatch import Progress, Solved, dispatch
from htdbu.solver.engine import AUTO, Engine, chain
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.faults import Fault
from htdbu.solver.problems import Problems, gather
from htdbu.solver.restoring import Restorer
from htdbu.solver.solutions import UNTOUCHED, Codes, Status
from htdbu.solver.table import EncodedTable, Indices
from htdbu.solver.violations import broken, needy, needy_among, unlike

EFFORT = 10.0
"""Deterministic time for one row of one block."""


Deciding = tuple[tuple[int, ...], Row]
"""What decides whether a row of a block can be repaired: the columns of the block, and cells of the row."""
Reasons = dict[Deciding, tuple[str, ...]]


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
        statuses: for every row the code of the `Status` that an engine ended with, or `UNTOUCHED`.
        engines: for every row that an engine looked at the name of the last one, as a position in `engine_names`.
        failures: the rows that come back as they were, ascending.
        blocks: the blocks of columns that were repaired apart.
        cold: engines that were not asked, since making them ready would have taken longer.
    """

    table: EncodedTable
    changed: NDArray[np.bool_]
    statuses: Codes
    engines: Codes
    engine_names: tuple[str, ...]
    failures: tuple[Failure, ...]
    blocks: tuple[Component, ...]
    cold: tuple[str, ...] = ()

    @property
    def solved(self) -> NDArray[np.bool_]:
        """The rows that satisfy every hard rule, domain and null now; all but the failures."""
        mask: NDArray[np.bool_] = self.statuses <= Status.FEASIBLE.code
        return mask


@dataclass
class _Work:
    """What the passes read and write."""

    program: NormalProgram
    before: EncodedTable
    fixed: frozenset[int]
    chain: Sequence[Engine]
    picks: bool
    share: float
    told: Reasons
    found: Sequence[Fault] | None
    effort: float
    threads: int
    progress: Progress | None
    reasons: bool
    table: EncodedTable = field(init=False)
    blocks: tuple[Component, ...] = ()
    problems: list[Problems] = field(default_factory=list)
    solved: list[Solved] = field(default_factory=list)
    statuses: Codes = field(init=False)
    engines: Codes = field(init=False)
    failures: tuple[Failure, ...] = ()
    cold: tuple[str, ...] = ()


def repair_table(
    normal: NormalProgram,
    table: EncodedTable,
    *,
    engine_name: str = AUTO,
    effort: float | None = None,
    threads: int | None = None,
    fixed_columns: frozenset[int] = frozenset(),
    extra_rules: Sequence[NormalRule] = (),
    ignore_fixed: bool = False,
    share: float = 1.0,
    told: Reasons | None = None,
    found: Sequence[Fault] | None = None,
    progress: Progress | None = None,
    reasons: bool = True,
) -> TableRepair:
    """Repair every row; the table itself is left as it is.

    Args:
        engine_name: the engine that is asked first; `auto` picks for every block and row.
        effort: deterministic time for one row of one block; 10 by default.
        threads: how many threads solve; all processors by default.
        fixed_columns: positions of further columns that must keep their cells; of derived ones the definition must
            give it.
        extra_rules: rules beyond the program's.
        ignore_fixed: whether columns that the program calls fixed may change all the same.
        share: what part of a longer table this is, of which the others are still to come.
        told: why rows are infeasible, as far as other parts of the table have told; it is added to.
        found: the faults of the rows as they are, where they are known and tell all there is, see `tell_all`.
        progress: called with the number of rows of blocks solved so far and of all.
        reasons: whether to find out which rules and cells conflict in rows that cannot be repaired.
    """
    program = replace(normal, rules=(*normal.rules, *extra_rules))
    declared = frozenset(i for i, column in enumerate(normal.columns) if column.fixed and not ignore_fixed)
    fixed = frozenset(i for i in declared | fixed_columns if table.present[i] or normal.columns[i].definition is None)
    work = _Work(
        program=program,
        before=table,
        fixed=fixed,
        chain=chain(engine_name),
        picks=engine_name == AUTO,
        share=share,
        told={} if told is None else told,
        found=None if extra_rules else found,
        effort=EFFORT if effort is None else effort,
        threads=threads or os.cpu_count() or 1,
        progress=progress,
        reasons=reasons,
    )
    for step in PASSES:
        step(work)
    names = tuple(engine.name for engine in work.chain)
    return TableRepair(
        work.table, _changed(work), work.statuses, work.engines, names, work.failures, work.blocks, work.cold
    )


def _copy_and_derive(work: _Work) -> None:
    """Start from a copy in which every derived column is what it should be."""
    work.table = work.before.copy()
    derive(work.program, work.table)


def _find_problems(work: _Work) -> None:
    """Collect the rows of every block that need a repair."""
    work.blocks, found = components(work.program, work.fixed), work.found
    if found is None:
        parts = in_chunks(lambda start, stop: _needy_rows(work, start, stop), work.table.n_rows, work.threads)
        needy_rows = [np.concatenate(rows) for rows in zip(*parts, strict=True)]
    else:
        needy_rows = [np.flatnonzero(needy_among(block, found, work.table.n_rows)) for block in work.blocks]
    pairs = [(block, rows) for block, rows in zip(work.blocks, needy_rows, strict=bool(needy_rows)) if rows.size]
    work.problems = in_order(lambda pair: gather(pair[0], work.before, pair[1]), pairs, work.threads)


def _needy_rows(work: _Work, start: int, stop: int) -> list[Indices]:
    """For each block the rows of one chunk that it has to be repaired in."""
    before, table = work.before.slice(start, stop), work.table.slice(start, stop)
    evaluator = Evaluator(work.program, table)
    return [np.flatnonzero(needy(block, before, table, evaluator)) + start for block in work.blocks]


def _solve(work: _Work) -> None:
    """Ask the engines."""
    if work.picks:
        work.chain, work.cold = worthwhile(work.chain, work.problems, work.effort, work.threads, work.share)
    work.solved = dispatch(work.chain, work.problems, work.effort, work.threads, work.progress)


def _judge_rows(work: _Work) -> None:
    """A row fares as the worst of its blocks, and is counted with the slowest engine that it needed."""
    work.statuses = np.full(work.table.n_rows, UNTOUCHED, np.int8)
    work.engines = np.full(work.table.n_rows, UNTOUCHED, np.int8)
    for each in work.solved:
        rows = each.problems.rows
        work.statuses[rows] = np.maximum(work.statuses[rows], each.solutions.statuses)
        work.engines[rows] = np.maximum(work.engines[rows], each.engines)


def _explain(work: _Work) -> None:
    """Find out why rows are infeasible; problems whose fixed cells agree share the reason."""
    asked: dict[Deciding, tuple[Component, Row]] = {}
    keys: dict[int, Deciding] = {}
    for each in work.solved if work.reasons else ():
        block = each.problems.component
        for k in np.flatnonzero(each.solutions.statuses == Status.INFEASIBLE.code).tolist():
            row = each.problems.row(k)
            key = (block.columns, _deciding(block, row))
            keys.setdefault(int(each.problems.rows[k]), key)
            if key not in work.told:
                asked.setdefault(key, (block, row))
    work.told.update(_conflicts(work, asked))
    failed = np.flatnonzero(work.statuses >= Status.UNKNOWN.code).tolist()
    work.failures = tuple(
        Failure(row, Status.of(int(work.statuses[row])), work.told[keys[row]] if row in keys else ()) for row in failed
    )


def _conflicts(work: _Work, asked: Mapping[Deciding, tuple[Component, Row]]) -> dict[Deciding, tuple[str, ...]]:
    """What cannot agree in rows that have no repair."""
    total = sum(each.problems.size for each in work.solved)

    def told(_: int) -> None:
        if work.progress is not None:
            work.progress(total, total)  # which may want to stop

    found = in_order(lambda pair: conflict(*pair, work.effort), list(asked.values()), work.threads, told)
    return dict(zip(asked, found, strict=True))


def _deciding(block: Component, row: Row) -> Row:
    """The cells that decide whether a row can be repaired: fixed ones, and texts that others may be set to."""
    pairs = zip(block.cells, row, strict=True)
    return tuple(cell for i, cell in pairs if i in block.fixed or block.column(i).kind == "text")


def _write(work: _Work) -> None:
    """Put the solutions into the rows that are solved, and derive again; other rows stay as they were."""
    restorer = Restorer(work.table)
    for each in work.solved:
        rows, solutions = each.problems.rows, each.solutions
        fine = work.statuses[rows] <= Status.FEASIBLE.code
        if not fine.all():
            rows, solutions = rows[fine], solutions.take(np.flatnonzero(fine))
        restorer.put(each.problems.component, rows, solutions)
    derive(work.program, work.table)
    failed = np.array([failure.row for failure in work.failures], dtype=np.int64)
    made = [i for i, present in enumerate(work.before.present) if not present]
    work.table.replace(failed, work.before.take(failed), keep=made)


def _verify(work: _Work) -> None:
    """Look at every repaired row again."""
    rows = np.flatnonzero((work.statuses != UNTOUCHED) & (work.statuses <= Status.FEASIBLE.code))

    def verify(start: int, stop: int) -> None:
        part = rows[start:stop]
        verified(work.program, work.before.take(part), work.table.take(part), work.blocks, part)

    in_chunks(verify, rows.size, work.threads)


def verified(
    program: NormalProgram, before: EncodedTable, after: EncodedTable, blocks: Sequence[Component], rows: Indices
) -> None:
    """Look at repaired rows again, with the evaluator instead of the engine.

    Raises:
        RepairError: where one breaks a hard rule, a domain or a null, or where a fixed cell changed.
    """
    evaluator = Evaluator(program, after)
    for block in blocks:
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
    """Cells that differ from before; but for derived ones they lie in rows that an engine looked at."""
    before, after = work.before, work.table
    changed = np.zeros(before.states.shape, bool)
    rows = np.flatnonzero(work.statuses != UNTOUCHED)
    few = (before.take(rows), after.take(rows)) if rows.size < before.n_rows // 4 else None

    def compare(i: int) -> None:
        if few is None or work.program.columns[i].definition is not None:
            changed[i] = unlike(before, after, i)
        else:
            changed[i, rows] = unlike(*few, i)

    in_order(compare, [i for i, present in enumerate(before.present) if present], work.threads)
    return changed

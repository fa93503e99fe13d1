"""Repair of the rules over several rows of a table whose rows were repaired by themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalProgram
from htdbu.compiler.program import Program
from htdbu.solver.derive import derive
from htdbu.solver.engine import GENERAL
from htdbu.solver.faults import Fault, table_faults
from htdbu.solver.groups import lone
from htdbu.solver.groups.clusters import first_clusters
from htdbu.solver.groups.crowd import Cluster, Crowd
from htdbu.solver.groups.joint import Cells, Joints
from htdbu.solver.groups.placing import place
from htdbu.solver.groups.reasons import group_conflict
from htdbu.solver.groups.rounds import Rounds
from htdbu.solver.groups.scene import Scene, scenes
from htdbu.solver.outcomes import hard_failures
from htdbu.solver.restoring import Restorer
from htdbu.solver.solutions import UNTOUCHED, Status
from htdbu.solver.table import NULL, VALUE, EncodedTable, Indices
from htdbu.solver.table_repair import EFFORT, Failure, TableRepair, verified
from htdbu.solver.violations import unlike

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Mended:
    """What became of one scene.

    Attributes:
        proved: clusters that no repair is cheaper than.
        placed: clusters that are valid.
        conflicts: for each row that no change can mend the names of the rules and cells that cannot agree.
    """

    proved: Sequence[Cluster]
    placed: Sequence[Cluster]
    conflicts: dict[int, tuple[str, ...]]


def mend_groups(
    program: Program,
    before: EncodedTable,
    repair: TableRepair,
    effort: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    clashes: Sequence[Fault] | None = None,
    failing: Indices | None = None,
) -> TableRepair:
    """Mend `key`, `unique` and `fd`, with every rule over one row kept; the table of `repair` is written to.

    Rows that no change can mend come back as the data have them.

    Args:
        before: the rows as the data have them.
        repair: their repair, row by row.
        effort: deterministic time for one cluster of rows.
        progress: called with the clusters solved so far and all clusters.
        clashes: the faults of the rules over several rows in the repaired table, where they are known.
        failing: the rows that break anything else as the data have them, where that is known.
    """
    found = table_faults(program, repair.table) if clashes is None else clashes
    broken = {fault.name for fault in found if fault.rows.size}
    if not broken:
        return repair
    fixed = frozenset(i for block in repair.blocks for i in block.fixed)
    for scene in scenes(program, fixed):
        if any(rule.name in broken for rule in scene.rules):
            crowd = Crowd(program, scene, before, repair)
            mended = _mended(crowd, EFFORT if effort is None else effort, threads or os.cpu_count() or 1, progress)
            repair = _written(program, before, repair, scene, mended)
    return _with_failures(program, before, repair, failing)


def _mended(crowd: Crowd, effort: float, threads: int, progress: Progress | None) -> Mended:
    """Find out what the rows of a scene become."""
    joints = Joints(crowd.scene, effort)
    if lone.is_lone(crowd.scene):
        rows = lone.movers(crowd)
        if rows.size >= lone.FROM:
            return _by_proof(lone.spread(crowd, rows))
    rounds = Rounds(crowd, joints, threads, progress)
    rounds.run(first_clusters(crowd))
    conflicts = {
        row: group_conflict(crowd.scene, crowd.cells(rows), facts, effort)
        for row, (rows, facts) in rounds.conflicts.items()
    }
    placed = place(crowd, joints, rounds.settled, rounds.rest, progress)
    return Mended(rounds.settled, placed, conflicts)


def _by_proof(clusters: Iterable[Cluster]) -> Mended:
    """Solved clusters, the proved ones apart."""
    parts: tuple[list[Cluster], list[Cluster]] = ([], [])
    for cluster in clusters:
        parts[cluster.answer is not None and cluster.answer.status is Status.OPTIMAL].append(cluster)
    return Mended(parts[True], parts[False], {})


def _written(program: Program, before: EncodedTable, repair: TableRepair, scene: Scene, mended: Mended) -> TableRepair:
    """Put what rows become into the table."""
    table = repair.table
    proofs = {row: Status.OPTIMAL for cluster in mended.proved for row in cluster.rows}
    proofs |= {row: Status.FEASIBLE for cluster in mended.placed for row in cluster.rows}
    new = {
        row: cells
        for cluster in (*mended.proved, *mended.placed)
        if cluster.answer is not None
        for row, cells in zip(cluster.rows, cluster.answer.cells, strict=True)
    }
    rows = np.array(sorted(new), dtype=np.int64)
    piece = table.take(rows)
    _put(scene, piece, [new[row] for row in rows.tolist()], Restorer(table))
    changed = rewritten(normalise(program), before, repair, rows, piece)
    statuses, engines = repair.statuses.copy(), repair.engines.copy()
    codes = np.array([proofs[row].code for row in rows.tolist()], dtype=np.int8)
    statuses[rows] = np.maximum(statuses[rows], codes)
    engines[rows] = np.maximum(engines[rows], repair.engine_names.index(GENERAL))
    failures = [Failure(row, Status.INFEASIBLE, names) for row, names in mended.conflicts.items()]
    failures += [failure for failure in repair.failures if failure.row not in mended.conflicts]
    return replace(
        repair, changed=changed, statuses=statuses, engines=engines, failures=tuple(sorted(failures, key=_row))
    )


def rewritten(
    normal: NormalProgram, before: EncodedTable, repair: TableRepair, rows: Indices, piece: EncodedTable
) -> NDArray[np.bool_]:
    """Put rows anew into the table of a repair, derived columns made from the others; returns all changed cells.

    Args:
        piece: what the rows become.

    Raises:
        RepairError: where one breaks a rule over one row.
    """
    held, changed = before.take(rows), repair.changed.copy()
    derive(normal, piece)
    verified(normal, held, piece, repair.blocks, rows)
    repair.table.replace(rows, piece)
    for i, present in enumerate(before.present):
        changed[i, rows] = unlike(held, piece, i) & present
    return changed


def _put(scene: Scene, piece: EncodedTable, rows: Sequence[Cells], restorer: Restorer) -> None:
    """Write the cells of rows; texts that are made up get their names row by row."""
    made: dict[int, int] = {}
    for i in scene.block.mutable:
        values = [cells[i] for cells in rows]
        if i in scene.texts:
            for value in values:
                if value is not None and value < 0 and value not in made:
                    made[value] = restorer.new_text()
            values = [None if value is None else made.get(value, value) for value in values]
        piece.states[i] = [NULL if value is None else VALUE for value in values]
        piece.values[i] = [value or 0 for value in values]
        piece.huge = {place: value for place, value in piece.huge.items() if place[0] != i}


def _with_failures(program: Program, before: EncodedTable, repair: TableRepair, failing: Indices | None) -> TableRepair:
    """Let the rows that still break a rule over several rows come back as they were, and note them.

    Where one of them comes to clash with another row by that, this one does so too.
    """
    failures = {failure.row: failure for failure in repair.failures}
    changed, statuses = repair.changed.copy(), repair.statuses.copy()
    new = [row for row, failure in failures.items() if statuses[row] != failure.status.code]
    while True:
        names: dict[int, tuple[str, ...]] = {}
        for fault in table_faults(program, repair.table):
            for row in fault.rows.tolist():
                names[row] = (*names.get(row, ()), fault.name)
        fresh = {row: Failure(row, Status.UNKNOWN, rules) for row, rules in names.items() if row not in failures}
        failures |= fresh
        new = [*new, *fresh]
        if not new:
            broken = _still_broken(program, repair, failures, names, failing)
            statuses[[row for row in failures if row not in broken]] = UNTOUCHED
            return replace(
                repair, failures=tuple(broken[row] for row in sorted(broken)), changed=changed, statuses=statuses
            )
        rows = np.array(new, dtype=np.int64)
        restored(normalise(program), before, repair.table, changed, rows)
        statuses[rows] = [failures[row].status.code for row in new]
        new = []


def restored(
    normal: NormalProgram, before: EncodedTable, table: EncodedTable, changed: NDArray[np.bool_], rows: Indices
) -> None:
    """Let rows be as the data have them, and derive what the data lack."""
    piece = before.take(rows)
    derive(normal, piece, [i for i, present in enumerate(before.present) if not present])
    table.replace(rows, piece)
    changed[:, rows] = False


def _still_broken(
    program: Program,
    repair: TableRepair,
    failures: dict[int, Failure],
    names: dict[int, tuple[str, ...]],
    failing: Indices | None,
) -> dict[int, Failure]:
    """The failures of rows that break something as they are; others made room for a row that was left."""
    rows = np.array(sorted(failures), dtype=np.int64)
    bad = hard_failures(program, repair.table.take(rows)) if failing is None else np.isin(rows, failing)
    return {row: failures[row] for row, fails in zip(rows.tolist(), bad.tolist(), strict=True) if fails or row in names}


def _row(failure: Failure) -> int:
    return failure.row

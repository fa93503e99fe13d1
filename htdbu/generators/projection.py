"""Rows that sampling could not make sound: the nearest sound row, first under the plan, then without it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from htdbu.compiler.normal import NormalRule
from htdbu.errors import InfeasibleError
from htdbu.generators.drawing import Drawing, Indices
from htdbu.generators.plan.cells import truth_rules
from htdbu.solver.table_repair import repair_table

Progress = Callable[[int, int], None]


def project(drawing: Drawing, threads: int | None, progress: Progress | None = None) -> dict[str, int]:
    """Repair the pending rows of a drawing; how many were repaired, and how many copied from a sound row of their cell.

    Raises:
        InfeasibleError: where no row at all satisfies the rules.
    """
    asked = len(drawing.pending)
    for held in (True, False):
        for rows, rules in _groups(drawing) if held else [(drawing.pending, ())]:
            _repair(drawing, rows, rules, held, threads, progress)
    copied = len(drawing.pending)
    if copied:
        _copy(drawing)
    return {"repaired": asked - copied, "copied": copied}


def _groups(drawing: Drawing) -> list[tuple[Indices, tuple[NormalRule, ...]]]:
    """The pending rows by what the plan asks of the conditions of targets, which become rules for them."""
    plan, pending = drawing.texture.plan, drawing.pending
    groups: dict[tuple[int | None, ...], list[int]] = {}
    for row in pending.tolist():
        groups.setdefault(plan.cells[drawing.cells[row]][len(plan.columns) :], []).append(row)
    return [(np.array(rows), truth_rules(plan.conditions, truths)) for truths, rows in groups.items()]


def _repair(
    drawing: Drawing,
    rows: Indices,
    rules: tuple[NormalRule, ...],
    held: bool,
    threads: int | None,
    progress: Progress | None,
) -> None:
    if not len(rows):
        return
    fixed = {i for i, column in enumerate(drawing.program.columns) if column.key}
    fixed |= set(drawing.texture.plan.columns) if held else set()
    table = drawing.table.take(rows)
    result = repair_table(
        drawing.normal,
        table,
        threads=threads,
        fixed_columns=frozenset(fixed),
        extra_rules=rules,
        ignore_fixed=True,
        progress=progress,
    )
    failed = {failure.row for failure in result.failures}
    mended = np.array([k for k in range(len(rows)) if k not in failed], dtype=np.int64)
    drawing.table.replace(rows[mended], result.table.take(mended))
    drawing.pending = np.setdiff1d(drawing.pending, rows[mended], assume_unique=True)


def _copy(drawing: Drawing) -> None:
    """Give the rows that stay pending the values of a sound row, of the same cell where there is one."""
    sound = np.setdiff1d(np.arange(len(drawing.cells)), drawing.pending, assume_unique=True)
    if not sound.size:
        raise InfeasibleError("no row satisfies all hard rules", "run `htdbu compile` on the rules")
    by_cell: dict[int, Indices] = {}
    for row in drawing.pending.tolist():
        cell = int(drawing.cells[row])
        if cell not in by_cell:
            same = sound[drawing.cells[sound] == cell]
            by_cell[cell] = same if same.size else sound
        source = by_cell[cell][row % len(by_cell[cell])]
        keys = [i for i, column in enumerate(drawing.program.columns) if column.key]
        drawing.table.replace(np.array([row]), drawing.table.take(np.array([source])), keep=keys)
    drawing.pending = np.array([], dtype=np.int64)

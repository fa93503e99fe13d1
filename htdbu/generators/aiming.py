"""Targets that neither the plan nor the choice of rows has met, as those of means: some rows are changed for them."""

from __future__ import annotations

import numpy as np

from htdbu.compiler.program import Program
from htdbu.generators.arrays import Mask
from htdbu.generators.drawing import Drawing
from htdbu.solver.outcomes import hard_failures
from htdbu.solver.selection.meet import meet_targets
from htdbu.solver.table import EncodedTable
from htdbu.solver.table_repair import repair_table
from htdbu.solver.targets import measure_targets


def meet(program: Program, drawing: Drawing, real: EncodedTable, threads: int | None) -> Mask:
    """Change rows of a drawing, as few and as little as it takes; keys and what the plan decides stay.

    Returns:
        Which rows were changed: none where the targets are met, or cannot be met by rows that obey the rules.
    """
    table = drawing.table
    none: Mask = np.zeros(table.n_rows, dtype=bool)
    missed = _missed(program, table, real) if table.n_rows else 0
    if not missed:
        return none
    held = {i for i, column in enumerate(program.columns) if column.is_name} | set(drawing.texture.plan.columns)
    base = repair_table(drawing.normal, table, threads=threads)
    if base.changed.any() or base.failures:
        return none
    met = meet_targets(program, table, base, real, threads=threads, held=held).outcome.table
    if _missed(program, met, real) >= missed or hard_failures(program, met).any():
        return none
    changed: Mask = ((met.values != table.values) | (met.states != table.states)).any(axis=0)
    drawing.table = met
    return changed


def _missed(program: Program, table: EncodedTable, real: EncodedTable) -> int:
    return sum(target.met is False for target in measure_targets(program, table, real))

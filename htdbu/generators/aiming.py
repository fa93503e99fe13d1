"""Targets that neither the plan nor the choice of rows has met, as those of means: some rows are changed for them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from htdbu.compiler.lowering import normalise
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
    if not table.n_rows or not _missed(program, table, real):
        return none
    held = _holding(program, drawing.texture.plan.columns)
    base = repair_table(normalise(held), table, threads=threads)
    if base.changed.any() or base.failures:
        return none
    met = meet_targets(held, table, base, real, threads=threads).outcome.table
    if len(_missed(program, met, real)) >= len(_missed(program, table, real)) or hard_failures(program, met).any():
        return none
    changed: Mask = ((met.values != table.values) | (met.states != table.states)).any(axis=0)
    drawing.table = met
    return changed


def _missed(program: Program, table: EncodedTable, real: EncodedTable) -> list[str]:
    return [target.name for target in measure_targets(program, table, real) if target.met is False]


def _holding(program: Program, columns: Collection[int]) -> Program:
    """The same rules over columns of which these, keys and texts are fixed."""
    fixed = [
        column.model_copy(update={"fixed": column.fixed or column.is_name or i in columns})
        for i, column in enumerate(program.columns)
    ]
    return program.model_copy(update={"columns": tuple(fixed)})

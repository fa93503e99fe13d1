"""Texts that come from a pool: drawn anew where a repair changed the column that they hang on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.program import Program
from htdbu.solver.table import VALUE, EncodedTable


def redraw_texts(
    program: Program, before: EncodedTable, after: EncodedTable, changed: NDArray[np.bool_], seed: int
) -> None:
    """Draw the texts of pool columns whose label a repair changed, or which it filled, and mark them as changed.

    The pool is the table itself as it was: the texts that stand beside each label. Every draw depends on the seed
    and on the number of the row alone. Where a label has no text, the row keeps the one that it has.
    """
    for i, column in enumerate(program.columns):
        if column.pool_by is None:
            continue
        by = program.column_index[column.pool_by]
        rows = np.flatnonzero(changed[by] | changed[i])
        pool = _pool(before, i, by) if rows.size else {}
        for row in rows.tolist():
            texts = pool.get(after.value(by, row), [])
            if texts:
                number = int(np.random.default_rng([seed, i, row]).integers(len(texts)))
                after.values[i, row], after.states[i, row] = texts[number], VALUE
                changed[i, row] = before.value(i, row) != texts[number]


def _pool(table: EncodedTable, position: int, by: int) -> dict[int | None, list[int]]:
    """The codes of the distinct texts beside every label, in the order in which they are first met."""
    found: dict[int | None, dict[int, None]] = {}
    for row in np.flatnonzero(table.states[position] == VALUE).tolist():
        found.setdefault(table.value(by, row), {})[int(table.values[position, row])] = None
    return {label: list(texts) for label, texts in found.items()}

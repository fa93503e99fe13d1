"""Texts that come from a pool: drawn anew where a repair changed the column that they hang on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.program import Column, Program
from htdbu.solver.pools import Pool, labels_of, own_pool
from htdbu.solver.table import VALUE, EncodedTable


def redraw_texts(
    program: Program,
    before: EncodedTable,
    after: EncodedTable,
    changed: NDArray[np.bool_],
    seed: int,
    pools: Mapping[str, Pool],
) -> tuple[str, ...]:
    """Draw the texts of pool columns whose label a repair changed, or which it filled, and mark them as changed.

    Every draw depends on the seed and on the number of the row alone. A fixed column keeps its texts.

    Args:
        pools: texts by label; where a pool is not given it is the table itself as it was.

    Returns:
        Warnings: the labels without a text, whose rows keep the text that they have.
    """
    found = []
    for i, column in enumerate(program.columns):
        if column.pool_by is None or column.fixed:
            continue
        rows = np.flatnonzero(changed[program.column_index[column.pool_by]] | changed[i])
        if rows.size:
            pool = pools.get(str(column.pool)) or own_pool(program, before, column)
            found += _redraw(program, column, after.take(rows), rows, after, pool, seed)
            changed[i, rows] = _differs(before, after, i, rows)
    return tuple(found)


def _redraw(
    program: Program,
    column: Column,
    taken: EncodedTable,
    rows: NDArray[np.int64],
    after: EncodedTable,
    pool: Pool,
    seed: int,
) -> list[str]:
    i = program.column_index[column.name]
    lacking: dict[str | None, int] = {}
    for row, label in zip(rows.tolist(), labels_of(program, taken, column), strict=True):
        texts = pool.get(label, ())
        if texts:
            number = int(np.random.default_rng([seed, i, row]).integers(len(texts)))
            after.values[i, row], after.states[i, row] = after.texts.code(texts[number]), VALUE
        else:
            lacking[label] = lacking.get(label, 0) + 1
    return [
        f"the pool `{column.pool}` has no text for "
        f"{'rows without a label' if label is None else repr(label)}: {count} row(s) keep the one that they have"
        for label, count in lacking.items()
    ]


def _differs(before: EncodedTable, after: EncodedTable, i: int, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    moved = before.values[i, rows] != after.values[i, rows]
    return np.asarray(moved | (before.states[i, rows] != after.states[i, rows]), dtype=bool)

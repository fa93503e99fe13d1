"""Texts that come from a pool: drawn anew where a repair changed the column that they hang on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.program import Column, Program
from htdbu.solver.pools import Pool, labels_of, own_pool
from htdbu.solver.table import VALUE, EncodedTable

Lacking = dict[int, dict[str | None, int]]
"""By the position of a pool's column the labels that the pool has no text for, and how many rows wanted one."""

NONE: Mapping[str, Pool] = MappingProxyType({})


def redraw_texts(
    program: Program,
    before: EncodedTable,
    after: EncodedTable,
    changed: NDArray[np.bool_],
    seed: int,
    pools: Mapping[str, Pool],
    own: Mapping[str, Pool] = NONE,
    start: int = 0,
) -> Lacking:
    """Draw the texts of pool columns whose label a repair changed, or which it filled, and mark them as changed.

    Every draw depends on the seed and on the number of the row alone. A fixed column keeps its texts.

    Args:
        pools: texts by label, by the names of pools; where one is not given it is the table itself as it was.
        own: what the table itself holds, by the names of columns; looked up in `before` by default.
        start: the number of the table's first row, where it is a part of a longer one.

    Returns:
        The labels without a text, whose rows keep the text that they have.
    """
    lacking: Lacking = {}
    for i, column in enumerate(program.columns):
        if column.pool_by is None or column.fixed:
            continue
        rows = np.flatnonzero(changed[program.column_index[column.pool_by]] | changed[i])
        if rows.size:
            pool = pools.get(str(column.pool)) or own.get(column.name) or own_pool(program, before, column)
            lacking[i] = _redraw(program, column, rows, after, pool, (seed, start))
            changed[i, rows] = _differs(before, after, i, rows)
    return lacking


def lack_warnings(program: Program, lacking: Lacking) -> tuple[str, ...]:
    """What a user should know of labels without a text."""
    return tuple(
        f"the pool `{program.columns[i].pool}` has no text for "
        f"{'rows without a label' if label is None else repr(label)}: {count} row(s) keep the one that they have"
        for i, labels in sorted(lacking.items())
        for label, count in labels.items()
    )


def _redraw(
    program: Program,
    column: Column,
    rows: NDArray[np.int64],
    after: EncodedTable,
    pool: Pool,
    origin: tuple[int, int],
) -> dict[str | None, int]:
    """Draw the texts of some rows of a column; `origin` is the seed and the number of the table's first row."""
    i, (seed, start) = program.column_index[column.name], origin
    lacking: dict[str | None, int] = {}
    for row, label in zip(rows.tolist(), labels_of(program, after.take(rows), column), strict=True):
        texts = pool.get(label, ())
        if texts:
            number = int(np.random.default_rng([seed, i, start + row]).integers(len(texts)))
            after.values[i, row], after.states[i, row] = after.texts.code(texts[number]), VALUE
        else:
            lacking[label] = lacking.get(label, 0) + 1
    return lacking


def _differs(before: EncodedTable, after: EncodedTable, i: int, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    moved = before.values[i, rows] != after.values[i, rows]
    return np.asarray(moved | (before.states[i, rows] != after.states[i, rows]), dtype=bool)

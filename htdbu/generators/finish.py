"""What is no texture: keys before the rows are drawn, texts and the file's spelling after they are sound."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Column, Program
from htdbu.errors import InfeasibleError
from htdbu.generators.keys import fresh_steps, fresh_texts
from htdbu.generators.texts import draw_texts
from htdbu.solver.decoding import decode_like
from htdbu.solver.pools import Pool, labels_of, own_pool
from htdbu.solver.table import VALUE, EncodedTable


def blank_rows(program: Program, real: EncodedTable, n: int) -> EncodedTable:
    """`n` rows with fresh keys and texts; all other cells are null."""
    table = real.empty(n)
    for i, column in enumerate(program.columns):
        if column.derived is not None:
            continue
        if column.type.kind == "text":
            table.values[i] = [table.texts.code(text) for text in _texts(column, real, i, n)]
            table.states[i] = VALUE
        elif column.key:
            table.values[i] = _keys(program, real, i, n)
            table.states[i] = VALUE
    return table


def _texts(column: Column, real: EncodedTable, i: int, n: int) -> list[str]:
    """Fresh texts; a pool's texts are drawn at the end, so one stand-in serves until then."""
    return fresh_texts(column.name, real.column_texts(i), n) if column.pool is None else [f"{column.name}-0"] * n


def _keys(program: Program, real: EncodedTable, i: int, n: int) -> list[int]:
    column = program.columns[i]
    if column.type.kind in ("bool", "category") and n > 0:
        raise InfeasibleError(f"a {column.type.kind} such as `{column.name}` cannot be the key of {n} new rows")
    known = real.states[i] == VALUE
    return fresh_steps(normalise(program).columns[i], real.values[i][known].tolist(), n)


def finish(
    program: Program,
    table: EncodedTable,
    real: EncodedTable,
    like: pd.DataFrame,
    rng: np.random.Generator,
    pools: Mapping[str, Pool],
) -> pd.DataFrame:
    """The rows as a frame with the headers, the order, the spelling and the types of the real one; texts by label.

    Args:
        pools: texts by label; where a pool is not given it is the real table itself.
    """
    for i, column in enumerate(program.columns):
        if column.pool is not None and column.pool_by is not None:
            pool = pools.get(column.pool) or own_pool(program, real, column)
            rows = np.flatnonzero(table.states[i] == VALUE)
            drawn = draw_texts(column.name, pool, labels_of(program, table.take(rows), column), rng)
            table.values[i, rows] = [table.texts.code(text) for text in drawn]
    return decode_like(program, table, like)

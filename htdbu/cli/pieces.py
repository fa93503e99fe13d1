"""Tables cut into pieces of one size, which depends on the table alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

ROWS = 1 << 17
CELLS = 1 << 22
BYTES = 1 << 27
"""The most rows, cells and bytes of a piece, about; none has less than one row."""
FEWEST_ROWS = 1 << 10


def piece_rows(columns: int, row_bytes: float = 0.0) -> int:
    """How many rows a piece of a table has; `row_bytes` is what one takes on average."""
    most = min(ROWS, CELLS // max(columns, 1))
    if row_bytes:
        most = min(most, int(BYTES // row_bytes))
    return max(most, min(FEWEST_ROWS, ROWS))


def cut(batches: Iterable[Any], schema: Any, rows: int, most: float = math.inf) -> Iterator[Any]:
    """Record batches of any sizes as Arrow tables of `rows` rows, the last one shorter; one without rows for none.

    Args:
        most: so many batches make a table, whatever their rows.
    """
    import pyarrow as pa

    held: list[Any] = []
    none = True
    for batch in batches:
        held.append(batch)
        while sum(part.num_rows for part in held) >= rows:
            table = pa.Table.from_batches(held, schema)
            yield table.slice(0, rows)
            none, held = False, [part for part in table.slice(rows).to_batches() if part.num_rows]
        if len(held) >= most:
            yield pa.Table.from_batches(held, schema)
            none, held = False, []
    if held or none:
        yield pa.Table.from_batches(held, schema)

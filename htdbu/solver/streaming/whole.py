"""A table in one piece, where that is what its repair needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from htdbu.solver.frames import to_pandas
from htdbu.solver.streaming.pieces import Source

MOST_CELLS = 40_000_000
"""The most cells, in declared columns, of a table that is held in memory to mend rules over several rows."""


class Whole:
    """A source whose pieces are given as one."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def headers(self) -> Sequence[str]:
        """The names of all columns."""
        return self._source.headers

    def expected_rows(self) -> int:
        """How many rows there are, as far as is known by now."""
        return self._source.expected_rows()

    def pieces(self, headers: Sequence[str]) -> Iterator[Any]:
        """The one piece."""
        pieces = list(self._source.pieces(headers))
        if len(pieces) == 1 or all(isinstance(piece, pa.Table) for piece in pieces):
            yield pieces[0] if len(pieces) == 1 else pa.concat_tables(pieces)
        else:
            yield pd.concat([to_pandas(piece) for piece in pieces], ignore_index=True)


def too_large(n_rows: int) -> str:
    """What a user should know of a table that is not held in memory."""
    return (
        f"rules over several rows are broken, and are not mended in a table of {n_rows:,} rows, which is read piece by "
        "piece; `program.repair` in Python mends them with the whole table in memory"
    )

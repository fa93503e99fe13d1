"""Parquet and Feather written piece by piece; where a table is cut leaves no trace in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from htdbu.cli.layout import Kind
from htdbu.cli.pieces import piece_rows

if TYPE_CHECKING:
    import pyarrow as pa

FEATHER_ROWS = 1 << 16


class ArrowWriter:
    """A table that goes to a Parquet or Feather file.

    Args:
        sink: takes the bytes, and stays open.
        schema: the columns and their types.
    """

    def __init__(self, sink: BinaryIO, schema: pa.Schema, kind: Kind) -> None:
        import pyarrow as pa
        import pyarrow.parquet

        self._schema = schema
        self._keeps_nulls = kind == "feather"
        self._rows = piece_rows(len(schema)) if kind == "parquet" else FEATHER_ROWS
        if kind == "parquet":
            self._writer: Any = pyarrow.parquet.ParquetWriter(sink, schema)
        else:
            options = pa.ipc.IpcWriteOptions(compression="lz4", unify_dictionaries=True)
            self._writer = pa.ipc.new_file(sink, schema, options=options)
        self._waiting: list[pa.Table] = []
        self._none = True

    def write(self, table: pa.Table) -> None:
        """Write some rows."""
        import pyarrow as pa

        self._waiting.append(table)
        while sum(part.num_rows for part in self._waiting) >= self._rows:
            whole = pa.concat_tables(self._waiting)
            self._put(whole.slice(0, self._rows))
            self._waiting = [whole.slice(self._rows)]

    def _put(self, table: pa.Table) -> None:
        """Write rows that stand together in the file."""
        import numpy as np
        import pyarrow as pa

        if self._keeps_nulls:
            # Feather keeps what lies in memory where a cell is null; taken anew, that is nothing.
            table = table.take(pa.array(np.arange(table.num_rows)))
        self._writer.write_table(table.combine_chunks(), self._rows)
        self._none = False

    def close(self) -> None:
        """Write what is still missing."""
        import pyarrow as pa

        rest = pa.concat_tables(self._waiting) if self._waiting else self._schema.empty_table()
        if rest.num_rows or self._none:
            self._put(rest)
        self._writer.close()

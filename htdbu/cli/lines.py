"""Lists that a command makes up while it reads, such as changed cells: written line by line, whatever their length."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from htdbu.cli.arrow_writer import ArrowWriter
from htdbu.cli.csv_writer import CsvWriter, cell_texts, known_texts
from htdbu.cli.encoding import layout_for
from htdbu.cli.layout import Layout, is_gzip
from htdbu.cli.patching import is_string

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import Series


class LinesWriter:
    """A table that is written in parts.

    Args:
        sink: takes the bytes of a file of the name `path`.
        schema: its columns; cells of a column of texts may be of any type, and stand there as texts.
        days: those whose moments have no time of day.
    """

    def __init__(self, path: str, sink: BinaryIO, schema: pa.Schema, days: Collection[str] = ()) -> None:
        layout = layout_for(path, Layout())
        self._schema, self._days = schema, days
        self._csv = CsvWriter(sink, schema.names, layout, is_gzip(path)) if layout.kind == "csv" else None
        self._arrow = None if layout.kind == "csv" else ArrowWriter(sink, schema, layout.kind)

    def write(self, columns: Sequence[Series[Any]]) -> None:
        """Write some lines."""
        import pyarrow as pa

        pairs = list(zip(self._schema, columns, strict=True))
        if self._csv is not None:
            self._csv.write([cell_texts(column, field.name in self._days) for field, column in pairs])
        if self._arrow is not None:
            arrays = [_array(column, field.type) for field, column in pairs]
            self._arrow.write(pa.table(arrays, schema=self._schema))

    def close(self) -> None:
        """Write what is still missing."""
        for writer in (self._csv, self._arrow):
            if writer is not None:
                writer.close()


def _array(column: Series[Any], kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    return known_texts(column).cast(kind) if is_string(kind) else pa.Array.from_pandas(column, type=kind)

"""Whole tables as the bytes of a file: CSV spelled as the file that was read, Parquet, Feather."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from htdbu.cli.arrow_writer import ArrowWriter
from htdbu.cli.csv_writer import CsvWriter, cell_texts, holds_whole_days
from htdbu.cli.layout import Layout, is_gzip, kind_of

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import DataFrame, Series

    from htdbu.cli.declared_types import DeclaredTypes


def encode(frame: DataFrame, path: str, layout: Layout, declared: DeclaredTypes | None = None) -> bytes:
    """The bytes of a file of that name that holds the table; `layout` counts where it is of its kind.

    Args:
        declared: the types of a table that comes from CSV, for a file that has types.
    """
    buffer = io.BytesIO()
    read, layout = layout, layout_for(path, layout)
    headers = [str(name) for name in frame.columns]
    columns = [frame.iloc[:, i] for i in range(len(headers))]
    if layout.kind == "csv":
        csv = CsvWriter(buffer, headers, layout, packed=is_gzip(path))
        csv.write([cell_texts(column, holds_whole_days(column)) for column in columns])
        csv.close()
    else:
        if declared is not None and read.kind == "csv" and _holds_texts(frame):
            schema = declared.schema(headers, lambda: [frame.__getitem__])
            table = declared.table(schema, frame.__getitem__)
        else:
            table = _arrow_table(headers, columns, layout)
        arrow = ArrowWriter(buffer, table.schema, layout.kind)
        arrow.write(table)
        arrow.close()
    return buffer.getvalue()


def layout_for(path: str, layout: Layout) -> Layout:
    """The layout of a file of that name: the given one where it is of its kind."""
    kind = kind_of(path) or "csv"
    return layout if layout.kind == kind else Layout(kind=kind, delimiter="\t" if ".tsv" in path.lower() else ",")


def _holds_texts(frame: DataFrame) -> bool:
    """Whether all columns are of texts; those of a model that was fitted to a frame may be of any type."""
    from htdbu.solver.decoding import all_textual

    return all_textual(frame)


def _arrow_table(headers: Sequence[str], columns: Sequence[Series[Any]], layout: Layout) -> pa.Table:
    """Columns under the types of the file read wherever their values fit."""
    import pyarrow as pa

    types = {field.name: field.type for field in layout.schema} if layout.schema is not None else {}
    pairs = zip(headers, columns, strict=True)
    return pa.table({header: _arrow_column(column, types.get(header)) for header, column in pairs})


def _arrow_column(cells: Series[Any], wanted: pa.DataType | None) -> pa.Array:
    """A column as an Arrow array, of the wanted type if its values fit."""
    import pyarrow as pa

    if wanted is not None:
        # Values that the type of the file cannot hold get the type that they need.
        with suppress(pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            return pa.Array.from_pandas(cells, type=wanted)
    return pa.Array.from_pandas(cells)

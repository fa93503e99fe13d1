"""Tables as the bytes of a file: CSV spelled as the file that was read, Parquet, Feather."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from htdbu.cli.layout import Layout, is_gzip, kind_of

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import DataFrame, Series


def encode(frame: DataFrame, path: str, layout: Layout) -> bytes:
    """The bytes of a file of that name that holds the table; `layout` counts where it is of its kind."""
    kind = kind_of(path) or "csv"
    if layout.kind != kind:
        layout = Layout(kind=kind, delimiter="\t" if ".tsv" in path.lower() else ",")
    if kind != "csv":
        return _encode_arrow(frame, layout)
    data = ("\ufeff" if layout.bom else "").encode() + _csv_text(frame, layout).encode()
    # No time and no name in the gzip header: the same table gives the same bytes.
    return gzip.compress(data, mtime=0) if is_gzip(path) else data


def _csv_text(frame: DataFrame, layout: Layout) -> str:
    """The table as CSV text; a missing cell is empty."""
    lone = len(frame.columns) == 1
    quote = _quoter(layout.delimiter, lone)
    header = [_in_quotes(str(name)) if layout.quoted_header else quote(str(name)) for name in frame.columns]
    columns = []
    for position, name in enumerate(frame.columns):
        cells = spell(frame.iloc[:, position])
        columns.append([*map(_in_quotes if name in layout.quoted else quote, cells)])
    lines = [layout.delimiter.join(row) for row in (header, *zip(*columns, strict=True))]
    return layout.newline.join(lines) + (layout.newline if layout.final_newline else "")


def spell(cells: Series[Any]) -> list[str]:
    """The cells of a column as texts, empty where missing; ISO dates, with times only where there is one."""
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        whole_days = bool((cells.dropna() == cells.dropna().dt.normalize()).all())
        cells = cells.dt.strftime("%Y-%m-%d" if whole_days else "%Y-%m-%dT%H:%M:%S")
    missing = cells.isna().to_numpy()
    return ["" if gap else _text(value) for value, gap in zip(cells.tolist(), missing, strict=True)]


def _text(value: object) -> str:
    """A value as it is written in a file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _quoter(delimiter: str, lone: bool) -> Callable[[str], str]:
    """Puts a cell in quotes where it needs them; an empty cell of a `lone` column would be an empty line."""
    special = (delimiter, '"', "\n", "\r")

    def quote(cell: str) -> str:
        needed = any(mark in cell for mark in special) or (lone and not cell)
        return _in_quotes(cell) if needed else cell

    return quote


def _in_quotes(cell: str) -> str:
    """A cell between quotes, its own quotes doubled."""
    return '"' + cell.replace('"', '""') + '"'


def _encode_arrow(frame: DataFrame, layout: Layout) -> bytes:
    """The table as Parquet or Feather, columns under the types of the file read wherever their values fit."""
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.parquet

    types = {field.name: field.type for field in layout.schema} if layout.schema is not None else {}
    columns = [_arrow_column(frame.iloc[:, i], types.get(name)) for i, name in enumerate(frame.columns)]
    table = pa.table(dict(zip(map(str, frame.columns), columns, strict=True)))
    buffer = io.BytesIO()
    if layout.kind == "parquet":
        pyarrow.parquet.write_table(table, buffer)
    else:
        pyarrow.feather.write_feather(table, buffer)
    return buffer.getvalue()


def _arrow_column(cells: Series[Any], wanted: pa.DataType | None) -> pa.Array:
    """A column as an Arrow array, of the wanted type if its values fit."""
    import pyarrow as pa

    if wanted is not None:
        # Values that the type of the file cannot hold get the type that they need.
        with suppress(pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            return pa.Array.from_pandas(cells, type=wanted)
    return pa.Array.from_pandas(cells)

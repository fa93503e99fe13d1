"""Repaired pieces as they go to a file: untouched cells as they were read, new ones between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from htdbu.cli.csv_writer import cell_texts, holds_whole_days, string_texts

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import Series

    from htdbu.solver.streaming import Part, StreamedRepair


def csv_columns(part: Part, headers: Sequence[str], days: Collection[str]) -> list[pa.Array]:
    """The columns of a piece as texts; `days` are those whose moments have no time of day."""
    return [_texts(part, header, header in days) for header in headers]


def _texts(part: Part, header: str, days: bool) -> pa.Array:
    import pyarrow as pa

    if header in part.made or not is_string(part.data.column(header).type):
        return cell_texts(part.series(header), days)
    texts = string_texts(part.data.column(header))
    if header not in part.cells:
        return texts
    rows, cells = part.cells[header]
    return _patched(texts, rows, string_texts(pa.array(cells, pa.large_string())))


def moment_columns(schema: pa.Schema) -> list[str]:
    """The columns that pandas holds as moments."""
    import pyarrow as pa

    return [field.name for field in schema if pa.types.is_timestamp(field.type) or pa.types.is_date64(field.type)]


def whole_day_columns(streamed: StreamedRepair, headers: Sequence[str]) -> set[str]:
    """The columns of moments that have no time of day in any piece; all pieces are looked at."""
    days = set(headers)
    for part in streamed.parts() if days else ():
        days = {header for header in days if holds_whole_days(part.series(header))}
    return days


def arrow_piece(part: Part, schema: pa.Schema) -> pa.Table:
    """A piece under the types that the file has."""
    import pyarrow as pa

    return pa.table([_column(part, field.name, field.type) for field in schema], schema=schema)


def _column(part: Part, header: str, kind: pa.DataType) -> pa.Array | pa.ChunkedArray:
    import pyarrow as pa

    if header in part.made:
        return pa.Array.from_pandas(part.made[header], type=kind)
    column = part.data.column(header)
    if header not in part.types:
        return column.cast(kind)
    rows, cells = part.cells.get(header, ([], []))
    if pa.types.is_dictionary(kind):
        column = _under_levels(column, part.types[header], kind)
    elif column.type != kind:
        column = untouched(column, rows).cast(kind)
    return _patched(column.combine_chunks(), rows, new_array(cells, part.types[header], kind)) if cells else column


def new_array(cells: Sequence[Any], dtype: Any, kind: pa.DataType) -> pa.Array:
    """New cells of a column that is of the type `dtype` in pandas and `kind` in Arrow.

    Raises:
        pa.ArrowException: where `kind` cannot hold them.
    """
    import pandas as pd
    import pyarrow as pa

    return pa.array(cells, kind) if is_string(kind) else pa.Array.from_pandas(pd.Series(cells, dtype=dtype), type=kind)


def untouched(column: pa.ChunkedArray, rows: Any) -> pa.ChunkedArray:
    """A column that is null in some rows, whose cells may not fit where the others do."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    stays = np.ones(len(column), bool)
    stays[rows] = False
    return pc.if_else(pa.array(stays), column, pa.scalar(None, column.type))


def _under_levels(column: pa.ChunkedArray, dtype: Any, kind: pa.DataType) -> pa.ChunkedArray:
    """A column of levels as one of all levels that the repaired table has."""
    import pandas as pd
    import pyarrow as pa

    from htdbu.cli.levels import recoded

    levels = pa.Array.from_pandas(pd.Series([], dtype=dtype), type=kind).dictionary
    return recoded(column, levels, kind)


def _patched(column: pa.Array, rows: Any, new: pa.Array) -> pa.Array:
    """A column with new cells in some rows."""
    import numpy as np
    import pyarrow as pa

    places = np.arange(len(column))
    places[rows] = len(column) + np.arange(len(new))
    return pa.concat_arrays([column, new]).take(pa.array(places))


def is_string(kind: pa.DataType) -> bool:
    """Whether a type is one of texts."""
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def natural_type(cells: Series[Any]) -> pa.DataType:
    """The Arrow type that a column has by itself."""
    import pyarrow as pa

    return pa.Array.from_pandas(cells).type

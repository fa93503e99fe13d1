"""The types of a repaired table's columns in Arrow: those of the file read, wherever the new cells fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from htdbu.cli.patching import is_string, natural_type, new_array, untouched
from htdbu.errors import OutputError

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import Series

    from htdbu.solver.streaming import StreamedRepair


def final_schema(streamed: StreamedRepair, read: pa.Schema) -> pa.Schema:
    """The schema to write.

    Args:
        read: the types of the columns that were read.

    Raises:
        OutputError: where the cells of a column have no type in common.
    """
    import pyarrow as pa

    types = {field.name: field.type for field in read}
    for header in streamed.types:
        if not _fits(streamed, header, types[header]):
            types[header] = _widened(streamed, header)
    for header in streamed.made:
        types[header] = _common(header, (part.made[header] for part in streamed.parts()))
    return pa.schema(list(types.items()))


def _fits(streamed: StreamedRepair, header: str, kind: pa.DataType) -> bool:
    """Whether a type holds all new cells of a column."""
    import pandas as pd
    import pyarrow as pa

    dtype = streamed.types[header]
    if is_string(kind) or (dtype != "object" and natural_type(pd.Series([], dtype=dtype)) == kind):
        return True
    try:
        for cells in streamed.new_cells(header):
            new_array(cells, dtype, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return False
    return True


def _widened(streamed: StreamedRepair, header: str) -> pa.DataType:
    """The type that a column has by itself after its repair."""
    import pandas as pd

    dtype = streamed.types[header]
    return (
        _common(header, _objects(streamed, header)) if dtype == "object" else natural_type(pd.Series([], dtype=dtype))
    )


def _objects(streamed: StreamedRepair, header: str) -> Iterator[Series[Any]]:
    """Of each piece the cells that tell the type of a column of objects."""
    import pandas as pd
    import pyarrow as pa

    from htdbu.solver.frames import arrow_frame

    for part in streamed.parts():
        rows, cells = part.cells.get(header, ([], []))
        old = untouched(part.data.column(header), rows).drop_null()
        held = arrow_frame(pa.table({header: _ends(old)}))[header]
        yield pd.Series([*held.tolist(), *cells], dtype=object)


def _ends(column: pa.ChunkedArray) -> pa.Array:
    """The least and the greatest number of a column without nulls; one cell of any other."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(column) or not (pa.types.is_decimal(column.type) or pa.types.is_integer(column.type)):
        return column.slice(0, 1)
    ends = pc.min_max(column)
    return pa.array([ends["min"].as_py(), ends["max"].as_py()], column.type)


def _common(header: str, parts: Iterable[Series[Any]]) -> pa.DataType:
    """The type that all parts of a column have, or for decimals the narrowest that holds those of all.

    Raises:
        OutputError: where there is none.
    """
    import pyarrow as pa

    try:
        kinds = {kind for kind in map(natural_type, parts) if not pa.types.is_null(kind)}
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        kinds = {None}
    if len(kinds) > 1 and all(pa.types.is_decimal(kind) for kind in kinds):
        scale = max(kind.scale for kind in kinds)
        digits = scale + max(kind.precision - kind.scale for kind in kinds)
        return pa.decimal128(digits, scale) if digits <= 38 else pa.decimal256(digits, scale)
    if len(kinds) > 1 or None in kinds:
        message = f"the repaired column `{header}` holds cells of several types"
        raise OutputError(message, "write CSV, which has no types")
    return kinds.pop() if kinds else pa.null()

"""A column of texts as an Arrow array of the type that is declared, or of another that keeps every cell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from htdbu.cli.patching import is_string, natural_type

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import Series

    from htdbu.compiler.program import Column
    from htdbu.solver.table import EncodedTable

_DIGITS, _MOST_DIGITS = 18, 38


def text_type() -> pa.DataType:
    """The type of columns of texts."""
    import pandas as pd

    return natural_type(pd.Series(["text"], dtype="str"))


def types_for(column: Column) -> list[pa.DataType]:
    """The types that a column may get, best first: its own, wider ones, and in the end that of texts."""
    import pyarrow as pa

    scale = column.type.scale
    own = {
        "int": [pa.int64(), pa.decimal128(_MOST_DIGITS), pa.float64()],
        "decimal": [pa.decimal128(_DIGITS, scale), pa.decimal128(_MOST_DIGITS, scale), pa.float64()],
        "bool": [pa.bool_()],
        "date": [pa.date32()],
        "datetime": [pa.timestamp("us"), pa.timestamp("ns")],
    }
    return [*own.get(column.type.kind, ()), text_type()]


def typed_cells(column: Column, texts: Series[Any], kind: pa.DataType, nulls: Sequence[str]) -> pa.Array | None:
    """The cells of a column under a type; what stands for null is null. None where one would not stay what it is.

    Args:
        nulls: further texts that mean null.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from htdbu.solver.encoding import encode_column
    from htdbu.solver.table import BROKEN, NULL

    table = encode_column(column, texts, nulls)
    missing = table.states[0] == NULL
    if is_string(kind):
        return pc.if_else(pa.array(missing), pa.scalar(None, kind), pa.array(texts, kind))
    if (table.states[0] == BROKEN).any():
        return None
    try:
        if pa.types.is_float64(kind):
            return _floats(texts, missing)
        if table.rounded:
            return _moments(texts, missing, kind) if pa.types.is_timestamp(kind) and not column.format else None
        if pa.types.is_decimal(kind):
            return _decimals(table, missing, kind)
        return _steps(table, missing, kind)
    except (pa.ArrowInvalid, OverflowError):
        return None


def _steps(table: EncodedTable, missing: Any, kind: pa.DataType) -> pa.Array:
    """Whole numbers, truth values, days and seconds."""
    import pyarrow as pa

    if table.huge:
        return pa.array([table.value(0, row) for row in range(table.n_rows)], kind)
    numbers = pa.array(table.values[0], mask=missing)
    if pa.types.is_date(kind):
        return numbers.cast(pa.int32()).cast(kind)
    return numbers.cast(pa.timestamp("s")).cast(kind) if pa.types.is_timestamp(kind) else numbers.cast(kind)


def _decimals(table: EncodedTable, missing: Any, kind: pa.DataType) -> pa.Array:
    """Numbers in steps of the type's scale."""
    import numpy as np
    import pyarrow as pa

    if table.huge:
        steps = (table.value(0, row) for row in range(table.n_rows))
        return pa.array([None if step is None else Decimal(f"{step}e-{kind.scale}") for step in steps], kind)
    if table.n_rows and np.abs(table.values[0]).max() >= 10**kind.precision:
        raise OverflowError
    whole = pa.array(table.values[0], mask=missing).cast(pa.decimal128(19))
    return pa.Array.from_buffers(kind, len(whole), whole.buffers(), offset=whole.offset)


def _floats(texts: Series[Any], missing: Any) -> pa.Array | None:
    """Numbers as floats, where their shortest decimals are what is written."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    from htdbu.solver.reading import exact_number

    codes, words = pd.factorize(texts.mask(missing))
    floats = [float(word) for word in words]
    same = all(exact_number(word) == exact_number(number) for word, number in zip(words, floats, strict=True))
    return pa.array(np.array([*floats, 0.0])[codes], mask=missing) if same else None


def _moments(texts: Series[Any], missing: Any, kind: pa.DataType) -> pa.Array:
    """Moments with parts of a second."""
    import pyarrow as pa

    return pa.array(texts.mask(missing).str.strip(), pa.string()).cast(kind)

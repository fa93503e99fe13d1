"""From a frame to step counts: read each distinct cell once, typed columns without a loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Column, Program
from htdbu.solver.beyond import beyond
from htdbu.solver.derive import derive
from htdbu.solver.frames import check_headers, doubles, to_pandas
from htdbu.solver.reading import reader
from htdbu.solver.table import BROKEN, HUGE, NULL, VALUE, EncodedTable, Texts

NULL_TEXTS = frozenset({"", "NA", "NaN", "null"})

_EXACT_FLOATS = 10.0**15
"""Below this, a float that equals r / 10**s has r / 10**s as its shortest decimal."""


def encode(program: Program, data: Any, nulls: Sequence[str] = ()) -> EncodedTable:
    """Read every declared column; derived columns that the data lack are computed.

    Args:
        nulls: further texts that mean null.

    Raises:
        DataError: where columns are missing or headers repeat.
    """
    frame = to_pandas(data)
    check_headers(program, frame)
    normal = normalise(program)
    table = EncodedTable.blank(normal, len(frame), Texts(normal.texts))
    headers = {str(header): header for header in frame.columns}
    table.present = tuple(column.header in headers for column in program.columns)
    words = NULL_TEXTS | set(nulls)
    for i, column in enumerate(program.columns):
        if table.present[i]:
            _encode_column(table, i, column, frame[headers[column.header]], words - set(column.type.levels))
    derive(normal, table, [i for i, present in enumerate(table.present) if not present], beyond(program))
    return table


def _encode_column(table: EncodedTable, i: int, column: Column, series: pd.Series, nulls: frozenset[str]) -> None:
    if not _encode_typed(table, i, column, series):
        _encode_distinct(table, i, column, series, nulls)


def _encode_typed(table: EncodedTable, i: int, column: Column, series: pd.Series) -> bool:
    """The fast path for numeric and date columns that hold machine types; whether it served."""
    kind, dtype = column.type.kind, series.dtype
    if kind in ("int", "decimal") and pd.api.types.is_integer_dtype(dtype):
        missing = series.isna().to_numpy(dtype=bool)
        values = series.fillna(0).to_numpy()
        return values.dtype.kind in "iu" and _store(table, i, values, missing, 10**column.type.scale)
    if kind in ("int", "decimal") and pd.api.types.is_float_dtype(dtype):
        missing = series.isna().to_numpy(dtype=bool)
        floats = doubles(series.fillna(0.0))
        factor = 10.0**column.type.scale
        with np.errstate(over="ignore", invalid="ignore"):
            steps = np.rint(floats * factor)
            exact = bool(np.all((np.abs(steps) < _EXACT_FLOATS) & (steps / factor == floats)))
        return exact and _store(table, i, steps.astype(np.int64), missing, 1)
    if kind in ("date", "datetime") and pd.api.types.is_datetime64_dtype(dtype):
        return _store_moments(table, i, series, kind)
    return False


def _store(table: EncodedTable, i: int, values: NDArray[Any], missing: NDArray[np.bool_], factor: int) -> bool:
    """Store integers times a factor, unless one of them would be huge."""
    if values.size and max(abs(int(values.min())), abs(int(values.max()))) * factor >= HUGE:
        return False
    table.values[i] = np.where(missing, 0, values.astype(np.int64) * factor)
    table.states[i] = np.where(missing, NULL, VALUE)
    return True


def _store_moments(table: EncodedTable, i: int, series: pd.Series, kind: str) -> bool:
    missing = series.isna().to_numpy(dtype=bool)
    unit = "D" if kind == "date" else "s"
    moments = series.to_numpy(dtype="datetime64[us]")
    counted = moments.astype(f"datetime64[{unit}]")
    if np.any((counted.astype("datetime64[us]") != moments) & ~missing):
        return False
    return _store(table, i, np.where(missing, 0, counted.astype(np.int64)), missing, 1)


def _encode_distinct(table: EncodedTable, i: int, column: Column, series: pd.Series, nulls: frozenset[str]) -> None:
    """Read every distinct cell once; texts get their number from the dictionary."""
    codes, distinct = _factorize(series)
    values = np.zeros(len(distinct) + 1, np.int64)
    states = np.full(len(distinct) + 1, NULL, np.int8)
    rounded = np.zeros(len(distinct) + 1, bool)
    huge: dict[int, int] = {}
    read = None if column.type.kind == "text" else reader(column)
    for k, cell in enumerate(distinct):
        if isinstance(cell, str) and cell in nulls:
            continue
        found = (table.texts.code(str(cell)), False) if read is None else read(cell)
        states[k] = BROKEN if found is None else VALUE
        if found is not None:
            rounded[k] = found[1]
            if abs(found[0]) >= HUGE:
                huge[k] = found[0]
            else:
                values[k] = found[0]
    table.values[i], table.states[i] = values[codes], states[codes]
    table.rounded += int(rounded[codes].sum())
    for k, value in huge.items():
        table.huge.update(((i, int(row)), value) for row in np.flatnonzero(codes == k))


def _factorize(series: pd.Series) -> tuple[NDArray[np.int64], list[Any]]:
    """The position of every cell among the distinct ones; -1, the last place, for a missing one."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series.cat.codes.to_numpy(dtype=np.int64), list(series.cat.categories)
    if pd.api.types.is_string_dtype(series.dtype) and series.dtype != object:
        codes, distinct = pd.factorize(series)
        return codes.astype(np.int64), list(distinct)  # type: ignore[return-value]  # the stubs lose the shape
    places: dict[tuple[type, Any], int] = {}
    numbers = np.empty(len(series), np.int64)
    cells = doubles(series).tolist() if pd.api.types.is_float_dtype(series.dtype) else series.tolist()
    for row, (cell, missing) in enumerate(zip(cells, series.isna().tolist(), strict=True)):
        numbers[row] = -1 if missing else places.setdefault((type(cell), _hashable(cell)), len(places))
    return numbers, [cell for _, cell in places]


def _hashable(cell: Any) -> Any:
    try:
        hash(cell)
    except TypeError:
        return str(cell)
    return cell

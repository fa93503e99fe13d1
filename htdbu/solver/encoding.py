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
from htdbu.solver.chunks import in_order
from htdbu.solver.derive import derive
from htdbu.solver.frames import arrow_chunks, check_headers, doubles, is_arrow_decimal, to_pandas
from htdbu.solver.numerals import decimal_steps, float_steps, text_days, text_steps
from htdbu.solver.outcomes import CHUNK
from htdbu.solver.reading import reader
from htdbu.solver.table import BROKEN, HUGE, NULL, VALUE, EncodedTable, Texts

NULL_TEXTS = frozenset({"", "NA", "NaN", "null"})


def encode(program: Program, data: Any, nulls: Sequence[str] = (), threads: int | None = 1) -> EncodedTable:
    """Read every declared column; derived columns that the data lack are computed.

    Args:
        nulls: further texts that mean null.
        threads: how many columns are read at a time; all processors by default.

    Raises:
        DataError: where columns are missing or headers repeat.
    """
    frame = to_pandas(data)
    headers = {str(header): header for header in frame.columns}
    check_headers(program, [str(header) for header in frame.columns])
    normal = normalise(program)
    table = EncodedTable.blank(normal, len(frame), Texts(normal.texts))
    table.present = tuple(column.header in headers for column in program.columns)
    words = NULL_TEXTS | set(nulls)

    def read(i: int) -> EncodedTable:
        column, own = program.columns[i], table.column(i)
        _encode_column(own, column, frame[headers[column.header]], words - set(column.type.levels))
        return own

    present = [i for i, there in enumerate(table.present) if there]
    # Texts are numbered as they are met, in the order of the columns; no other column needs to wait for one.
    texts = [i for i in present if program.columns[i].type.kind == "text"]
    others = [i for i in present if i not in texts]
    for i, own in zip([*texts, *others], [*map(read, texts), *in_order(read, others, threads)], strict=True):
        table.count_in(i, own)
    derive(normal, table, [i for i, present in enumerate(table.present) if not present], beyond(program))
    return table


def encode_column(column: Column, series: pd.Series, nulls: Sequence[str] = ()) -> EncodedTable:
    """Read one column, as a table that has no other; `nulls` are further texts that mean null."""
    shape = (1, len(series))
    table = EncodedTable(np.zeros(shape, np.int64), np.full(shape, NULL, np.int8), Texts({}), (True,))
    _encode_column(table, column, series, (NULL_TEXTS | set(nulls)) - set(column.type.levels))
    return table


def _encode_column(table: EncodedTable, column: Column, series: pd.Series, nulls: frozenset[str]) -> None:
    """Read a column into a table that has no other."""
    kind, dtype = column.type.kind, series.dtype
    if kind in ("int", "decimal") and pd.api.types.is_float_dtype(dtype):
        _encode_floats(table, column, series)
    elif kind in ("int", "decimal") and is_arrow_decimal(dtype):
        _encode_decimals(table, column, series)
    elif not _encode_typed(table, column, series):
        codes, distinct = _factorize(series)
        _encode_distinct(table, column, None, codes, distinct, nulls)


def _encode_floats(table: EncodedTable, column: Column, series: pd.Series) -> None:
    """Floats by their shortest decimal; the few that cannot be decided at once are read one by one."""
    missing, floats = series.isna().to_numpy(dtype=bool), doubles(series)
    places: list[NDArray[np.int64]] = []
    for start in range(0, floats.size, CHUNK):  # the many steps of it stay in the processor's cache
        part = slice(start, start + CHUNK)
        table.values[0, part], finer, left = float_steps(floats[part], column.type.scale)
        table.rounded += int(np.count_nonzero(finer))
        places.append(start + np.flatnonzero(left & ~missing[part]))
    table.states[0] = missing  # as `NULL`, or `VALUE`
    rows = np.concatenate([np.zeros(0, np.int64), *places])
    codes, distinct = pd.factorize(floats[rows], use_na_sentinel=False)
    _encode_distinct(table, column, rows, codes, distinct.tolist(), frozenset())


def _encode_decimals(table: EncodedTable, column: Column, series: pd.Series) -> None:
    """Decimals that Arrow holds; the few that are far from 0 are read one by one."""
    missing = series.isna().to_numpy(dtype=bool)
    steps, finer, left = decimal_steps(arrow_chunks(series), column.type.scale)
    table.values[0], table.states[0] = steps, missing
    table.rounded += int(finer.sum())
    rows = np.flatnonzero(left & ~missing)
    codes, distinct = pd.factorize(series.iloc[rows].astype(object))
    _encode_distinct(table, column, rows, codes, distinct.tolist(), frozenset())


def _encode_typed(table: EncodedTable, column: Column, series: pd.Series) -> bool:
    """The fast path for whole numbers, truth values and dates of machine types; whether it served."""
    kind, dtype = column.type.kind, series.dtype
    missing = series.isna().to_numpy(dtype=bool)
    if kind in ("int", "decimal") and pd.api.types.is_integer_dtype(dtype):
        values = (series.fillna(0) if missing.any() else series).to_numpy()
        return values.dtype.kind in "iu" and _store(table, values, missing, 10**column.type.scale)
    if kind == "bool" and pd.api.types.is_bool_dtype(dtype) and not isinstance(dtype, pd.CategoricalDtype):
        return _store(table, series.to_numpy(dtype=bool, na_value=False), missing, 1)
    if kind in ("date", "datetime") and pd.api.types.is_datetime64_dtype(dtype):
        return _store_moments(table, series, kind)
    return False


def _store(table: EncodedTable, values: NDArray[Any], missing: NDArray[np.bool_], factor: int) -> bool:
    """Store integers times a factor, unless one of them would be huge."""
    if values.size and max(abs(int(values.min())), abs(int(values.max()))) * factor >= HUGE:
        return False
    np.multiply(values, factor, out=table.values[0], dtype=np.int64, casting="unsafe")
    table.values[0, missing] = 0
    table.states[0] = missing  # as `NULL`, or `VALUE`
    return True


def _store_moments(table: EncodedTable, series: pd.Series, kind: str) -> bool:
    missing = series.isna().to_numpy(dtype=bool)
    moments = series.to_numpy()
    counted = moments.astype("datetime64[D]" if kind == "date" else "datetime64[s]")
    if np.any((counted.astype(moments.dtype) != moments) & ~missing):
        return False
    return _store(table, np.where(missing, 0, counted.astype(np.int64)), missing, 1)


def _encode_distinct(
    table: EncodedTable,
    column: Column,
    rows: NDArray[np.int64] | None,
    codes: NDArray[np.int64],
    distinct: list[Any],
    nulls: frozenset[str],
) -> None:
    """Read every distinct cell of some rows once; texts get their number from the dictionary.

    Args:
        rows: all by default.
        codes: for each of the rows the position of its cell among the distinct ones; -1 for a missing one.
    """
    values = np.zeros(len(distinct) + 1, np.int64)
    states = np.full(len(distinct) + 1, NULL, np.int8)
    rounded = np.zeros(len(distinct) + 1, bool)
    huge: dict[int, int] = {}
    read = None if column.type.kind == "text" else reader(column)
    left = np.ones(len(distinct), bool)
    if column.type.kind in ("int", "decimal", "date") and not column.format:
        words = [cell if isinstance(cell, str) and cell not in nulls else "" for cell in distinct]
        values[:-1], left = text_days(words) if column.type.kind == "date" else text_steps(words, column.type.scale)
        states[:-1] = np.where(left, NULL, VALUE)
    for k in np.flatnonzero(left).tolist():
        cell = distinct[k]
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
    if rows is None:
        table.values[0], table.states[0] = values[codes], states[codes]
    else:
        table.values[0, rows], table.states[0, rows] = values[codes], states[codes]
    table.rounded += int(rounded[codes].sum()) if rounded.any() else 0
    for k, value in huge.items():
        places = np.flatnonzero(codes == k) if rows is None else rows[codes == k]
        table.huge.update(((0, row), value) for row in places.tolist())


def _factorize(series: pd.Series) -> tuple[NDArray[np.int64], list[Any]]:
    """The position of every cell among the distinct ones; -1, the last place, for a missing one."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        return np.asarray(series.cat.codes, dtype=np.int64), list(series.cat.categories)
    if pd.api.types.is_float_dtype(series.dtype):
        series = pd.Series(doubles(series))
    if series.dtype != object or pd.api.types.infer_dtype(series, skipna=True) == "string":
        codes, distinct = pd.factorize(series)
        return np.asarray(codes, dtype=np.int64), np.asarray(distinct, dtype=object).tolist()
    # Objects of several types: 1, 1.0 and True are equal but not the same cell.
    places: dict[tuple[type, Any], int] = {}
    numbers = np.empty(len(series), np.int64)
    for row, (cell, missing) in enumerate(zip(series.tolist(), series.isna().tolist(), strict=True)):
        numbers[row] = -1 if missing else places.setdefault((type(cell), _hashable(cell)), len(places))
    return numbers, [cell for _, cell in places]


def _hashable(cell: Any) -> Any:
    try:
        hash(cell)
    except TypeError:
        return str(cell)
    return cell

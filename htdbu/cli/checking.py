"""The rows that fail a check, written into a file piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from htdbu.cli.csv_writer import holds_whole_days
from htdbu.cli.lines import LinesWriter
from htdbu.cli.patching import moment_columns
from htdbu.cli.sources import DataSource
from htdbu.cli.writing import Outputs

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import Series

    from htdbu.compiler.program import Program
    from htdbu.solver.streaming import CheckedPart, StreamedCheck


def write_rows(program: Program, checked: StreamedCheck, source: DataSource, path: str) -> None:
    """Write one line per failing row and rule: its number, its keys, the rule and the cells that the rule looks at."""
    import pyarrow as pa

    keys = [column.header for column in program.columns if column.key and column.header in source.headers]
    kinds = {header: pa.string() for header in source.headers}
    days: set[str] = set()
    if source.layout.schema is not None:
        kinds = {field.name: _plain(field.type) for field in source.layout.schema}
        days = set(keys) & set(moment_columns(source.layout.schema))
    for part in checked.parts() if days else ():
        days = {header for header in days if holds_whole_days(_keys(part, header))}
    fields = [("row", pa.int64()), *((key, kinds[key]) for key in keys), ("rule", pa.string()), ("cells", pa.string())]
    with Outputs() as outputs, outputs.file(path) as sink:
        writer = LinesWriter(path, sink, pa.schema(fields), days)
        for part in checked.parts():
            rows, rules, cells = (part.rows[name] for name in ("row", "rule", "cells"))
            writer.write([rows, *(_keys(part, key) for key in keys), rules, cells])
        writer.close()


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type of a column without levels."""
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _keys(part: CheckedPart, header: str) -> Series[Any]:
    """The cells of a key beside every line."""
    import pyarrow as pa

    from htdbu.solver.frames import arrow_frame

    column = part.data.column(header).take(pa.array(part.places))
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    series: Series[Any] = arrow_frame(pa.table({header: column}))[header]
    return series

"""A repair carried through from one file to others, piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO, Protocol

from htdbu.cli.arrow_writer import ArrowWriter
from htdbu.cli.csv_writer import CsvWriter
from htdbu.cli.encoding import layout_for
from htdbu.cli.final_schema import final_schema
from htdbu.cli.layout import Layout, is_gzip
from htdbu.cli.lines import LinesWriter
from htdbu.cli.patching import arrow_piece, csv_columns, moment_columns, whole_day_columns
from htdbu.cli.sources import DataSource
from htdbu.cli.writing import Outputs

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.cli.declared_types import DeclaredTypes
    from htdbu.solver.streaming import Part, StreamedRepair

CHANGES = ("row", "column", "before", "after", "rules")


class PartWriter(Protocol):
    """Writes something of every piece into one file."""

    def write(self, part: Part) -> None:
        """Write the next piece."""
        ...

    def close(self) -> None:
        """Write what is still missing."""
        ...


def write_repair(
    streamed: StreamedRepair,
    source: DataSource,
    output: str,
    changes: str | None,
    declared: DeclaredTypes,
    progress: Callable[[int, int], None] | None = None,
    shown: int = 0,
) -> DataFrame:
    """Write the repaired table and, where wanted, its changes; nothing is in its place before all of it is written.

    Args:
        declared: the types of a table that comes from CSV, for a file that has types.
        progress: called with the rows done and all rows.
        shown: how many rows that could not be repaired are wanted at most.

    Returns:
        The first rows that could not be repaired.
    """
    import pandas as pd

    unrepaired: list[DataFrame] = []
    rows = 0
    with Outputs() as outputs, ExitStack() as files:
        writers = [table_writer(streamed, source, declared, output, files.enter_context(outputs.file(output)))]
        if changes is not None:
            writers.append(_Changes(changes, files.enter_context(outputs.file(changes))))
        for part in streamed.parts(changes=changes is not None):
            for writer in writers:
                writer.write(part)
            if sum(map(len, unrepaired)) < shown or not unrepaired:
                unrepaired.append(part.unrepaired.head(shown))
            rows += len(part.data)
            if progress is not None:
                progress(rows, streamed.report.rows)
        for writer in writers:
            writer.close()
    return pd.concat(unrepaired, ignore_index=True).head(shown)


def table_writer(
    streamed: StreamedRepair, source: DataSource, declared: DeclaredTypes, path: str, sink: BinaryIO
) -> PartWriter:
    """What writes a repaired table, as the file that it comes from or as one of the kind that its name says."""
    layout = layout_for(path, source.layout)
    if layout.kind == "csv":
        return _CsvParts(streamed, source, layout, is_gzip(path), sink)
    if source.layout.kind == "csv":
        return _DeclaredParts(streamed, source, declared, layout, sink)
    return _ArrowParts(streamed, source, layout, sink)


class _CsvParts:
    """A repaired table as CSV."""

    def __init__(
        self, streamed: StreamedRepair, source: DataSource, layout: Layout, packed: bool, sink: BinaryIO
    ) -> None:
        self._headers = [*source.headers, *streamed.made]
        moments = [] if source.layout.schema is None else [*moment_columns(source.layout.schema), *streamed.made]
        self._days = whole_day_columns(streamed, moments)
        self._writer = CsvWriter(sink, self._headers, layout, packed)

    def write(self, part: Part) -> None:
        """Write the next piece."""
        self._writer.write(csv_columns(part, self._headers, self._days))

    def close(self) -> None:
        """Write what is still missing."""
        self._writer.close()


class _ArrowParts:
    """A repaired table as Parquet or Feather."""

    def __init__(self, streamed: StreamedRepair, source: DataSource, layout: Layout, sink: BinaryIO) -> None:
        self._schema = final_schema(streamed, source.layout.schema)
        self._writer = ArrowWriter(sink, self._schema, layout.kind)

    def write(self, part: Part) -> None:
        """Write the next piece."""
        self._writer.write(arrow_piece(part, self._schema))

    def close(self) -> None:
        """Write what is still missing."""
        self._writer.close()


class _DeclaredParts:
    """A repaired table of texts as Parquet or Feather."""

    def __init__(
        self, streamed: StreamedRepair, source: DataSource, declared: DeclaredTypes, layout: Layout, sink: BinaryIO
    ) -> None:
        headers = [*source.headers, *streamed.made]
        self._declared = declared
        self._schema = declared.schema(headers, lambda: (part.series for part in streamed.parts()))
        self._writer = ArrowWriter(sink, self._schema, layout.kind)

    def write(self, part: Part) -> None:
        """Write the next piece."""
        self._writer.write(self._declared.table(self._schema, part.series))

    def close(self) -> None:
        """Write what is still missing."""
        self._writer.close()


class _Changes:
    """The list of changed cells; cells stand there as texts, since those of several columns share one."""

    def __init__(self, path: str, sink: BinaryIO) -> None:
        import pyarrow as pa

        schema = pa.schema([(header, pa.int64() if header == "row" else pa.string()) for header in CHANGES])
        self._writer = LinesWriter(path, sink, schema)

    def write(self, part: Part) -> None:
        """Write the next piece."""
        self._writer.write([part.changes[header] for header in CHANGES])

    def close(self) -> None:
        """Write what is still missing."""
        self._writer.close()

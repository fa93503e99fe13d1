"""A data file as a source of pieces, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from htdbu.cli.layout import KNOWN, Layout, kind_of
from htdbu.errors import DataError


class DataSource(Protocol):
    """A table in a file.

    Attributes:
        headers: the names of its columns.
        layout: how the file is laid out; all of it is known after a reading.
    """

    headers: list[str]
    layout: Layout

    def expected_rows(self) -> int:
        """How many rows there are, as far as is known."""
        ...

    def pieces(self, headers: Sequence[str]) -> Iterator[Any]:
        """The rows as Arrow tables with at least these columns; the same pieces whatever the columns."""
        ...


@contextmanager
def open_source(path: str, delimiter: str | None = None, rows: int | None = None) -> Iterator[DataSource]:
    """Open a data file; `-` is CSV from standard input. Nothing is taken for null and no cell is converted.

    Args:
        rows: how many rows a piece has; by default that follows from the width of the table.

    Raises:
        DataError: the file is missing, unreadable, of an unknown kind, or broken; the message says where.
    """
    from htdbu.cli.arrow_source import ArrowSource
    from htdbu.cli.csv_source import CsvSource
    from htdbu.cli.opening import DataFile

    kind = kind_of(path)
    if kind is None:
        raise DataError(f"{path}: files of this kind cannot be read", KNOWN)
    file = DataFile(path)
    try:
        yield CsvSource(file, delimiter, rows) if kind == "csv" else ArrowSource(file, kind, rows)
    finally:
        file.close()

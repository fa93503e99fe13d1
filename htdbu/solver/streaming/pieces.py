"""Pieces of a table: consecutive rows, as pandas frames or Arrow tables, whose columns are converted when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

from htdbu.compiler.program import Column, Program
from htdbu.errors import DataError
from htdbu.solver.frames import arrow_frame, check_headers, is_arrow_decimal, to_pandas
from htdbu.solver.table import Indices


class Source(Protocol):
    """A table that is read piece by piece, more than once.

    Attributes:
        headers: the names of all columns.
    """

    @property
    def headers(self) -> Sequence[str]:
        """The names of all columns."""
        ...

    def expected_rows(self) -> int:
        """How many rows there are, as far as is known by now."""
        ...

    def pieces(self, headers: Sequence[str]) -> Iterable[Any]:
        """The pieces, the same ones every time, with at least these columns; one without rows for an empty table."""
        ...


class Calls:
    """A source that is a function; what it gives are all pieces, whole."""

    def __init__(self, call: Callable[[], Iterable[Any]]) -> None:
        self._call = call

    @cached_property
    def headers(self) -> list[str]:
        """The names of the columns of the first piece."""
        for data in self._call():
            return data.column_names if isinstance(data, pa.Table) else [str(h) for h in to_pandas(data).columns]
        raise DataError("the table has no pieces", "give one without rows for a table without rows")

    def expected_rows(self) -> int:
        """Nothing is known."""
        return 0

    def pieces(self, headers: Sequence[str]) -> Iterable[Any]:
        """The pieces, which the function gives anew."""
        return self._call()


class Piece(Protocol):
    """Some consecutive rows of a table.

    Attributes:
        start: the number of the first of them in the table.
        n_rows: how many there are.
        headers: the names of its columns.
        data: what the source gave.
        uniform: whether all cells of a column are of one kind.
    """

    data: Any
    uniform: bool
    start: int
    n_rows: int
    headers: list[str]

    def frame(self, headers: Sequence[str], rows: Indices | None = None) -> pd.DataFrame:
        """Some columns and rows as they are when the whole table is read; all rows by default."""
        ...

    def coded(self, columns: Sequence[Column], rows: Indices | None = None) -> pd.DataFrame:
        """Some columns and rows of types that can be read fast; their cells mean the same to the declared columns."""
        ...

    def first(self, header: str, count: int) -> pd.Series:
        """The first cells of a column that are not missing, as `frame` has them."""
        ...


class FramePiece:
    """A piece that is a frame."""

    uniform = False

    def __init__(self, start: int, frame: pd.DataFrame) -> None:
        self.data, self.start, self.n_rows = frame, start, len(frame)
        self.headers = [str(header) for header in frame.columns]

    def frame(self, headers: Sequence[str], rows: Indices | None = None) -> pd.DataFrame:
        """See `Piece`."""
        chosen = self.data[list(headers)]
        return chosen if rows is None else chosen.iloc[rows].reset_index(drop=True)

    def coded(self, columns: Sequence[Column], rows: Indices | None = None) -> pd.DataFrame:
        """See `Piece`."""
        return self.frame([column.header for column in columns], rows)

    def first(self, header: str, count: int) -> pd.Series:
        """See `Piece`."""
        return self.data[header].dropna().head(count)


class ArrowPiece:
    """A piece that is an Arrow table."""

    uniform = True

    def __init__(self, start: int, table: pa.Table) -> None:
        self.data, self.start, self.n_rows = table, start, table.num_rows
        self.headers = table.column_names

    def frame(self, headers: Sequence[str], rows: Indices | None = None) -> pd.DataFrame:
        """See `Piece`."""
        return arrow_frame(self._chosen(headers, rows))

    def _chosen(self, headers: Sequence[str], rows: Indices | None) -> pa.Table:
        chosen = self.data.select(list(headers))
        return chosen if rows is None else chosen.take(pa.array(rows))

    def coded(self, columns: Sequence[Column], rows: Indices | None = None) -> pd.DataFrame:
        """See `Piece`."""
        table = self._chosen([column.header for column in columns], rows)
        for place, column in enumerate(columns):
            if pa.types.is_date32(table.column(place).type) and column.type.kind in ("date", "datetime"):
                table = table.set_column(place, column.header, table.column(place).cast(pa.timestamp("s")))
        frame = arrow_frame(table, keep_decimals=True)
        for column in columns:
            if is_arrow_decimal(frame[column.header].dtype) and column.type.kind not in ("int", "decimal"):
                frame[column.header] = frame[column.header].astype(object)
        return frame

    def first(self, header: str, count: int) -> pd.Series:
        """See `Piece`."""
        column = self.data.column(header)
        cells = column.slice(0, count)
        if cells.null_count:
            cells = column.drop_null().slice(0, count)
        return arrow_frame(pa.table({header: cells}))[header]


def source_for(program: Program, table: Source | Callable[[], Iterable[Any]]) -> Source:
    """A source, or a function that gives the pieces, as a source that has all columns.

    Raises:
        DataError: where declared columns are missing, or something else is wrong, which may be the reason.
    """
    source: Source = Calls(table) if callable(table) else table
    try:
        check_headers(program, source.headers)
    except DataError:
        for _ in source.pieces(source.headers):
            pass
        raise
    return source


def pieces_of(source: Source, headers: Sequence[str]) -> Iterator[Piece]:
    """The pieces of a table with at least these columns.

    Raises:
        DataError: where a piece lacks one of them.
    """
    start = 0
    for data in source.pieces(headers):
        piece: Piece = ArrowPiece(start, data) if isinstance(data, pa.Table) else FramePiece(start, to_pandas(data))
        missing = set(headers) - set(piece.headers)
        if missing:
            message = f"a piece of the table has no column `{min(missing)}`"
            raise DataError(message, "give every piece the same columns")
        start += piece.n_rows
        yield piece

"""Parquet and Feather files read piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, TypeVar

from htdbu.cli.layout import KNOWN, Layout, require_distinct
from htdbu.cli.levels import Levels
from htdbu.cli.named_range import named_range
from htdbu.cli.opening import DataFile
from htdbu.cli.pieces import cut, piece_rows
from htdbu.errors import DataError

BUFFER_BYTES = 1 << 20
"""What is read at a time of every column of a Parquet file."""

Result = TypeVar("Result")


class ArrowSource:
    """A Parquet or Feather file.

    Attributes:
        headers: the names of its columns; an index of pandas that has a name is one of them.
        layout: its kind and schema.

    Raises:
        DataError: it is no file of its kind.
    """

    def __init__(self, file: DataFile, kind: Literal["parquet", "feather"], rows: int | None = None) -> None:
        self._file, self._kind = file, kind
        if not file.size:
            raise DataError(f"{file.path} is empty", f"it should be a {kind.title()} file")
        self._reader: _Parquet | _Feather = self._tried(lambda: _Parquet(file) if kind == "parquet" else _Feather(file))
        self._index = named_range(self._reader.schema, self._reader.n_rows)
        schema = self._reader.schema if self._index is None else self._reader.schema.append(self._index.field())
        self.headers: list[str] = schema.names
        self.layout = Layout(kind=kind, schema=schema)
        require_distinct(file.path, self.headers)
        self._rows = rows or piece_rows(len(self.headers), self._reader.n_bytes / max(self._reader.n_rows, 1))
        self._levels = Levels(self._reader.schema)

    def expected_rows(self) -> int:
        """How many rows the file has."""
        return self._reader.n_rows

    def pieces(self, headers: Sequence[str]) -> Iterator[Any]:
        """The rows as Arrow tables, with at least these columns in the order of the file.

        From the second time on all pieces share the levels of columns that have some.

        Raises:
            DataError: the file is broken.
        """
        import pyarrow as pa

        held = self._reader.schema.names
        wanted = {*headers, *self._levels.headers}
        chosen = [header for header in held if header in wanted] or held[:1]
        schema = pa.schema([self._reader.schema.field(header) for header in chosen])
        batches = self._reader.batches(chosen, self._rows)
        sound = iter(lambda: self._tried(lambda: _sound(next(batches, None))), None)
        start = 0
        for table in cut(sound, schema, self._rows):
            shared = self._levels.shared(table)
            yield shared if self._index is None else self._index.add_to(shared, start)
            start += table.num_rows
        self._levels.complete = True
        self._file.require_unchanged()

    def _tried(self, read: Callable[[], Result]) -> Result:
        """What a reading gives."""
        import pyarrow as pa

        try:
            return read()
        except (pa.ArrowException, OSError) as error:
            self._file.require_unchanged()
            reason = str(error).splitlines()[0]
            message = f"{self._file.path} cannot be read as {self._kind.title()}: {reason}"
            raise DataError(message, KNOWN) from None


def _sound(batch: Any) -> Any:
    """A record batch without cells that lie elsewhere in memory, or texts that are none, as damaged files have them."""
    if batch is not None:
        batch.validate(full=True)
    return batch


class _Parquet:
    """A Parquet file."""

    def __init__(self, file: DataFile) -> None:
        import pyarrow as pa
        import pyarrow.parquet

        source = pa.PythonFile(file.stream, "r")
        self._file = pyarrow.parquet.ParquetFile(source, pre_buffer=False, buffer_size=BUFFER_BYTES)
        self.schema = self._file.schema_arrow
        groups = (self._file.metadata.row_group(k) for k in range(self._file.metadata.num_row_groups))
        self.n_rows: int = self._file.metadata.num_rows
        self.n_bytes: int = sum(group.total_byte_size for group in groups)

    def batches(self, headers: Sequence[str], rows: int) -> Iterator[Any]:
        """The record batches of some columns."""
        for batch in self._file.iter_batches(batch_size=rows, columns=list(headers)):
            yield batch.select(list(headers))


class _Feather:
    """A Feather file; the batches that it was written in are read one by one."""

    def __init__(self, file: DataFile) -> None:
        import pyarrow as pa
        import pyarrow.feather

        self._source = pa.PythonFile(file.stream, "r")
        try:
            reader = pa.ipc.open_file(self._source)
            self.schema, self._first = reader.schema, None
            self.n_rows: int = reader.count_rows()
        except pa.ArrowInvalid:  # the first version of the format, which is read in one piece
            table = pyarrow.feather.read_table(self._source)
            self.schema, self.n_rows, self._first = table.schema, table.num_rows, table
        self.n_bytes = file.size

    def batches(self, headers: Sequence[str], rows: int) -> Iterator[Any]:
        """The record batches of some columns."""
        import pyarrow as pa

        if self._first is not None:
            yield from self._first.select(list(headers)).to_batches()
            return
        fields = [self.schema.get_field_index(header) for header in headers]
        reader = pa.ipc.open_file(self._source, options=pa.ipc.IpcReadOptions(included_fields=fields))
        for k in range(reader.num_record_batches):
            yield reader.get_batch(k)

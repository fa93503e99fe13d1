"""CSV files read piece by piece; every cell is text, and nothing is taken for null."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, BinaryIO, NoReturn, cast

from htdbu.cli.csv_faults import BOM, UTF16_BOMS, find_fault, require_text
from htdbu.cli.layout import Layout, require_distinct, sniff
from htdbu.cli.opening import DataFile
from htdbu.cli.pieces import BYTES, cut, piece_rows
from htdbu.errors import DataError

GZIP = b"\x1f\x8b"
SAMPLE_BYTES = 1 << 16
BLOCK_BYTES = 1 << 24
DAMAGES = (gzip.BadGzipFile, EOFError, zlib.error)


class Text:
    """The bytes of a CSV for its parser, without a byte-order mark and with an end of the last line.

    Attributes:
        flawed: whether bytes have been met that are no text; nothing comes after them.
        quotes: how many quotation marks there have been.
        ends_line: whether the bytes so far end with the end of a line.
    """

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self.flawed, self.quotes, self.ends_line = False, 0, True
        self._stream = stream
        self._check = getincrementaldecoder("utf-8")()
        self._ahead = stream.read(len(BOM)).removeprefix(BOM)
        self._lock, self._ended = Lock(), False

    def end(self) -> None:
        """Let nobody read on: the parser does so in another thread, even when it has met a fault."""
        with self._lock:
            self._ended = True

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end."""
        with self._lock:
            return b"" if self._ended or self.flawed else self._next(size)

    def _next(self, size: int) -> bytes:
        block = self._ahead + self._stream.read(max(size - 1 - len(self._ahead), 0))
        self._ahead = self._stream.read(1)
        if not self._is_text(block, last=not self._ahead):
            self.flawed = True
            return b""
        self.quotes += block.count(b'"')
        self.ends_line = block.endswith((b"\n", b"\r")) if block else self.ends_line
        # A header alone is only read where its line ends.
        return block if self._ahead or self.ends_line or not block else block + b"\n"

    def _is_text(self, block: bytes, last: bool) -> bool:
        try:
            self._check.decode(block, last)
        except UnicodeDecodeError:
            return False
        return b"\0" not in block

    def close(self) -> None:
        """Nothing: the file is another's to close."""


class CsvSource:
    """A CSV file, compressed or not.

    Attributes:
        headers: the names of its columns.
        layout: how it is laid out; whether it ends with a line end is known after a reading.

    Raises:
        DataError: what stands at the beginning is no CSV.
    """

    def __init__(self, file: DataFile, delimiter: str | None, rows: int | None = None) -> None:
        self._file = file
        beginning = self._beginning()
        self.layout: Layout = replace(sniff(beginning, delimiter), bom=self._stream().read(len(BOM)) == BOM)
        records = csv.reader(io.StringIO(beginning, newline=""), delimiter=self.layout.delimiter)
        filled = [record for record in records if record]
        self.headers: list[str] = filled[0]
        require_distinct(file.path, self.headers)
        self._rows = rows or piece_rows(len(self.headers), len(beginning.encode()) / len(filled))
        self._seen_rows, self._seen_bytes = 0, 0

    def _beginning(self) -> str:
        """Whole lines from the beginning of the file, without a byte-order mark."""
        try:
            text, size = Text(self._stream()), SAMPLE_BYTES
            data = text.read(size + 2)
            while len(data) > size and not (b"\n" in data[:size] and data[:size].strip()):
                data, size = data + text.read(size + 1), 2 * size
        except DAMAGES as error:
            self._refuse_packed(error)
        if text.flawed or not data.strip() or data.startswith(UTF16_BOMS):
            self._look_for_faults()
        end = data.rfind(b"\n", 0, size) + 1 if len(data) > size else len(data)
        return data[:end].decode("utf-8")

    def expected_rows(self) -> int:
        """How many rows the file has, as far as can be told from those read."""
        return round(self._seen_rows * max(1.0, self._file.size / max(self._seen_bytes, 1)))

    def pieces(self, headers: Sequence[str]) -> Iterator[Any]:
        """The rows as Arrow tables of texts, with these columns in the order of the file.

        Raises:
            DataError: the file is broken; the message says where.
        """
        import pyarrow as pa

        chosen = [header for header in self.headers if header in set(headers)]
        text = Text(self._stream())
        schema = pa.schema([(header, pa.string()) for header in chosen])
        yield from cut(self._batches(text, chosen), schema, self._rows, most=BYTES // BLOCK_BYTES)
        self._file.require_unchanged()
        self.layout = replace(self.layout, final_newline=text.ends_line)

    def _batches(self, text: Text, headers: Sequence[str]) -> Iterator[Any]:
        import pyarrow as pa

        self._seen_rows = 0
        try:
            for batch in self._reader(text, headers):
                self._seen_rows, self._seen_bytes = self._seen_rows + batch.num_rows, self._file.stream.tell()
                yield batch
        except DAMAGES as error:
            self._refuse_packed(error)
        except pa.ArrowInvalid as error:
            text.end()
            self._look_for_faults()
            message = f"{self._file.path} cannot be read as CSV: {error}"
            raise DataError(message, "another --delimiter may help") from None
        finally:
            text.end()
        if text.flawed or text.quotes % 2:
            self._look_for_faults()

    def _reader(self, text: Text, headers: Sequence[str]) -> Any:
        """Record batches of texts."""
        import pyarrow as pa
        import pyarrow.csv

        return pyarrow.csv.open_csv(
            pa.PythonFile(text, "r"),
            read_options=pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES),
            # A line without any text is a cell of a table of one column, and nothing in a wider one.
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=self.layout.delimiter, newlines_in_values=True, ignore_empty_lines=len(self.headers) > 1
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(self.headers, pa.string()),
                include_columns=list(headers),
                null_values=[],
                strings_can_be_null=False,
            ),
        )

    def _stream(self) -> BinaryIO:
        """The bytes from their beginning, unpacked."""
        stream = self._file.stream
        stream.seek(0)
        packed = stream.read(len(GZIP)) == GZIP
        stream.seek(0)
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if packed else stream

    def _look_for_faults(self) -> None:
        """Read all of the file slowly.

        Raises:
            DataError: there is a fault, or the file has changed.
        """
        self._file.require_unchanged()
        try:
            require_text(self._file.path, self._stream)
            find_fault(self._file.path, self._stream, self.layout.delimiter)
        except DAMAGES as error:
            self._refuse_packed(error)

    def _refuse_packed(self, error: Exception) -> NoReturn:
        raise DataError(f"{self._file.path}: damaged gzip file: {error}") from None

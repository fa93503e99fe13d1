"""Data files read for a command: the cells of a CSV as text, Parquet and Feather as typed columns."""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from htdbu.cli.layout import KNOWN, Layout, kind_of, sniff
from htdbu.errors import DataError

if TYPE_CHECKING:
    from pandas import DataFrame

BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
SAMPLE_BYTES = 1 << 16
BLOCK_BYTES = 1 << 24


@dataclass(frozen=True)
class Table:
    """A table as read: `frame` under the file's headers, and the layout to write a table like it."""

    frame: DataFrame
    layout: Layout


def read_table(path: str, delimiter: str | None = None) -> Table:
    """Read a data file; `-` is CSV from standard input. Nothing is taken for null and no cell is converted.

    Raises:
        DataError: the file is missing, unreadable, of an unknown kind, or broken; the message says where.
    """
    kind = kind_of(path)
    if kind is None:
        raise DataError(f"{path}: files of this kind cannot be read", KNOWN)
    data = _bytes_of(path)
    return _read_csv(path, data, delimiter) if kind == "csv" else _read_arrow(path, data, kind)


def _bytes_of(path: str) -> bytes:
    """The whole content of a file or of standard input."""
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file", "check the spelling and the folder it is in") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a directory", "name the data file in it") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None


def _read_csv(path: str, data: bytes, delimiter: str | None) -> Table:
    """Parse CSV bytes, compressed or not."""
    data = _unpacked(path, data)
    bom, data = data.startswith(BOM), data.removeprefix(BOM)
    _require_text(path, data)
    cut = data.rfind(b"\n", 0, SAMPLE_BYTES) + 1 if len(data) > SAMPLE_BYTES else len(data)
    sample = data[: cut or len(data)].decode("utf-8")
    layout = replace(sniff(sample, delimiter), bom=bom, final_newline=data[-1:] in (b"\n", b"\r"))
    records = csv.reader(io.StringIO(sample, newline=""), delimiter=layout.delimiter)
    header = next(row for row in records if row)
    _require_distinct(path, header)
    return Table(_parse(path, data, layout.delimiter, header), layout)


def _require_distinct(path: str, header: Sequence[str]) -> None:
    """Refuse a header in which a name occurs twice."""
    repeated = [f'"{name}"' for name, count in Counter(header).items() if count > 1]
    if repeated:
        message = f"{path}: more than one column is named {', '.join(repeated)}"
        raise DataError(message, "give every column a name of its own")


def _unpacked(path: str, data: bytes) -> bytes:
    """The bytes themselves, or what they hold where they are compressed by gzip."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: damaged gzip file: {error}") from None


def _require_text(path: str, data: bytes) -> None:
    """Refuse what is no UTF-8 text, with the line where it stops being so."""
    if not data.strip():
        raise DataError(f"{path} is empty", "a data file begins with a line of column names")
    if data.startswith(UTF16_BOMS):
        raise DataError(f"{path} is UTF-16 text", "save it as UTF-8")
    if b"\0" in data:
        raise DataError(f"{path} is a binary file, not CSV", KNOWN)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        message = f"{path}, line {line}, byte {column}: not UTF-8 text (0x{data[error.start]:02x})"
        hint = "save the file as UTF-8, for example with iconv -f WINDOWS-1252 -t UTF-8"
        raise DataError(message, hint) from None


def _parse(path: str, data: bytes, delimiter: str, header: Sequence[str]) -> DataFrame:
    """The records of a CSV under their header, as text."""
    import pyarrow as pa
    import pyarrow.csv

    if data[-1:] not in (b"\n", b"\r"):
        data += b"\n"  # a header alone is only read where its line ends
    if data.count(b'"') % 2:
        _find_fault(path, data, delimiter)
    try:
        table = pyarrow.csv.read_csv(
            pa.py_buffer(data),
            read_options=pyarrow.csv.ReadOptions(block_size=max(1, min(len(data), BLOCK_BYTES))),
            # A line without any text is a cell of a table of one column, and nothing in a wider one.
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=len(header) > 1
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in header}, null_values=[], strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        _find_fault(path, data, delimiter)
        raise DataError(f"{path} cannot be read as CSV: {error}", "another --delimiter may help") from None
    frame: DataFrame = table.to_pandas()
    return frame


def _find_fault(path: str, data: bytes, delimiter: str) -> None:
    """Read a CSV slowly and strictly; raise for its first fault, naming the line where the record begins."""
    reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter, strict=True)
    width, line = 0, 1
    try:
        for record in reader:
            width = width or len(record)
            if record and len(record) != width:
                message = f"{path}, line {line}: {_count(len(record), 'field')}, but the header has {width}"
                hint = f"fields are cut at {delimiter!r}: quote a cell that contains it, or give --delimiter"
                raise DataError(message, hint)
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"{path}, line {line}: {_quote_fault(error)}"
        raise DataError(message, "write a quote inside quotes twice") from None


def _quote_fault(error: csv.Error) -> str:
    """What csv says of a broken quotation, in words."""
    unclosed = "unexpected end" in str(error)
    return "a quote that opens here is never closed" if unclosed else f"broken quotation ({error})"


def _count(number: int, noun: str) -> str:
    """A number of things: `1 field`, `2 fields`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _read_arrow(path: str, data: bytes, kind: str) -> Table:
    """Parse Parquet or Feather bytes; whole numbers and bools keep their type beside nulls."""
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.parquet

    if not data:
        raise DataError(f"{path} is empty", f"it should be a {kind.title()} file")
    source = pa.BufferReader(data)
    try:
        read = pyarrow.parquet.read_table if kind == "parquet" else pyarrow.feather.read_table
        table = read(source)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{path} cannot be read as {kind.title()}: {reason}", KNOWN) from None
    _require_distinct(path, table.column_names)
    # Stored pandas metadata would turn columns into an index; the columns are wanted as they stand.
    frame = table.to_pandas(ignore_metadata=True, types_mapper=_nullable().get)
    return Table(frame, Layout(kind="parquet" if kind == "parquet" else "feather", schema=table.schema))


def _nullable() -> dict[Any, Any]:
    """Arrow types whose pandas default loses values beside nulls, and the pandas types that do not."""
    import pandas as pd
    import pyarrow as pa

    whole = {f"{sign}int{bits}": f"{sign.upper()}Int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
    dtypes = {getattr(pa, arrow)(): pd.api.types.pandas_dtype(name) for arrow, name in whole.items()}
    return dtypes | {pa.bool_(): pd.BooleanDtype()}

"""What is wrong with a CSV file, and where: a slow look at all of it, for files that cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from htdbu.cli.layout import KNOWN
from htdbu.errors import DataError

UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
BLOCK_BYTES = 1 << 20


BOM = b"\xef\xbb\xbf"

Opening = Callable[[], BinaryIO]
"""Gives the bytes of a file from their beginning."""


def require_text(path: str, opening: Opening) -> None:
    """Refuse what is no UTF-8 text, with the line where it stops being so.

    Raises:
        DataError: saying what it is.
    """
    empty, binary, beginning = True, False, opening().read(2)
    for block in _blocks(_past_mark(opening())):
        empty, binary = empty and not block.strip(), binary or b"\0" in block
    if empty:
        raise DataError(f"{path} is empty", "a data file begins with a line of column names")
    if beginning in UTF16_BOMS:
        raise DataError(f"{path} is UTF-16 text", "save it as UTF-8")
    if binary:
        raise DataError(f"{path} is a binary file, not CSV", KNOWN)
    _require_utf8(path, _past_mark(opening()))


def _require_utf8(path: str, stream: BinaryIO) -> None:
    """Refuse a byte that UTF-8 has no place for."""
    line, before, cut = 1, 0, b""
    for block in (*_blocks(stream), b""):
        data = cut + block
        try:
            data.decode("utf-8")
            end = len(data)
        except UnicodeDecodeError as error:
            end = error.start
            if not block or error.reason != "unexpected end of data":
                line += data.count(b"\n", 0, end)
                newline = data.rfind(b"\n", 0, end)
                column = end - newline if newline >= 0 else before + end + 1
                message = f"{path}, line {line}, byte {column}: not UTF-8 text (0x{data[end]:02x})"
                hint = "save the file as UTF-8, for example with iconv -f WINDOWS-1252 -t UTF-8"
                raise DataError(message, hint) from None
        newline = data.rfind(b"\n", 0, end)
        line, before = line + data.count(b"\n", 0, end), end - newline - 1 if newline >= 0 else before + end
        cut = data[end:]


def find_fault(path: str, opening: Opening, delimiter: str) -> None:
    """Read a CSV slowly and strictly; raise for its first fault, naming the line where the record begins.

    Raises:
        DataError: for a record of another width than the header, or a broken quotation.
    """
    text = io.TextIOWrapper(_past_mark(opening()), "utf-8", newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
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
    finally:
        text.detach()


def _past_mark(stream: BinaryIO) -> BinaryIO:
    """The stream after its byte-order mark, if it has one."""
    if stream.read(len(BOM)) != BOM:
        stream.seek(0)
    return stream


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK_BYTES):
        yield block


def _quote_fault(error: csv.Error) -> str:
    """What csv says of a broken quotation, in words."""
    unclosed = "unexpected end" in str(error)
    return "a quote that opens here is never closed" if unclosed else f"broken quotation ({error})"


def _count(number: int, noun: str) -> str:
    """A number of things: `1 field`, `2 fields`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

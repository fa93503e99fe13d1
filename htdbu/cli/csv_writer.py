"""CSV written piece by piece, spelled as the file that was read."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from htdbu.cli.layout import Layout

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import Series

PACKED_BYTES = 1 << 20
"""What is compressed at a time, so that pieces leave no trace in what comes out."""


class CsvWriter:
    """A table that goes to a file as CSV; a missing cell is empty.

    Args:
        sink: takes the bytes, and stays open.
        packed: whether they are compressed by gzip.
    """

    def __init__(self, sink: BinaryIO, headers: Sequence[str], layout: Layout, packed: bool) -> None:
        import pyarrow as pa

        self._sink: BinaryIO | _Packer = _Packer(sink) if packed else sink
        self._layout = layout
        self._always = [header in layout.quoted for header in headers]
        self._lone = len(headers) == 1
        names = [self._cells(pa.array([header], pa.large_string()), layout.quoted_header) for header in headers]
        line = layout.delimiter.join(name[0].as_py() for name in names)
        self._sink.write(("\ufeff" + line if layout.bom else line).encode())

    def write(self, columns: Sequence[pa.Array]) -> None:
        """Write some rows.

        Args:
            columns: arrays of `large_string`, as `cell_texts` makes them, in the order of the headers.
        """
        if not columns or not len(columns[0]):
            return
        cells = [self._cells(column, always) for column, always in zip(columns, self._always, strict=True)]
        # Every line begins with the end of the one before, for the last of all may have none.
        cells[0] = _joined(self._layout.newline, cells[0], between="")
        lines = _joined(*cells, between=self._layout.delimiter)
        self._sink.write(_characters(lines))

    def close(self) -> None:
        """Write what is still missing."""
        if self._layout.final_newline:
            self._sink.write(self._layout.newline.encode())
        if isinstance(self._sink, _Packer):
            self._sink.close()

    def _cells(self, cells: pa.Array, always: bool) -> pa.Array:
        """Cells as they stand in the file: in quotes where they need them, or all of them.

        An empty cell of a lone column would be an empty line.
        """
        import pyarrow.compute as pc

        if always:
            return _in_quotes(cells)
        marks = (self._layout.delimiter, '"', "\n", "\r")
        characters = _characters(cells).tobytes()
        found = [pc.match_substring(cells, mark) for mark in marks if mark.encode() in characters]
        if self._lone:
            found.append(pc.equal(cells, ""))
        for mask in found[1:]:
            found[0] = pc.or_(found[0], mask)
        return pc.if_else(found[0], _in_quotes(cells), cells) if found else cells


def _in_quotes(cells: pa.Array) -> pa.Array:
    """Cells between quotes, their own quotes doubled."""
    import pyarrow.compute as pc

    return _joined('"', pc.replace_substring(cells, '"', '""'), '"', between="")


def _joined(*cells: pa.Array | str, between: str) -> pa.Array:
    """Columns, and texts that stand in every row, side by side as one column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = (pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in (*cells, between))
    return pc.binary_join_element_wise(*parts)


def _characters(cells: pa.Array) -> memoryview:
    """The bytes of an array of `large_string` without nulls, one cell after the other."""
    import numpy as np

    _, offsets, data = cells.buffers()
    if data is None:
        return memoryview(b"")
    ends = np.frombuffer(offsets, np.int64, len(cells) + 1, 8 * cells.offset)
    return memoryview(data)[int(ends[0]) : int(ends[-1])]


class _Packer:
    """Compresses bytes; there is no time and no name in the gzip header: the same table gives the same bytes."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        self._waiting = bytearray()

    def write(self, data: bytes | memoryview) -> None:
        """Take more bytes."""
        self._waiting += data
        whole = len(self._waiting) - len(self._waiting) % PACKED_BYTES
        for start in range(0, whole, PACKED_BYTES):
            self._sink.write(self._packer.compress(self._waiting[start : start + PACKED_BYTES]))
        del self._waiting[:whole]

    def close(self) -> None:
        """Write what is left."""
        self._sink.write(self._packer.compress(self._waiting) + self._packer.flush())


def holds_whole_days(cells: Series[Any]) -> bool:
    """Whether cells are moments without any time of day."""
    import pandas as pd

    if not pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return False
    known = cells.dropna()
    return bool((known == known.dt.normalize()).all())


def cell_texts(cells: Series[Any], days: bool) -> pa.Array:
    """The cells of a column as texts, empty where missing; ISO dates, without the time of day where `days`."""
    import pandas as pd
    import pyarrow as pa

    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        cells = cells.dt.strftime("%Y-%m-%d" if days else "%Y-%m-%dT%H:%M:%S")
    if pd.api.types.is_string_dtype(cells.dtype) and cells.dtype != object:
        return string_texts(pa.array(cells, pa.large_string()))
    return string_texts(known_texts(cells))


def known_texts(cells: Series[Any]) -> pa.Array:
    """Machine values as texts; null where missing."""
    import pyarrow as pa

    pairs = zip(cells.tolist(), cells.isna().tolist(), strict=True)
    return pa.array([None if missing else _text(value) for value, missing in pairs], pa.large_string())


def string_texts(cells: Any) -> pa.Array:
    """The same of Arrow's strings."""
    import pyarrow as pa

    whole = cells.cast(pa.large_string()).fill_null("")
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def _text(value: object) -> str:
    """A value as it is written in a file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)

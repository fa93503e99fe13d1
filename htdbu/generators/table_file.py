"""The real rows of a model as Parquet bytes, and back as the frame that they were."""

from __future__ import annotations

import io
import re
from typing import Any

import pandas as pd

from htdbu.errors import DataError, UsageError

_PLAIN = {"PLAIN", "RLE", "BIT_PACKED"}
"""Encodings in which a cell takes about as much room in the file as in memory, but for runs of nulls."""
_MOMENTS = re.compile(r"(datetime64|timedelta64)\[(s|ms|us|ns)(, [\w/+:-]+)?\]")


def write_table(frame: pd.DataFrame) -> bytes:
    """The bytes of a Parquet file.

    Raises:
        UsageError: it cannot hold a column.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = frame.astype({header: frame[header].cat.categories.dtype for header in _categories(frame)})
    buffer = io.BytesIO()
    try:
        # Without a dictionary, what the file says of its size is what it takes in memory.
        arrow = pa.Table.from_pandas(plain, preserve_index=False)
        pq.write_table(arrow, buffer, use_dictionary=False, compression="zstd")
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        message = f"the real rows cannot be stored: {str(error).splitlines()[0]}"
        raise UsageError(message, "give columns of one type each, as a Parquet file can hold them") from None
    return buffer.getvalue()


def lost_types(frame: pd.DataFrame) -> dict[str, Any]:
    """By header what Parquet does not keep: the units of moments, and the levels of categories."""
    kinds = {str(header): str(frame[header].dtype) for header in frame}
    moments = {header: kind for header, kind in kinds.items() if _MOMENTS.fullmatch(kind)}
    levels = {
        header: {"levels": frame[header].cat.categories.tolist(), "ordered": bool(frame[header].cat.ordered)}
        for header in _categories(frame)
    }
    return moments | levels


def read_table(content: bytes, most: int, lost: dict[str, Any]) -> pd.DataFrame:
    """The frame that was written.

    Args:
        most: how many bytes it may take.
        lost: what `lost_types` said of it.

    Raises:
        DataError: it would take more, or these are no bytes of such a file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        about = file.metadata
        chunks = [about.row_group(k).column(i) for k in range(about.num_row_groups) for i in range(about.num_columns)]
        size = max(sum(chunk.total_uncompressed_size for chunk in chunks), 8 * about.num_rows * about.num_columns)
        if size > most or not all(_PLAIN.issuperset(chunk.encodings) for chunk in chunks):
            raise DataError("its table would unpack to far more than it is")
        table = file.read()
        table.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"its table cannot be read ({type(error).__name__})") from None
    frame: pd.DataFrame = table.to_pandas()
    for header, kind in lost.items():
        if isinstance(kind, str) and not _MOMENTS.fullmatch(kind):
            raise DataError(f"it has a column of the unknown type {kind!r}")
        dtype: Any = kind if isinstance(kind, str) else pd.CategoricalDtype(kind["levels"], bool(kind["ordered"]))
        frame[header] = frame[header].astype(dtype)
    return frame


def _categories(frame: pd.DataFrame) -> list[str]:
    return [str(header) for header in frame if isinstance(frame[header].dtype, pd.CategoricalDtype)]

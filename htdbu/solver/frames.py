"""Tables of other libraries at the boundary, and the columns of a frame by their declared headers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.diagnostics.suggest import closest
from htdbu.compiler.program import Program
from htdbu.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa

COPIES_ON_WRITE = int(pd.__version__.split(".", maxsplit=1)[0]) >= 3
"""Whether a shallow copy of a frame is one of its own, as soon as either is written to."""


def to_pandas(data: Any) -> pd.DataFrame:
    """A pandas frame of a pandas, polars or Arrow table, rows numbered from 0, headers as texts.

    Raises:
        DataError: where it is no table.
    """
    if not isinstance(data, pd.DataFrame):
        data = _converted(data)
    frame: pd.DataFrame = data.reset_index(drop=True)
    if not all(isinstance(header, str) for header in frame.columns):
        frame.columns = pd.Index([str(header) for header in frame.columns])
    return frame


def _converted(data: Any) -> pd.DataFrame:
    """A table of another library."""
    import narwhals as nw

    try:
        frame = nw.from_native(data, eager_only=True)
    except TypeError:
        message = f"{type(data).__name__} is not a table"
        raise DataError(message, "pass a pandas, polars or Arrow table") from None
    if frame.implementation.is_pandas_like():
        plain: pd.DataFrame = frame.to_pandas()
        return plain
    return arrow_frame(frame.to_arrow())


def arrow_frame(table: pa.Table, keep_decimals: bool = False) -> pd.DataFrame:
    """An Arrow table as a frame; whole numbers and truth values keep their type, and every digit, beside nulls.

    Args:
        keep_decimals: whether decimals stay Arrow's, instead of becoming objects.
    """
    import pyarrow as pa

    def mapped(kind: pa.DataType) -> Any:
        return pd.ArrowDtype(kind) if keep_decimals and pa.types.is_decimal128(kind) else _nullable().get(kind)

    # Stored pandas metadata would turn columns into an index; the columns are wanted as they stand.
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True, types_mapper=mapped)
    return frame


@cache
def _nullable() -> dict[Any, Any]:
    """Arrow types whose pandas default loses values beside nulls, and the pandas types that do not."""
    import pyarrow as pa

    whole = {f"{sign}int{bits}": f"{sign.upper()}Int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
    dtypes = {getattr(pa, arrow)(): pd.api.types.pandas_dtype(name) for arrow, name in whole.items()}
    return dtypes | {pa.bool_(): pd.BooleanDtype()}


def is_arrow_decimal(dtype: Any) -> bool:
    """Whether a column's type is Arrow's decimals of 128 bits."""
    import pyarrow as pa

    return isinstance(dtype, pd.ArrowDtype) and bool(pa.types.is_decimal128(dtype.pyarrow_dtype))


def arrow_chunks(series: pd.Series) -> pa.ChunkedArray:
    """A column that Arrow holds, as Arrow has it."""
    import pyarrow as pa

    held = pa.array(series)
    return held if isinstance(held, pa.ChunkedArray) else pa.chunked_array([held])


def doubles(series: pd.Series) -> NDArray[np.float64]:
    """Floats as 64-bit ones of the same shortest decimal, so that a 32-bit 0.1 is 0.1; NaN where missing."""
    floats = series.to_numpy(dtype=np.float64, na_value=np.nan)
    narrow = {2: np.float16, 4: np.float32}.get(getattr(series.dtype, "itemsize", 8))
    return floats if narrow is None else floats.astype(narrow).astype(str).astype(np.float64)


def check_headers(program: Program, headers: Sequence[str]) -> None:
    """Demand every declared column that is not derived, and no header twice.

    Raises:
        DataError: naming what is missing and the nearest headers there are.
    """
    double = sorted(header for header, n in Counter(headers).items() if n > 1)
    if double:
        raise DataError(f"the data have the header {_quoted(double)} twice", "rename one of the columns")
    missing = [c for c in program.columns if c.header not in headers and c.derived is None]
    if missing:
        message = f"HTR704: the data have no column {_quoted([c.header for c in missing])}"
        free = [header for header in headers if header not in {c.header for c in program.columns}]
        near = [(c.header, best) for c in missing if (best := closest(c.header, free)) is not None]
        hint = "; ".join(f'"{name}": did you mean "{best}"? say so with `as "{best}"`' for name, best in near)
        raise DataError(message, hint or f"the data have {_quoted(headers[:20])}")


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)

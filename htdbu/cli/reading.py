"""Data files read whole for a command: the cells of a CSV as text, Parquet and Feather as typed columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from htdbu.cli.layout import Layout
from htdbu.cli.sources import open_source

if TYPE_CHECKING:
    from pandas import DataFrame


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
    import pyarrow as pa

    from htdbu.solver.frames import arrow_frame

    with open_source(path, delimiter) as source:
        table = pa.concat_tables(source.pieces(source.headers)).unify_dictionaries()
        return Table(arrow_frame(table), source.layout)

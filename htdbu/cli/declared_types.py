"""The types that the rules declare, for tables that come from CSV and go to Parquet or Feather."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from htdbu.cli.typed_cells import text_type, typed_cells, types_for

if TYPE_CHECKING:
    import pyarrow as pa
    from pandas import Series

    from htdbu.compiler.program import Program

Columns = Callable[[str], "Series[Any]"]
"""Gives the column of a header."""


class DeclaredTypes:
    """The types of a table of texts.

    Args:
        program: declares them; all other columns stay texts.
        nulls: texts that mean null, besides those that always do.
    """

    def __init__(self, program: Program, nulls: Sequence[str] = ()) -> None:
        self._columns = {column.header: column for column in program.columns}
        self._nulls = nulls

    def schema(self, headers: Sequence[str], parts: Callable[[], Iterable[Columns]]) -> pa.Schema:
        """For each column the first type that keeps all of its cells.

        Args:
            parts: gives the table in parts; asked once more for what the types that were tried do not hold.
        """
        import pyarrow as pa

        types = dict.fromkeys(headers, text_type())
        open_types = {header: types_for(self._columns[header]) for header in headers if header in self._columns}
        while open_types := {header: kinds for header, kinds in open_types.items() if len(kinds) > 1}:
            failed = self._failing({header: kinds[0] for header, kinds in open_types.items()}, parts())
            types |= {header: kinds[0] for header, kinds in open_types.items() if header not in failed}
            open_types = {header: kinds[1:] for header, kinds in open_types.items() if header in failed}
        return pa.schema(list(types.items()))

    def _failing(self, types: dict[str, pa.DataType], parts: Iterable[Columns]) -> set[str]:
        """The columns of which a type does not keep all cells."""
        failed: set[str] = set()
        for column in parts:
            for header in types.keys() - failed:
                if typed_cells(self._columns[header], column(header), types[header], self._nulls) is None:
                    failed.add(header)
        return failed

    def table(self, schema: pa.Schema, column: Columns) -> pa.Table:
        """A part of the table under its types."""
        import pyarrow as pa

        return pa.table([self._array(field, column(field.name)) for field in schema], schema=schema)

    def _array(self, field: pa.Field, texts: Series[Any]) -> pa.Array:
        import pyarrow as pa

        if field.name not in self._columns:
            return pa.array(texts, field.type)
        return typed_cells(self._columns[field.name], texts, field.type, self._nulls)

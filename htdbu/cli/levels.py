"""Columns of levels (Arrow's dictionaries), of which every part of a file may list its own."""

from __future__ import annotations

from typing import Any


class Levels:
    """All levels of a table's columns, in the order in which they are met.

    Attributes:
        headers: the columns that have levels.
        complete: whether all parts of the table have been seen; from then on they share all levels.
    """

    def __init__(self, schema: Any) -> None:
        import pyarrow as pa

        self.headers = [field.name for field in schema if pa.types.is_dictionary(field.type)]
        self.complete = False
        self._known: dict[str, Any] = {}

    def shared(self, table: Any) -> Any:
        """A part of the table whose levels are all that are known."""
        for header in self.headers:
            place = table.column_names.index(header)
            column = table.column(place).unify_dictionaries()
            if not self.complete:
                self._learn(header, column)
            if header in self._known:
                table = table.set_column(
                    place, table.schema.field(place), recoded(column, self._known[header], column.type)
                )
        return table

    def _learn(self, header: str, column: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        for chunk in column.chunks[:1]:  # which list the same levels
            known = self._known.setdefault(header, chunk.dictionary.slice(0, 0))
            new = chunk.dictionary.filter(pc.invert(pc.is_in(chunk.dictionary, known)))
            self._known[header] = pa.concat_arrays([known, new])


def recoded(column: Any, levels: Any, kind: Any) -> Any:
    """A column of levels as one of the type `kind` by other levels, which contain its own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = []
    for chunk in column.chunks:
        codes = pc.index_in(chunk.dictionary, levels).take(chunk.indices).cast(kind.index_type)
        parts.append(pa.DictionaryArray.from_arrays(codes, levels, ordered=kind.ordered))
    return pa.chunked_array(parts, kind)

"""An index of pandas that is a range and has a name: the file notes its ends, and holds no column of its numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class NamedRange:
    """The numbers of such an index, under its name."""

    name: str
    numbers: range

    def field(self) -> pa.Field:
        """The column that it is."""
        import pyarrow as pa

        return pa.field(self.name, pa.int64())

    def add_to(self, table: pa.Table, start: int) -> pa.Table:
        """The rows of the file from `start` on, with their numbers as the last column."""
        import pyarrow as pa

        numbers = self.numbers[start : start + table.num_rows]
        return table.append_column(self.field(), pa.array(numbers, pa.int64()))


def named_range(schema: pa.Schema, n_rows: int) -> NamedRange | None:
    """What the schema of a file of so many rows tells of such an index.

    None where there is none, where a column has its name, and where it is not of these rows, since something other
    than pandas has changed them.
    """
    for told in _index_columns(schema):
        if isinstance(told, dict) and told.get("kind") == "range" and isinstance(told.get("name"), str):
            numbers = _range(told)
            if told["name"] not in schema.names and numbers is not None and len(numbers) == n_rows:
                return NamedRange(told["name"], numbers)
    return None


def _index_columns(schema: pa.Schema) -> list[Any]:
    """What pandas notes of the index; nothing where another program has spoilt the note."""
    try:
        told = json.loads((schema.metadata or {})[b"pandas"])["index_columns"]
    except (KeyError, TypeError, ValueError):
        return []
    return told if isinstance(told, list) else []


def _range(told: dict[str, Any]) -> range | None:
    """The numbers between the ends that are noted, where they are 64-bit ones."""
    ends: list[Any] = [told.get(name) for name in ("start", "stop", "step")]
    if not all(isinstance(end, int) and abs(end) < 2**63 for end in ends) or ends[2] == 0:
        return None
    return range(*ends)

"""DuckDB."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from htdbu.compiler.exports.sql_parts.build import Sql, atom
from htdbu.compiler.exports.sql_parts.dialects.base import Dialect
from htdbu.compiler.program import Column


class DuckDB(Dialect):
    """Its decimals end at 38 digits, beyond which comparisons silently lose some: long terms are whole numbers."""

    name: ClassVar[str] = "duckdb"
    title: ClassVar[str] = "DuckDB"

    def type_of(self, column: Column, digits: int, unique: bool) -> str:
        """Decimals of at most 38 digits, datetimes to the second."""
        if column.type.kind == "decimal":
            return f"DECIMAL({min(digits, 38)}, {column.type.scale})"
        return "TIMESTAMP_S" if column.type.kind == "datetime" else super().type_of(column, digits, unique)

    def divide(self, numerator: Sql, divisor: Sql) -> Sql:
        """`/` makes a binary fraction, `//` an integer."""
        return exp.IntDiv(this=atom(numerator), expression=atom(divisor))

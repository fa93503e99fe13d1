"""`CREATE TABLE` with every hard rule as a named CHECK, for PostgreSQL, DuckDB, SQLite and MySQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htdbu.compiler.exports import Export, Omitted, ignore

if TYPE_CHECKING:
    from htdbu.compiler.program import Program


def render(program: Program, *, dialect: str = "postgres", omitted: Omitted = ignore, **options: object) -> str:
    """The table in a dialect of SQL."""
    from htdbu.compiler.exports.sql_parts.table import table_text

    return table_text(program, dialect, omitted)


EXPORT = Export(
    "sql",
    ".sql",
    "CREATE TABLE with every hard rule as a CHECK",
    render,
    dialects=("postgres", "duckdb", "sqlite", "mysql"),
    package="sqlglot",
    extra="sql",
)

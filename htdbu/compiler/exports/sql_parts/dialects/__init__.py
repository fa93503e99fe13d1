"""The dialects of SQL that are written, by their names; PostgreSQL's is the default."""

from __future__ import annotations

from htdbu.compiler.exports.sql_parts.dialects.base import Dialect
from htdbu.compiler.exports.sql_parts.dialects.duckdb import DuckDB
from htdbu.compiler.exports.sql_parts.dialects.mysql import MySQL
from htdbu.compiler.exports.sql_parts.dialects.postgres import Postgres
from htdbu.compiler.exports.sql_parts.dialects.sqlite import SQLite

DIALECTS: dict[str, Dialect] = {d.name: d for d in (Postgres(), DuckDB(), SQLite(), MySQL())}

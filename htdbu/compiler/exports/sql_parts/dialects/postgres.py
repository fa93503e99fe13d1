"""PostgreSQL 14 or later."""

from __future__ import annotations

from typing import ClassVar

from htdbu.compiler.exports.sql_parts.dialects.base import Dialect


class Postgres(Dialect):
    """Its NUMERIC is exact whatever the digits, and `LEAST` and `GREATEST` skip nulls."""

    name: ClassVar[str] = "postgres"
    title: ClassVar[str] = "PostgreSQL"
    exact_decimals: ClassVar[bool] = True
    tells_case: ClassVar[bool] = True

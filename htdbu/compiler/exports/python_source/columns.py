"""What exported source says of single columns: how cells are read, which are allowed, how computed ones are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from htdbu.compiler.exports.python_source.expressions import number
from htdbu.compiler.exports.python_source.layout import Piece, group, quoted
from htdbu.compiler.literals import decimal_text
from htdbu.compiler.normal import NormalColumn
from htdbu.compiler.program import Column

Levels = Mapping[tuple[str, ...], str]
"""The constant that holds the levels of a category."""


def reader_of(column: Column, levels: Levels) -> tuple[str, ...]:
    """The helper that reads a cell of a column, and its options."""
    form = () if column.format is None else (quoted(column.format),)
    match column.type.kind:
        case "int" | "decimal":
            return ("read_number", str(column.type.scale))
        case "bool":
            return ("read_bool",)
        case "category":
            return ("read_level", levels[column.type.levels])
        case "date":
            return ("read_date", *form)
        case "datetime":
            return ("read_datetime", *form)
        case _:
            return ("read_text",)


def writer_of(column: Column) -> tuple[str, ...]:
    """The helper that makes a cell of a computed value, and its options."""
    match column.type.kind:
        case "decimal" if column.type.scale:
            return ("decimal_cell", str(column.type.scale))
        case "date":
            return ("date_cell",)
        case "datetime":
            return ("datetime_cell",)
        case _:
            return ("plain_cell",)


def rounded(column: Column, value: Piece) -> Piece:
    """A computed value as the column rounds it."""
    match column.type.kind:
        case "int":
            return group("round_even(", [value])
        case "decimal":
            return group("round_even(", [value, str(column.type.scale)])
        case "datetime":
            return group("to_seconds(", [value])
        case _:
            return value


def allowed(column: Column, normal: NormalColumn, levels: Levels) -> list[Piece]:
    """The helper that judges a cell by its domain, and what that allows."""
    if column.type.kind in ("bool", "category"):
        codes = [code for low, high in normal.domain for code in range(low or 0, (high or 0) + 1)]
        if column.type.kind == "bool":
            return ["among", *(str(bool(code)) for code in codes)]
        if len(codes) == len(column.type.levels):
            return ["among", f"*{levels[column.type.levels]}"]
        return ["among", *(quoted(column.type.levels[code]) for code in codes)]
    ranges = [f"({_end(column, low)}, {_end(column, high)})" for low, high in normal.domain]
    return ["inside", *ranges]


def _end(column: Column, steps: int | None) -> str:
    """An end of a range."""
    if steps is None:
        return "None"
    match column.type.kind:
        case "date":
            return f"day_of({quoted((date(1970, 1, 1) + timedelta(days=steps)).isoformat())})"
        case "datetime":
            return f"moment_of({quoted((datetime(1970, 1, 1) + timedelta(seconds=steps)).isoformat())})"
        case _:
            return number(decimal_text(Decimal(f"{steps}e-{column.type.scale}")))

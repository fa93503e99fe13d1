"""Which values of a column lie in a union of step ranges, as a schema of the cell."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

from htdbu.compiler.exports.json_schema_parts.text_ranges import between
from htdbu.compiler.lowering.build import contains
from htdbu.compiler.normal import Intervals
from htdbu.compiler.program import Column

Schema = dict[str, Any]

SHAPES = {"date": "0000-00-00", "datetime": "0000-00-00T00:00:00"}
_TYPES = {"int": "integer", "decimal": "number", "bool": "boolean"}
_DIGITS = 15
"""Decimals of at most so many digits are told apart by any JSON parser."""
_EPOCH = datetime(1970, 1, 1)
_FEW = 2
"""Ranges of at most so many values are listed."""


class InexpressibleError(Exception):
    """What JSON Schema cannot say exactly; the message says why."""


def json_type(column: Column) -> str:
    """The JSON type of a column's values."""
    return _TYPES.get(column.type.kind, "string")


def is_iso(column: Column) -> bool:
    """Whether a date is written as ISO has it."""
    return column.type.kind in SHAPES and column.format is None


def within(column: Column, intervals: Intervals, texts: list[str], null: bool) -> Schema:
    """The schema of the values in some ranges.

    Args:
        texts: the texts that the codes of a text column stand for.
        null: whether null passes too.

    Raises:
        InexpressibleError: where JSON Schema cannot say it.
    """
    match column.type.kind:
        case "category":
            return _listed([v for k, v in enumerate(column.type.levels) if contains(intervals, k)], null)
        case "bool":
            return _listed([bool(k) for k in (0, 1) if contains(intervals, k)], null)
        case "text":
            return _text(column, intervals, texts, null)
    options = [_range(column, low, high) for low, high in intervals]
    points = [value for low, high in intervals for value in _points(column, low, high)]
    if len(points) and all(_is_short(low, high) for low, high in intervals):
        return _listed(points, null)
    if not options:
        return _listed([], null)
    guard = {"type": json_type(column)} if column.nullable and not null else {}
    if len(options) == 1:
        return {**guard, **options[0]}
    return {**guard, "anyOf": options}


def _listed(values: list[Any], null: bool) -> Schema:
    allowed = [*values, None] if null else values
    if not allowed:
        return {"not": {}}
    return {"const": allowed[0]} if len(allowed) == 1 else {"enum": allowed}


def _text(column: Column, intervals: Intervals, texts: list[str], null: bool) -> Schema:
    """Some texts, or all but some: codes beyond those of the rules' own texts stand for all others."""
    named = [text for code, text in enumerate(texts) if contains(intervals, code)]
    if not contains(intervals, len(texts)):
        return _listed(named, null)
    guard: Schema = {"type": "string"} if column.nullable and not null else {}
    others = [text for text in texts if text not in named]
    return {**guard, "not": {"enum": others}} if others else guard


def _is_short(low: int | None, high: int | None) -> bool:
    return low is not None and high is not None and high - low < _FEW


def _points(column: Column, low: int | None, high: int | None) -> list[Any]:
    if low is None or high is None or not _is_short(low, high):
        return []
    return [literal(column, k) for k in range(low, high + 1)]


def _range(column: Column, low: int | None, high: int | None) -> Schema:
    if column.type.kind in SHAPES:
        if not is_iso(column):
            raise InexpressibleError(f"`{column.name}` is not written as ISO dates are, which alone have an order")
        ends = [None if end is None else str(literal(column, end)) for end in (low, high)]
        return {"pattern": f"^{between(ends[0], ends[1], SHAPES[column.type.kind])}$"}
    found: Schema = {}
    if low is not None:
        found["minimum"] = _bound(column, low, floor)
    if high is not None:
        found["maximum"] = _bound(column, high, ceil)
    return found


def _bound(column: Column, steps: int, outward: Any) -> int | float:
    """A bound; one of more digits than parsers keep is moved outward to a whole number, lest a valid row be refused."""
    value = Fraction(steps, 10**column.type.scale)
    exact = value.denominator == 1 or len(str(abs(steps))) <= _DIGITS
    return _number(value) if exact else int(outward(value))


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def literal(column: Column, steps: int) -> Any:
    """A value of a column as it stands in JSON.

    Raises:
        InexpressibleError: where its spelling is not known.
    """
    match column.type.kind:
        case "date" | "datetime" if not is_iso(column):
            raise InexpressibleError(f"`{column.name}` is not written as ISO dates are")
        case "date":
            return (_EPOCH + timedelta(days=steps)).date().isoformat()
        case "datetime":
            return (_EPOCH + timedelta(seconds=steps)).isoformat()
    return _number(Fraction(steps, 10**column.type.scale))

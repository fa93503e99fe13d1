"""Literals: from the syntax tree to the IR's exact text, and from there to steps of a column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from htdbu.compiler.diagnostics.kinds import (
    htr201_type_mismatch,
    htr202_unknown_level,
    htr203_too_fine,
    htr205_null_in_set,
)
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import Constant
from htdbu.compiler.program import ColumnType
from htdbu.compiler.types import BoolType, CategoryType, DatetimeType, DateType, NumberType, describe
from htdbu.compiler.typing import column_type, constant_type, digits_after_point
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

SECONDS = 86_400
_EPOCH = date(1970, 1, 1)

Report = Callable[[Diagnostic], None]


def decimal_text(value: Decimal) -> str:
    """A number without exponent or needless zeros."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def day_number(text: str) -> int:
    """Days from 1970-01-01 to an ISO date."""
    return (date.fromisoformat(text) - _EPOCH).days


def second_number(text: str) -> int:
    """Seconds from 1970-01-01T00:00:00 to an ISO datetime."""
    delta = datetime.fromisoformat(text) - datetime(1970, 1, 1)
    return delta.days * SECONDS + delta.seconds


def constant(node: object, report: Report) -> Constant | None:
    """The IR form of a literal (a number may have a minus before it); None where the node is no literal."""
    match node:
        case syntax.Number(value=value, span=span):
            return Constant(type="number", value=decimal_text(value), span=span)
        case syntax.Unary(operator="-", operand=syntax.Number() as number, span=span):
            return constant(replace(number, value=-number.value, span=span), report)
        case syntax.Text(value=text, span=span):
            return Constant(type="text", value=text, span=span)
        case syntax.Boolean(value=flag, span=span):
            return Constant(type="bool", value=flag, span=span)
        case syntax.DateText():
            return _moment(node, report)
        case syntax.Null(span=span):
            return Constant(type="null", value=None, span=span)
    return None


def _moment(node: syntax.DateText, report: Report) -> Constant:
    try:
        day_number(node.value) if node.kind == "date" else second_number(node.value)
    except ValueError:
        report(htr201_type_mismatch.KIND.at(node.span, f"there is no {node.kind} {node.value}"))
        stand_in = "1970-01-01" if node.kind == "date" else "1970-01-01T00:00:00"
        return Constant(type=node.kind, value=stand_in, span=node.span)
    return Constant(type=node.kind, value=node.value, span=node.span)


def literal_text(value: Constant, kind: ColumnType, where: str, report: Report, exact: bool = True) -> str | None:
    """The text of a literal as a value of a column, after checking that it is one; None (reported) where it is not.

    Args:
        where: the column's name, for the messages.
        exact: whether a number finer than the column's scale is a mistake (in sets) or fine (ends of ranges).
    """
    span = value.span or Span("", 0, 0)
    if value.type == "null":
        report(htr205_null_in_set.null_in_domain(span, where))
        return None
    wanted, given = column_type(kind), constant_type(value)
    if isinstance(wanted, CategoryType) and value.type == "text":
        if value.value not in wanted.levels:
            report(htr202_unknown_level.unknown(value, wanted.levels))
            return None
        return str(value.value)
    same = type(wanted) is type(given) and isinstance(wanted, NumberType | BoolType | DateType | DatetimeType)
    if not same and not (kind.kind == "text" and value.type == "text"):
        message = f"{describe(given)} is no value of the {kind.kind} column `{where}`"
        report(htr201_type_mismatch.KIND.at(span, message, help=htr201_type_mismatch.help_for(wanted, given)))
        return None
    if exact and kind.kind in ("int", "decimal") and digits_after_point(value.value) > kind.scale:
        report(htr203_too_fine.too_fine(value, where, kind.scale))
        return None
    return str(value.value).lower() if value.type == "bool" else str(value.value)


def steps(text: str, kind: ColumnType) -> Fraction:
    """A literal of a column in steps: exact, so a number finer than the scale lies between two steps."""
    match kind.kind:
        case "int" | "decimal":
            return Fraction(text) * int(10**kind.scale)
        case "bool":
            return Fraction(int(text == "true"))
        case "category":
            return Fraction(kind.levels.index(text))
        case "date":
            return Fraction(day_number(text))
        case _:
            return Fraction(second_number(text))

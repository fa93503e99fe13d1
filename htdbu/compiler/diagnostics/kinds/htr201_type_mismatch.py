"""HTR201 type-mismatch: operands that do not agree."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.expressions import Expr
from htdbu.compiler.types import (
    BoolType,
    CategoryType,
    DatetimeType,
    DateType,
    NumberType,
    QuotedType,
    Type,
    describe,
)
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR201",
    name="type-mismatch",
    severity="error",
    meaning="Operands that do not agree.",
    why=("Numbers go with numbers, dates with dates, a category with its own levels; nothing is converted silently."),
    failing="""\
table t {
  age : int in 0..120
  job : category { "student", "employed" }
}
hard adult: age >= "18"
""",
    mended="""\
table t {
  age : int in 0..120
  job : category { "student", "employed" }
}
hard adult: age >= 18
""",
)


def disagree(expr: Expr, left: Type, right: Type) -> Diagnostic:
    """Two operands whose types do not go together."""
    message = f"{describe(left)} does not go with {describe(right)}"
    return KIND.at(expr.span or Span("", 0, 0), message, help=_help(left, right))


def _help(left: Type, right: Type) -> str | None:
    kinds = {type(left), type(right)}
    if kinds == {CategoryType}:
        return "two categories are compared only where they have the same levels (in the same order, for `<`)"
    if QuotedType in kinds and NumberType in kinds:
        return "write the number without quotes"
    if QuotedType in kinds and kinds & {DateType, DatetimeType}:
        return "write the date without quotes, as 2024-05-01"
    if kinds == {DateType, DatetimeType}:
        return "a date is not a datetime: write both in one form"
    if BoolType in kinds and QuotedType in kinds:
        return "a bool is `true` or `false`, without quotes"
    return None

"""HTR201 type-mismatch: operands that do not agree."""

from __future__ import annotations

import re
from typing import TypeGuard

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind, Label
from htdbu.compiler.diagnostics.view import View, covers
from htdbu.compiler.expressions import Call, Constant, Expr
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
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

_AT_LEAST = "did you mean `>=`?"
_NO_DATE = "a date is written with all its digits, as 2024-05-01"
_DAY = re.compile(r"\b([0-9]{4})-(1[0-2]|0?[1-9])-(3[01]|[12][0-9]|0?[1-9])\b")
_WITHOUT_QUOTES = {
    "write the number without quotes": re.compile(r"-?[0-9][0-9_]*(?:\.[0-9]+)?%?"),
    "write the date without quotes, as 2024-05-01": re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}(?::[0-9]{2}){2})?"
    ),
    "a bool is `true` or `false`, without quotes": re.compile(r"true|false"),
}


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """Take the quotes off a text that is a number, a date or a truth value without them."""
    day = _DAY.search(view.text(finding.span))
    if finding.help == _NO_DATE and day is not None:
        start = finding.span.start + day.start()
        text = f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}"
        return Fix.replacing(Span(finding.span.file, start, start + len(day[0])), text)
    if finding.help == _AT_LEAST:
        return _at_least(finding, view)
    shape = _WITHOUT_QUOTES.get(finding.help or "")
    texts = view.within(syntax.Text, finding.span)
    if shape is None or len(texts) != 1 or not shape.fullmatch(texts[0].value):
        return None
    return Fix(f"use `{texts[0].value}`", (Edit(texts[0].span, texts[0].value),))


def _at_least(finding: Diagnostic, view: View) -> Fix | None:
    """Put the comparison in place of the implication."""
    whole = view.at(syntax.Binary, finding.span)
    if whole is None:
        return None
    between = Span(finding.span.file, whole.left.span.end, whole.right.span.start)
    if view.text(between).strip(" ()") != "=>":
        return None
    place = between.start + view.text(between).index("=>")
    return Fix.replacing(Span(finding.span.file, place, place + len("=>")), ">=")


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
    fixer=_fixer,
)


def no_conditions(call: Call, what: str) -> Diagnostic:
    """`=>` between two values that can be compared, which are no conditions."""
    return KIND.at(call.span or Span("", 0, 0), f"`=>` takes conditions, but these are {what}", help=_AT_LEAST)


def no_condition(function: str, expr: Expr, said: str, kind: Type) -> Diagnostic:
    """A value where a condition has to stand; behind `and` and `or` something may be left out."""
    help = None
    if function in ("and", "or") and isinstance(kind, NumberType | DateType | DatetimeType | QuotedType):
        help = f"write what is compared again, as in `x == 1 {function} x == 2`, or a set, as in `x in {{ 1, 2 }}`"
    return KIND.at(expr.span or Span("", 0, 0), f"{said} takes conditions, but this is {describe(kind)}", help=help)


def disagree(expr: Expr, left: Type, right: Type) -> Diagnostic:
    """Two operands whose types do not go together."""
    message = f"{describe(left)} does not go with {describe(right)}"
    return KIND.at(
        expr.span or Span("", 0, 0), message, related=_operands(expr, left, right), help=_help(left, right, expr)
    )


def _operands(expr: Expr, left: Type, right: Type) -> tuple[Label, ...]:
    """What each of the two operands is, where both stand in the file."""
    places = [part.span for part in expr.args] if isinstance(expr, Call) else []
    if len(places) != 2 or expr.span is None:
        return ()
    labels = [Label(span, describe(kind)) for span, kind in zip(places, (left, right), strict=True) if span is not None]
    return tuple(labels) if all(covers(expr.span, label.span) for label in labels) else ()


def _help(left: Type, right: Type, expr: Expr) -> str | None:
    kinds = {type(left), type(right)}
    name = _bare_name(expr)
    if name is not None and kinds & {NumberType, DateType, DatetimeType}:
        return f"a text is no number and no date; a name stands without quotes: `{name}`"
    return help_for(left, right)


def help_for(left: Type, right: Type) -> str | None:
    """What to write where a value of one type meets another."""
    kinds = {type(left), type(right)}
    if kinds == {CategoryType}:
        return "two categories are compared only where they have the same levels (in the same order, for `<`)"
    if QuotedType in kinds and NumberType in kinds:
        return "write the number without quotes"
    if QuotedType in kinds and kinds & {DateType, DatetimeType}:
        return "write the date without quotes, as 2024-05-01"
    if kinds == {DateType, DatetimeType}:
        return "a date is not a datetime, as 2024-05-01T00:00:00: write both in one form"
    if NumberType in kinds and kinds & {DateType, DatetimeType}:
        return _NO_DATE
    if BoolType in kinds and NumberType in kinds:
        return "a bool is a condition by itself: write `x` or `not x`"
    if BoolType in kinds and QuotedType in kinds:
        return "a bool is `true` or `false`, without quotes"
    return None


def _bare_name(expr: Expr) -> str | None:
    """What a quoted operand would name without its quotes; None where no operand is such a text."""
    texts = [str(part.value) for part in (expr.args if isinstance(expr, Call) else ()) if _is_text(part)]
    return next((text for text in texts if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text)), None)


def _is_text(expr: Expr) -> TypeGuard[Constant]:
    return isinstance(expr, Constant) and expr.type == "text"

"""`year month day weekday` of a date or datetime, and `days_between`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from htdbu.compiler.expressions import Call
from htdbu.compiler.functions.model import Function
from htdbu.compiler.lowering import arithmetic as exact
from htdbu.compiler.lowering.values import Ratio
from htdbu.compiler.normal import Calendar
from htdbu.compiler.types import BrokenType, DatetimeType, DateType, NullType, NumberType, Type

if TYPE_CHECKING:
    from htdbu.compiler.lowering.lowerer import Lowerer
    from htdbu.compiler.typing import Typer

_MONDAY_OFFSET = 3  # 1970-01-01, day 0, was a Thursday


def _infer_part(typer: Typer, call: Call) -> Type:
    kind = typer.type(call.args[0])
    if isinstance(kind, BrokenType):
        return kind
    if not isinstance(kind, DateType | DatetimeType | NullType):
        return typer.mismatch(call.args[0].span, f"`{call.function}` takes a date, not {typer.describe(kind)}", None)
    return NumberType(0)


def _infer_between(typer: Typer, call: Call) -> Type:
    kinds = [typer.type(arg) for arg in call.args]
    if any(isinstance(kind, BrokenType) for kind in kinds):
        return BrokenType()
    moments = {type(kind) for kind in kinds if not isinstance(kind, NullType)}
    if len(moments) > 1 or not moments <= {DateType, DatetimeType}:
        return typer.disagree(call, *kinds)
    return NumberType(None if DatetimeType in moments else 0)


def _part(lowerer: Lowerer, call: Call) -> Ratio:
    day = exact.floor(lowerer.ratio(call.args[0])).numerator
    match call.function:
        case "year":
            return Ratio(Calendar("year", day))
        case "month":
            return Ratio(Calendar("month", day))
        case "day":
            return Ratio(Calendar("day", day))
    from_monday = exact.add(Ratio(day), exact.constant(Fraction(_MONDAY_OFFSET)))
    return exact.add(
        exact.modulo(from_monday, exact.constant(Fraction(7)), lowerer.bounds), exact.constant(Fraction(1))
    )


def _between(lowerer: Lowerer, call: Call) -> Ratio:
    return exact.subtract(lowerer.ratio(call.args[1]), lowerer.ratio(call.args[0]))


_PARTS = {
    "year": "the year",
    "month": "the month, 1 to 12",
    "day": "the day of the month, 1 to 31",
    "weekday": "1 for Monday to 7 for Sunday",
}

FUNCTIONS = (
    *(Function(name, 1, 1, _infer_part, _part, signature=f"{name}(d)", doc=doc) for name, doc in _PARTS.items()),
    Function("days_between", 2, 2, _infer_between, _between, signature="days_between(a, b)", doc="b - a in days"),
)

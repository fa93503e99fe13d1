"""`+ - * /`, unary minus, `sum`, `abs` and `mod`."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from htdbu.compiler.expressions import Call
from htdbu.compiler.functions.model import Function
from htdbu.compiler.lowering import arithmetic as exact
from htdbu.compiler.types import BrokenType, DatetimeType, DateType, NullType, NumberType, Type

if TYPE_CHECKING:
    from htdbu.compiler.lowering.lowerer import Lowerer
    from htdbu.compiler.lowering.values import Ratio
    from htdbu.compiler.typing import Typer


def _scales(kinds: list[Type]) -> list[int | None]:
    return [kind.scale if isinstance(kind, NumberType) else 0 for kind in kinds]


def _widest(kinds: list[Type]) -> NumberType:
    scales = _scales(kinds)
    return NumberType(None if None in scales else max(s for s in scales if s is not None))


def _infer_numbers(typer: Typer, call: Call) -> Type:
    kinds = typer.numbers(call)
    return BrokenType() if kinds is None else _widest(kinds)


def _infer_add(typer: Typer, call: Call) -> Type:
    left, right = (typer.type(arg) for arg in call.args)
    moments = DateType | DatetimeType
    if isinstance(left, BrokenType) or isinstance(right, BrokenType):
        return BrokenType()
    if isinstance(left, moments) or isinstance(right, moments):
        return _infer_calendar(typer, call, left, right)
    return _infer_numbers(typer, call)


def _infer_calendar(typer: Typer, call: Call, left: Type, right: Type) -> Type:
    """`date - date`, `date + int`, `date - int`, `int + date`, and the same for datetimes."""
    subtract = call.function == "sub"
    if subtract and type(left) is type(right):
        return NumberType(0 if isinstance(left, DateType) else None)
    moment, other = (left, right) if isinstance(left, DateType | DatetimeType) else (right, left)
    shifts = isinstance(other, NumberType | NullType) and not (subtract and moment is right)
    if shifts and isinstance(moment, DateType) and isinstance(other, NumberType) and other.scale != 0:
        return typer.mismatch(call.span, "a date moves by whole days", "wrap the number in `round(…)` or `floor(…)`")
    return moment if shifts else typer.disagree(call, left, right)


def _infer_mul(typer: Typer, call: Call) -> Type:
    kinds = typer.numbers(call)
    if kinds is None:
        return BrokenType()
    scales = _scales(kinds)
    return NumberType(None if None in scales else sum(s for s in scales if s is not None))


def _infer_div(typer: Typer, call: Call) -> Type:
    return BrokenType() if typer.numbers(call) is None else NumberType(None)


def _ratios(lowerer: Lowerer, call: Call) -> list[Ratio]:
    return [lowerer.ratio(arg) for arg in call.args]


FUNCTIONS = (
    Function("add", 2, 2, _infer_add, lambda low, call: exact.add(*_ratios(low, call)), written=False),
    Function("sub", 2, 2, _infer_add, lambda low, call: exact.subtract(*_ratios(low, call)), written=False),
    Function("mul", 2, 2, _infer_mul, lambda low, call: exact.multiply(*_ratios(low, call)), written=False),
    Function("div", 2, 2, _infer_div, lambda low, call: low.divide(call), written=False),
    Function("neg", 1, 1, _infer_numbers, lambda low, call: exact.negate(*_ratios(low, call)), written=False),
    Function(
        "sum",
        1,
        None,
        _infer_numbers,
        lambda low, call: reduce(exact.add, _ratios(low, call)),
        signature="sum(x, …)",
        doc="the sum",
    ),
    Function(
        "abs",
        1,
        1,
        _infer_numbers,
        lambda low, call: exact.absolute(*_ratios(low, call)),
        signature="abs(x)",
        doc="the number without its sign",
    ),
    Function(
        "mod",
        2,
        2,
        _infer_numbers,
        lambda low, call: low.modulo(call),
        signature="mod(x, y)",
        doc="the remainder of x / y, with the sign of y",
    ),
)

"""`round`, `floor`, `ceil`, `min` and `max`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htdbu.compiler.expressions import Call, Constant
from htdbu.compiler.functions.model import Function
from htdbu.compiler.lowering import arithmetic as exact
from htdbu.compiler.types import BrokenType, CategoryType, NumberType, QuotedType, TextType, Type, join_all

if TYPE_CHECKING:
    from htdbu.compiler.lowering.lowerer import Lowerer
    from htdbu.compiler.lowering.values import Ratio
    from htdbu.compiler.typing import Typer


def _digits(call: Call) -> int | None:
    """The second argument of `round` where it is a whole literal; None where it is anything else."""
    if len(call.args) == 1:
        return 0
    argument, sign = call.args[1], 1
    if isinstance(argument, Call) and argument.function == "neg":
        argument, sign = argument.args[0], -1
    whole = isinstance(argument, Constant) and argument.type == "number" and str(argument.value).lstrip("-").isdigit()
    return sign * int(str(argument.value)) if whole and isinstance(argument, Constant) else None


def _infer_round(typer: Typer, call: Call) -> Type:
    if typer.numbers(call) is None:
        return BrokenType()
    digits = _digits(call)
    if digits is None or abs(digits) > 18:
        return typer.arity(call, "the digits of `round` are a whole number from -18 to 18")
    return NumberType(max(digits, 0))


def _infer_whole(typer: Typer, call: Call) -> Type:
    return BrokenType() if typer.numbers(call) is None else NumberType(0)


def _infer_extreme(typer: Typer, call: Call) -> Type:
    kinds = [typer.type(arg) for arg in call.args]
    joined = join_all(kinds)
    if joined is None:
        return typer.disagree(call, *kinds)
    if isinstance(joined, BrokenType):
        return joined
    if isinstance(joined, CategoryType | TextType | QuotedType) or not typer.has_order(joined):
        return typer.mismatch(call.span, f"`{call.function}` takes numbers or dates", None)
    return joined


def _ratio(lowerer: Lowerer, call: Call) -> Ratio:
    return lowerer.ratio(call.args[0])


def _extreme(lowerer: Lowerer, call: Call) -> Ratio:
    return exact.extreme(call.function, [lowerer.ratio(arg) for arg in call.args])


FUNCTIONS = (
    Function(
        "round",
        1,
        2,
        _infer_round,
        lambda low, call: exact.rounded(_ratio(low, call), _digits(call) or 0),
        signature="round(x, digits)",
        doc="x with so many digits after the point (0 by default), halves to even",
    ),
    Function(
        "floor",
        1,
        1,
        _infer_whole,
        lambda low, call: exact.floor(_ratio(low, call)),
        signature="floor(x)",
        doc="the greatest whole number that is not above x",
    ),
    Function(
        "ceil",
        1,
        1,
        _infer_whole,
        lambda low, call: exact.ceiling(_ratio(low, call)),
        signature="ceil(x)",
        doc="the smallest whole number that is not below x",
    ),
    Function(
        "min", 1, None, _infer_extreme, _extreme, signature="min(x, …)", doc="the smallest number or the earliest date"
    ),
    Function(
        "max", 1, None, _infer_extreme, _extreme, signature="max(x, …)", doc="the greatest number or the latest date"
    ),
)

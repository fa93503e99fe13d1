"""`is null` and `coalesce`."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from htdbu.compiler.expressions import Call
from htdbu.compiler.functions.model import Function
from htdbu.compiler.lowering.build import indicator, negated, truth_of
from htdbu.compiler.lowering.choice import either, known
from htdbu.compiler.lowering.values import Code, Condition, Ratio, Value, common
from htdbu.compiler.normal import Coalesce, Int, IsNull
from htdbu.compiler.types import BoolType, BrokenType, Type, join_all

if TYPE_CHECKING:
    from htdbu.compiler.lowering.lowerer import Lowerer
    from htdbu.compiler.typing import Typer


def _infer_is_null(typer: Typer, call: Call) -> Type:
    if not isinstance(typer.type(call.args[0]), BrokenType):
        typer.may_be_null(call)
    return BoolType()


def _infer_coalesce(typer: Typer, call: Call) -> Type:
    kinds = [typer.type(arg) for arg in call.args]
    joined = join_all(kinds)
    if joined is None:
        return typer.disagree(call, *kinds)
    for arg in call.args:
        typer.bind(arg, joined)
    return joined


def _is_null(lowerer: Lowerer, call: Call) -> Condition:
    value = lowerer.value(call.args[0])
    match value:
        case Condition(node=node):
            return Condition(IsNull(node))
        case Code(term=term):
            return Condition(IsNull(term))
        case Ratio():
            return Condition(negated(known(value)))


def _coalesce(lowerer: Lowerer, call: Call) -> Value:
    values = lowerer.together(call.args, lowerer.expected.get(id(call)))
    if all(isinstance(value, Condition) for value in values):
        terms = [indicator(value.node) for value in values if isinstance(value, Condition)]
        return Condition(truth_of(_first(terms)))
    if all(isinstance(value, Code) for value in values):
        codes = [value for value in values if isinstance(value, Code)]
        return Code(_first([code.term for code in codes]), codes[0].levels)
    return _first_ratio([value for value in values if isinstance(value, Ratio)])


def _first(terms: list[Int]) -> Int:
    return terms[0] if len(terms) == 1 else Coalesce(tuple(terms))


def _first_ratio(values: list[Ratio]) -> Ratio:
    if all(value.divisor is None for value in values):
        shared = common(values)
        return Ratio(_first([value.numerator for value in shared]), shared[0].scale)
    return reduce(lambda later, value: either(known(value), value, later), reversed(values[:-1]), values[-1])


FUNCTIONS = (
    Function("is_null", 1, 1, _infer_is_null, _is_null, written=False),
    Function(
        "coalesce",
        1,
        None,
        _infer_coalesce,
        _coalesce,
        signature="coalesce(x, …)",
        doc="the first argument that is known",
    ),
)

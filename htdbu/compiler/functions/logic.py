"""`and or not => <=>`, `all`, `any` and `count`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htdbu.compiler.expressions import Call
from htdbu.compiler.functions.model import Function
from htdbu.compiler.lowering.build import conjunction, disjunction, negated
from htdbu.compiler.lowering.values import Condition, Ratio, Value
from htdbu.compiler.normal import Bool, Count, Iff
from htdbu.compiler.types import BoolType, BrokenType, NumberType, Type

if TYPE_CHECKING:
    from htdbu.compiler.lowering.lowerer import Lowerer
    from htdbu.compiler.typing import Typer


def _infer(typer: Typer, call: Call) -> Type:
    typer.conditions(call)
    return BoolType()


def _infer_count(typer: Typer, call: Call) -> Type:
    return NumberType(0) if typer.conditions(call) else BrokenType()


def _nodes(lowerer: Lowerer, call: Call) -> list[Bool]:
    return [lowerer.condition(arg) for arg in call.args]


def _lower(lowerer: Lowerer, call: Call) -> Value:
    nodes = _nodes(lowerer, call)
    match call.function:
        case "and" | "all":
            return Condition(conjunction(nodes))
        case "or" | "any":
            return Condition(disjunction(nodes))
        case "not":
            return Condition(negated(nodes[0]))
        case "implies":
            return Condition(disjunction((negated(nodes[0]), nodes[1])))
        case "iff":
            return Condition(Iff(nodes[0], nodes[1]))
        case _:
            return Ratio(Count(tuple(nodes)))


FUNCTIONS = (
    Function("and", 2, None, _infer, _lower, written=False),
    Function("or", 2, None, _infer, _lower, written=False),
    Function("not", 1, 1, _infer, _lower, written=False),
    Function("implies", 2, 2, _infer, _lower, written=False),
    Function("iff", 2, 2, _infer, _lower, written=False),
    Function("all", 1, None, _infer, _lower, signature="all(c, …)", doc="whether every condition is true"),
    Function("any", 1, None, _infer, _lower, signature="any(c, …)", doc="whether some condition is true"),
    Function("count", 1, None, _infer_count, _lower, signature="count(c, …)", doc="how many conditions are true"),
)

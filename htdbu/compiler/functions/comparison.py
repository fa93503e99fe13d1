"""`== != < <= > >=` and `in` a set of literals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htdbu.compiler.expressions import Call, Constant
from htdbu.compiler.functions.model import Function
from htdbu.compiler.lowering import arithmetic as exact
from htdbu.compiler.lowering.build import disjunction, linear, negated, within
from htdbu.compiler.lowering.choice import aligned
from htdbu.compiler.lowering.values import Code, Condition, Ratio
from htdbu.compiler.normal import Bool, Iff, Int, Intervals, Truth, Within
from htdbu.compiler.types import (
    BoolType,
    BrokenType,
    CategoryType,
    NullType,
    NumberType,
    QuotedType,
    TextType,
    Type,
    join,
)

if TYPE_CHECKING:
    from htdbu.compiler.lowering.lowerer import Lowerer
    from htdbu.compiler.typing import Typer

_REGIONS: dict[str, Intervals] = {
    "eq": ((0, 0),),
    "lt": ((None, -1),),
    "le": ((None, 0),),
    "gt": ((1, None),),
    "ge": ((0, None),),
}


def _infer_compare(typer: Typer, call: Call) -> Type:
    left, right = (typer.type(arg) for arg in call.args)
    joined = join(left, right)
    if isinstance(joined, BrokenType):
        return BoolType()
    if joined is None:
        typer.disagree(call, left, right)
        return BoolType()
    for arg in call.args:
        typer.bind(arg, joined)
    if call.function in ("eq", "ne"):
        typer.representable(call)
    elif isinstance(joined, CategoryType) and not joined.ordered:
        typer.unordered(call)
    elif isinstance(joined, TextType | QuotedType | BoolType):
        kind = "conditions have" if isinstance(joined, BoolType) else "texts have"
        typer.mismatch(call.span, f"{kind} no order", "compare with `==`, `!=` or `in`")
    return BoolType()


def _infer_in(typer: Typer, call: Call) -> Type:
    kind = typer.type(call.args[0])
    for item in call.args[1:]:
        joined = join(kind, typer.type(item))
        if joined is None:
            typer.disagree(Call(function="eq", args=(call.args[0], item), span=item.span), kind, typer.type(item))
        elif not isinstance(joined, BrokenType):
            typer.bind(item, joined)
    if isinstance(kind, NumberType):
        typer.representable(call)
    return BoolType()


def _compare(lowerer: Lowerer, call: Call) -> Condition:
    function = "eq" if call.function == "ne" else call.function
    node = _compared(lowerer, call, function)
    return Condition(negated(node) if call.function == "ne" else node)


def _compared(lowerer: Lowerer, call: Call, function: str) -> Bool:
    left, right = lowerer.pair(*call.args)
    if isinstance(left, Condition) and isinstance(right, Condition):
        return Iff(left.node, right.node)
    if isinstance(left, Code) and isinstance(right, Code):
        difference = linear(((1, left.term), (-1, aligned(right, left.levels).term)))
    else:
        assert isinstance(left, Ratio) and isinstance(right, Ratio)
        difference = _sign_term(exact.subtract(left, right))
    lowerer.guard(difference, call)
    return within(difference, _REGIONS[function])


def _sign_term(value: Ratio) -> Int:
    """A term with the sign of a number, unknown wherever the number is, its divisor's unknowns included."""
    if value.divisor is None:
        return value.numerator
    return linear(((1, value.numerator), (0, value.divisor)))


def _in(lowerer: Lowerer, call: Call) -> Condition:
    item, items = call.args[0], call.args[1:]
    if isinstance(lowerer.typer.type(item), NullType):
        return Condition(Truth(None))
    value = lowerer.value(item)
    if isinstance(value, Condition):
        others = [lowerer.pair(item, other)[1] for other in items]
        return Condition(disjunction(Iff(value.node, other.node) for other in others if isinstance(other, Condition)))
    if isinstance(value, Code):
        codes = [lowerer.code(other, value.levels).term for other in items]
        return Condition(merge_atoms([within(linear(((1, value.term), (-1, code))), ((0, 0),)) for code in codes]))
    known = [other for other in items if isinstance(other, Constant)]
    numerators = [_sign_term(exact.subtract(value, lowerer.ratio(other))) for other in known]
    for numerator in numerators:
        lowerer.guard(numerator, call)
    return Condition(merge_atoms([within(numerator, ((0, 0),)) for numerator in numerators]))


def merge_atoms(atoms: list[Bool]) -> Bool:
    """A disjunction in which atoms over one term have become one atom over the union of their intervals."""
    unions: dict[Int, list[tuple[int | None, int | None]]] = {}
    rest: list[Bool] = []
    for atom in atoms:
        if isinstance(atom, Within):
            unions.setdefault(atom.term, []).extend(atom.intervals)
        else:
            rest.append(atom)
    merged = [within(term, intervals) for term, intervals in unions.items()]
    return disjunction([*merged, *rest])


FUNCTIONS = (
    *(Function(name, 2, 2, _infer_compare, _compare, written=False) for name in ("eq", "ne", "lt", "le", "gt", "ge")),
    Function("in", 1, None, _infer_in, _in, written=False),
)

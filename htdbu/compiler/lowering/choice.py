"""Choosing between values of one kind, each keeping its own unknowns."""

from __future__ import annotations

from htdbu.compiler.lowering.build import choose, conjunction, indicator, negated, truth_of
from htdbu.compiler.lowering.values import Code, Condition, Ratio, Value, common
from htdbu.compiler.normal import Bool, Const, IsNull, Table


def known(value: Ratio) -> Bool:
    """Whether a number is known: its numerator is, and its divisor where it has one."""
    parts = [value.numerator] if value.divisor is None else [value.numerator, value.divisor]
    return conjunction(negated(IsNull(part)) for part in parts)


def either(condition: Bool, then: Ratio, otherwise: Ratio) -> Ratio:
    """`then` where the condition holds, else `otherwise`; each keeps its own divisor, lest an unknown one spread."""
    a, b = _same_scale(then, otherwise)
    numerator = choose(condition, a.numerator, b.numerator)
    if a.divisor is None and b.divisor is None:
        return Ratio(numerator, a.scale)
    return Ratio(numerator, a.scale, choose(condition, a.divisor or Const(1), b.divisor or Const(1)))


def _same_scale(left: Ratio, right: Ratio) -> tuple[Ratio, Ratio]:
    a, b = common((Ratio(left.numerator, left.scale), Ratio(right.numerator, right.scale)))
    return Ratio(a.numerator, a.scale, left.divisor), Ratio(b.numerator, b.scale, right.divisor)


def select(condition: Bool, then: Value, otherwise: Value) -> Value:
    """`then` where the condition holds, else `otherwise`, for values of one kind."""
    if isinstance(then, Condition) and isinstance(otherwise, Condition):
        return Condition(truth_of(choose(condition, indicator(then.node), indicator(otherwise.node))))
    if isinstance(then, Code) and isinstance(otherwise, Code):
        return Code(choose(condition, then.term, aligned(otherwise, then.levels).term), then.levels)
    assert isinstance(then, Ratio) and isinstance(otherwise, Ratio)
    return either(condition, then, otherwise)


def aligned(code: Code, levels: tuple[str, ...] | None) -> Code:
    """The same level, numbered as in `levels`."""
    if code.levels is None or levels is None or code.levels == levels:
        return code
    positions: dict[tuple[int, ...], int] = {(i,): levels.index(level) for i, level in enumerate(code.levels)}
    return Code(Table((code.term,), positions), levels)

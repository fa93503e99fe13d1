"""Small constructors of sqlglot expressions that put brackets where they are needed and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

from sqlglot import exp

Sql = Any
"""A sqlglot expression."""

_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg)
_OPPOSITES = (
    (exp.LT, exp.GTE),
    (exp.GTE, exp.LT),
    (exp.GT, exp.LTE),
    (exp.LTE, exp.GT),
    (exp.EQ, exp.NEQ),
    (exp.NEQ, exp.EQ),
)
_ATOMS = (exp.Column, exp.Literal, exp.Paren, exp.Func, exp.Case, exp.Boolean, exp.Null, exp.Cast)


class InexpressibleError(Exception):
    """What cannot be said in a dialect; the message says why."""


def column(name: str) -> Sql:
    """A column; quoted in every dialect, lest its name be a word of the dialect's own."""
    return exp.column(exp.to_identifier(name, quoted=True))


def number(value: Fraction | int) -> Sql:
    """An exact number without exponent."""
    fraction = Fraction(value)
    digits = 0
    while (fraction * 10**digits).denominator != 1:
        digits += 1
        if digits > 40:
            raise InexpressibleError(f"{value} has no end as a decimal")
    whole = str(abs(int(fraction * 10**digits))).rjust(digits + 1, "0")
    text = whole if not digits else f"{whole[:-digits]}.{whole[-digits:]}"
    literal = exp.Literal.number(text)
    return exp.Neg(this=literal) if fraction < 0 else literal


def text(value: str) -> Sql:
    """A quoted text."""
    return exp.Literal.string(value)


def function(name: str, *args: Sql) -> Sql:
    """A function by the very name that the dialect has for it."""
    return exp.Anonymous(this=name, expressions=list(args))


def atom(expression: Sql) -> Sql:
    """The expression, in brackets unless it is one piece."""
    return expression if is_atom(expression) else exp.Paren(this=expression)


def is_atom(expression: Sql) -> bool:
    """Whether an expression is one piece (sqlglot takes `and` and `or` for functions, which they are not here)."""
    return isinstance(expression, _ATOMS) and not isinstance(expression, exp.Connector)


def arithmetic(kind: Any, left: Sql, right: Sql) -> Sql:
    """`left op right`; a sum keeps its left part and products without brackets."""
    additive = kind in (exp.Add, exp.Sub)
    bare_left = (exp.Add, exp.Sub, exp.Mul) if additive else (exp.Mul,) if kind is exp.Mul else ()
    bare_right = (exp.Mul,) if additive else ()
    a = left if isinstance(left, bare_left) else atom(left)
    b = right if isinstance(right, bare_right) else atom(right)
    return kind(this=a, expression=b)


def times(factor: Fraction | int, value: Sql) -> Sql:
    """`factor * value`, without a factor of 1."""
    if factor == 1:
        return value
    if isinstance(value, exp.Literal) and not value.is_string:
        return number(Fraction(factor) * Fraction(str(value.this)))
    return arithmetic(exp.Mul, number(factor), value)


def total(parts: Sequence[Sql]) -> Sql:
    """The sum of expressions; 0 for none. A part that begins with a minus is subtracted."""
    if not parts:
        return number(0)

    def add(left: Sql, right: Sql) -> Sql:
        if isinstance(right, exp.Neg):
            inner = right.this
            bare = isinstance(inner, exp.Paren) and isinstance(inner.this, exp.Mul)
            return arithmetic(exp.Sub, left, inner.this if bare else inner)
        return arithmetic(exp.Add, left, right)

    return reduce(add, parts)


def compare(kind: Any, left: Sql, right: Sql) -> Sql:
    """A comparison of two values."""
    sides = [side if isinstance(side, _ARITHMETIC) else atom(side) for side in (left, right)]
    return kind(this=sides[0], expression=sides[1])


def between(value: Sql, low: Sql, high: Sql) -> Sql:
    """Both ends included."""
    return exp.Between(this=value if isinstance(value, _ARITHMETIC) else atom(value), low=low, high=high)


def one_of(value: Sql, items: Sequence[Sql]) -> Sql:
    """Whether a value is one of several."""
    if len(items) == 1:
        return compare(exp.EQ, value, items[0])
    return exp.In(this=atom(value), expressions=list(items))


def connect(kind: Any, conditions: Iterable[Sql]) -> Sql:
    """`and` or `or` of at least one condition."""
    return reduce(lambda left, right: kind(this=_inside(kind, left), expression=_inside(kind, right)), conditions)


def _inside(kind: Any, condition: Sql) -> Sql:
    other = exp.Or if kind is exp.And else exp.And
    return exp.Paren(this=condition) if isinstance(condition, other) else condition


def negate(condition: Sql) -> Sql:
    """Kleene negation; a comparison is turned round, which is the same where a side is null."""
    for kind, opposite in _OPPOSITES:
        if type(condition) is kind:
            return opposite(this=condition.this, expression=condition.expression)
    if isinstance(condition, exp.Not):
        inner = condition.this
        return inner.this if isinstance(inner, exp.Paren) else inner
    if isinstance(condition, exp.Paren):
        return negate(condition.this)
    bare = is_atom(condition) or isinstance(condition, exp.In | exp.Between | exp.Is)
    return exp.Not(this=condition if bare else exp.Paren(this=condition))


def is_null(value: Sql) -> Sql:
    """Whether a value is null."""
    return exp.Is(this=atom(value), expression=exp.null())


def case(branches: Sequence[tuple[Sql, Sql]], otherwise: Sql | None = None) -> Sql:
    """The value of the first branch whose condition is true; null where there is none and no other value."""
    return exp.Case(ifs=[exp.If(this=condition, true=value) for condition, value in branches], default=otherwise)

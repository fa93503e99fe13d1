"""Exact arithmetic of `Ratio`s over integer terms: pure functions, one an operation."""

from __future__ import annotations

from fractions import Fraction

from htdbu.compiler.bounds import Bounds
from htdbu.compiler.lowering.build import choose, linear, product, within
from htdbu.compiler.lowering.values import Ratio, common, denominator
from htdbu.compiler.normal import Abs, Const, Extreme, FloorDiv, Int, RoundDiv


def constant(value: Fraction) -> Ratio:
    """A fixed number."""
    return Ratio(Const(value.numerator), value.denominator)


def add(left: Ratio, right: Ratio) -> Ratio:
    """`left + right`."""
    a, b = common((left, right))
    return Ratio(linear(((1, a.numerator), (1, b.numerator))), a.scale, a.divisor)


def subtract(left: Ratio, right: Ratio) -> Ratio:
    """`left - right`."""
    return add(left, negate(right))


def negate(value: Ratio) -> Ratio:
    """`-value`."""
    return Ratio(linear(((-1, value.numerator),)), value.scale, value.divisor)


def multiply(left: Ratio, right: Ratio) -> Ratio:
    """`left * right`."""
    divisors = [d for d in (left.divisor, right.divisor) if d is not None]
    divisor = None if not divisors else divisors[0] if len(divisors) == 1 else product(*divisors)
    return Ratio(product(left.numerator, right.numerator), left.scale * right.scale, divisor)


def divide(left: Ratio, right: Ratio, bounds: Bounds) -> Ratio:
    """`left / right`, where the right side is never 0; its sign moves into the numerator."""
    over = right.numerator
    numerator = linear(((right.scale, left.numerator),))
    if right.divisor is not None:
        numerator = product(numerator, right.divisor)
    low, high = bounds.range(over)
    if low < 0 < high:
        numerator = product(numerator, choose(within(over, ((None, -1),)), Const(-1), Const(1)))
        over = Abs(over)
    elif low < 0:
        numerator, over = linear(((-1, numerator),)), linear(((-1, over),))
    if isinstance(over, Const) and over.value is not None:
        return Ratio(numerator, left.scale * over.value, left.divisor)
    return Ratio(numerator, left.scale, over if left.divisor is None else product(left.divisor, over))


def absolute(value: Ratio) -> Ratio:
    """`|value|`."""
    numerator = value.numerator
    known = isinstance(numerator, Const) and numerator.value is not None
    shrunk: Int = Const(abs(numerator.value)) if known else Abs(numerator)  # type: ignore[union-attr, arg-type]
    return Ratio(shrunk, value.scale, value.divisor)


def floor(value: Ratio) -> Ratio:
    """The greatest integer not above the number."""
    if value.scale == 1 and value.divisor is None:
        return value
    if isinstance(value.numerator, Const) and value.numerator.value is not None and value.divisor is None:
        return Ratio(Const(value.numerator.value // value.scale))
    return Ratio(FloorDiv(value.numerator, denominator(value)))


def ceiling(value: Ratio) -> Ratio:
    """The least integer not below the number."""
    return negate(floor(negate(value)))


def rounded(value: Ratio, digits: int) -> Ratio:
    """The number to so many digits after the point, halves to even (negative digits round before it)."""
    up, down = (10**digits, 1) if digits >= 0 else (1, 10**-digits)
    return Ratio(linear(((down, steps(value, Fraction(down, up))),)), up)


def steps(value: Ratio, step: Fraction) -> Int:
    """`value / step` rounded to the nearest integer, halves to even."""
    factor = Fraction(step.denominator, value.scale * step.numerator)
    numerator = linear(((factor.numerator, value.numerator),))
    if value.divisor is None and factor.denominator == 1:
        return numerator
    if isinstance(numerator, Const) and numerator.value is not None and value.divisor is None:
        return Const(round(Fraction(numerator.value, factor.denominator)))
    return RoundDiv(numerator, denominator(Ratio(numerator, factor.denominator, value.divisor)))


def modulo(left: Ratio, right: Ratio, bounds: Bounds) -> Ratio:
    """`left - right * floor(left / right)`: the remainder with the divisor's sign."""
    return subtract(left, multiply(right, floor(divide(left, right, bounds))))


def extreme(which: str, values: list[Ratio]) -> Ratio:
    """The least or greatest of several numbers."""
    shared = common(values)
    args = tuple(value.numerator for value in shared)
    term = args[0] if len(args) == 1 else Extreme("min" if which == "min" else "max", args)
    return Ratio(term, shared[0].scale, shared[0].divisor)

"""The values of expressions as z3 terms: exact numbers, texts as codes, conditions as Kleene pairs, and null."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import ceil, floor, lcm

import z3

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)
MOST_VALUES = 2_000
"""A product, a quotient or a part of a date is split into at most so many cases."""


@dataclass(frozen=True)
class Number:
    """The number `term / scale` where `known`; the integer term lies in `low..high`. A date is its ordinal."""

    term: z3.ArithRef
    scale: int
    low: int
    high: int
    known: z3.BoolRef = TRUE


@dataclass(frozen=True)
class Text:
    """A text by its code in the program; `levels` are those of its column, None for a literal."""

    code: z3.ArithRef
    levels: tuple[str, ...] | None
    known: z3.BoolRef = TRUE


@dataclass(frozen=True)
class Condition:
    """Kleene's pair; unknown where it is neither true nor false."""

    true: z3.BoolRef
    false: z3.BoolRef

    @property
    def known(self) -> z3.BoolRef:
        return either(self.true, self.false)


@dataclass(frozen=True)
class Null:
    """The literal `null`, of any type."""

    known: z3.BoolRef = FALSE


Value = Number | Text | Condition | Null


def both(*parts: z3.BoolRef) -> z3.BoolRef:
    """A conjunction without the parts that are plainly true."""
    rest = [part for part in parts if not z3.is_true(part)]
    return TRUE if not rest else rest[0] if len(rest) == 1 else z3.And(rest)


def either(*parts: z3.BoolRef) -> z3.BoolRef:
    """A disjunction without the parts that are plainly false."""
    rest = [part for part in parts if not z3.is_false(part)]
    return FALSE if not rest else rest[0] if len(rest) == 1 else z3.Or(rest)


def number(value: Fraction | int) -> Number:
    """A known number."""
    exact = Fraction(value)
    return Number(z3.IntVal(exact.numerator), exact.denominator, exact.numerator, exact.numerator)


def times(value: Number, factor: Fraction | int) -> Number:
    """A number times a constant."""
    exact = Fraction(factor)
    ends = sorted((value.low * exact.numerator, value.high * exact.numerator))
    term = value.term if exact.numerator == 1 else value.term * exact.numerator
    return Number(term, value.scale * exact.denominator, ends[0], ends[1], value.known)


def scaled(value: Number, scale: int) -> Number:
    """The same number at a multiple of its scale."""
    up = scale // value.scale
    term = value.term if up == 1 else value.term * up
    return Number(term, scale, value.low * up, value.high * up, value.known)


def common(*values: Number) -> list[Number]:
    """The same numbers at one scale."""
    scale = lcm(*(value.scale for value in values))
    return [scaled(value, scale) for value in values]


def add(left: Number, right: Number) -> Number:
    a, b = common(left, right)
    return Number(a.term + b.term, a.scale, a.low + b.low, a.high + b.high, both(a.known, b.known))


def by_value(value: Number, make: Callable[[int], z3.ExprRef], skip: tuple[int, ...] = ()) -> z3.ExprRef:
    """A term that depends on each integer that a number's term may be."""
    if value.high - value.low > MOST_VALUES:
        raise NotImplementedError("too many values to tell apart")
    cases = [i for i in range(value.low, value.high + 1) if i not in skip]
    return reduce(lambda rest, i: z3.If(value.term == i, make(i), rest), cases[:-1], make(cases[-1]))


def multiply(left: Number, right: Number) -> Number:
    few, many = sorted((left, right), key=lambda value: value.high - value.low)
    ends = [a * b for a in (few.low, few.high) for b in (many.low, many.high)]
    term = by_value(few, lambda i: many.term * i)
    return Number(term, few.scale * many.scale, min(ends), max(ends), both(few.known, many.known))


def divide(left: Number, right: Number) -> Number:
    """An exact quotient; unknown where the divisor is 0."""
    divisors = [i for i in range(right.low, right.high + 1) if i != 0]
    whole = lcm(*divisors)
    factors = [right.scale * whole // i for i in divisors]
    ends = [end * factor for end in (left.low, left.high) for factor in factors]
    term = by_value(right, lambda i: left.term * (right.scale * whole // i), skip=(0,))
    possible = both(left.known, right.known, TRUE if len(divisors) > right.high - right.low else right.term != 0)
    return Number(term, left.scale * whole, min(ends), max(ends), possible)


def whole(value: Number) -> Number:
    """The greatest integer that is not above a number (z3's division by a positive integer rounds down)."""
    if value.scale == 1:
        return value
    return Number(
        value.term / value.scale,
        1,
        floor(Fraction(value.low, value.scale)),
        floor(Fraction(value.high, value.scale)),
        value.known,
    )


def modulo(left: Number, right: Number) -> Number:
    """The remainder with the divisor's sign: x - y * floor(x / y)."""
    return add(left, times(multiply(right, whole(divide(left, right))), -1))


def rounded(value: Number, digits: int) -> Number:
    """Rounded to so many digits after the point, halves to even."""
    unit = Fraction(1, 10**digits)
    steps = times(value, 1 / unit)
    if steps.scale == 1:
        return times(steps, unit)
    down = whole(steps)
    twice = 2 * (steps.term - down.term * steps.scale)
    up = z3.Or(twice > steps.scale, z3.And(twice == steps.scale, down.term % 2 == 1))
    most = ceil(Fraction(value.high, value.scale) / unit)
    return times(Number(down.term + z3.If(up, 1, 0), 1, down.low, most, value.known), unit)


def choose(condition: Condition, yes: Value, no: Value) -> Value:
    """`yes` where true, `no` where false, unknown where unknown."""
    picked = pick(condition.true, yes, no)
    if isinstance(picked, Condition | Null):
        return picked if isinstance(picked, Null) else _under(condition.known, picked)
    known = either(both(condition.true, yes.known), both(condition.false, no.known))
    return _with_known(picked, known)


def pick(test: z3.BoolRef, yes: Value, no: Value) -> Value:
    """`yes` where a two-valued test holds, else `no`."""
    yes, no = like(yes, no), like(no, yes)
    known = either(both(test, yes.known), both(z3.Not(test), no.known))
    if isinstance(yes, Condition) and isinstance(no, Condition):
        return Condition(z3.If(test, yes.true, no.true), z3.If(test, yes.false, no.false))
    if isinstance(yes, Number) and isinstance(no, Number):
        a, b = common(yes, no)
        return Number(z3.If(test, a.term, b.term), a.scale, min(a.low, b.low), max(a.high, b.high), known)
    if isinstance(yes, Text) and isinstance(no, Text):
        return Text(z3.If(test, yes.code, no.code), yes.levels or no.levels, known)
    return Null()


def like(value: Value, model: Value) -> Value:
    """A null as an unknown value of the other's type."""
    if not isinstance(value, Null):
        return value
    match model:
        case Number():
            return Number(model.term, model.scale, model.low, model.high, FALSE)
        case Text():
            return Text(model.code, model.levels, FALSE)
        case Condition():
            return Condition(FALSE, FALSE)
    return value


def _under(known: z3.BoolRef, value: Condition) -> Condition:
    return Condition(both(known, value.true), both(known, value.false))


def _with_known(value: Value, known: z3.BoolRef) -> Value:
    if isinstance(value, Number):
        return Number(value.term, value.scale, value.low, value.high, known)
    assert isinstance(value, Text)
    return Text(value.code, value.levels, known)


def extreme(left: Number, right: Number, largest: bool) -> Number:
    """The larger or the smaller of two numbers; unknown where one is."""
    a, b = common(left, right)
    best = max if largest else min
    term = z3.If(a.term >= b.term if largest else a.term <= b.term, a.term, b.term)
    return Number(term, a.scale, best(a.low, b.low), best(a.high, b.high), both(a.known, b.known))


def decided(known: z3.BoolRef, truth: z3.BoolRef) -> Condition:
    """A two-valued truth where known."""
    return Condition(both(known, truth), both(known, z3.Not(truth)))


def equal(left: Value, right: Value) -> Condition:
    """`==`; unknown where a side is."""
    known = both(left.known, right.known)
    if isinstance(left, Condition) and isinstance(right, Condition):
        same = either(both(left.true, right.true), both(left.false, right.false))
        return Condition(same, either(both(left.true, right.false), both(left.false, right.true)))
    if isinstance(left, Text) and isinstance(right, Text):
        return decided(known, left.code == right.code)
    if isinstance(left, Number) and isinstance(right, Number):
        a, b = common(left, right)
        return decided(known, a.term == b.term)
    return Condition(FALSE, FALSE)

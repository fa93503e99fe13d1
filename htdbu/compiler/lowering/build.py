"""Smart constructors of the normal form: they fold constants, flatten sums, shrink atoms, and lose no unknown."""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd

from htdbu.compiler.normal import (
    And,
    Bool,
    Choose,
    Const,
    Indicator,
    Int,
    Intervals,
    Linear,
    Not,
    Or,
    Product,
    Truth,
    Within,
)

Term = tuple[int, Int]


def linear(terms: Iterable[Term], constant: int = 0) -> Int:
    """`sum(coefficient * term) + constant`, flattened and with equal terms merged.

    A term whose coefficient becomes 0 stays, since the sum is still unknown where that term is.
    """
    merged: dict[Int, int] = {}
    for coefficient, term in terms:
        if isinstance(term, Const):
            if term.value is None:
                return term
            constant += coefficient * term.value
            continue
        inner = term.terms if isinstance(term, Linear) else ((1, term),)
        constant += coefficient * term.constant if isinstance(term, Linear) else 0
        for factor, leaf in inner:
            merged[leaf] = merged.get(leaf, 0) + coefficient * factor
    if not merged:
        return Const(constant)
    pairs = tuple((coefficient, leaf) for leaf, coefficient in merged.items())
    return pairs[0][1] if constant == 0 and len(pairs) == 1 and pairs[0][0] == 1 else Linear(pairs, constant)


def product(left: Int, right: Int) -> Int:
    """The product, linear where one side is a constant."""
    for constant, other in ((left, right), (right, left)):
        if isinstance(constant, Const):
            return constant if constant.value is None else linear(((constant.value, other),))
    return Product(left, right)


def normalised(intervals: Iterable[tuple[int | None, int | None]]) -> Intervals:
    """Disjoint ascending intervals with the same integers; touching ones are joined, empty ones dropped."""
    low, high = float("-inf"), float("inf")
    kept = [(low if a is None else a, high if b is None else b) for a, b in intervals]
    merged: list[tuple[float, float]] = []
    for a, b in sorted(pair for pair in kept if pair[0] <= pair[1]):
        if merged and a <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], b))
        else:
            merged.append((a, b))
    return tuple((None if a == low else int(a), None if b == high else int(b)) for a, b in merged)


def within(term: Int, intervals: Iterable[tuple[int | None, int | None]]) -> Bool:
    """The atom `term in intervals`, with constants and common factors moved out of the term."""
    allowed = normalised(intervals)
    if isinstance(term, Const):
        return Truth(None if term.value is None else contains(allowed, term.value))
    if not isinstance(term, Linear):
        return Within(term, allowed)
    factor = gcd(*(coefficient for coefficient, _ in term.terms)) or 1
    if all(coefficient <= 0 for coefficient, _ in term.terms):
        factor = -factor
    shifted = normalised(_divided(a, b, term.constant, factor) for a, b in allowed)
    pairs = tuple((coefficient // factor, leaf) for coefficient, leaf in term.terms)
    return Within(linear(pairs), shifted)


def _divided(low: int | None, high: int | None, constant: int, factor: int) -> tuple[int | None, int | None]:
    """The range of t with `low <= factor * t + constant <= high`."""
    if factor < 0:
        low, high, constant, factor = (
            None if high is None else -high,
            None if low is None else -low,
            -constant,
            -factor,
        )
    start = None if low is None else -((constant - low) // factor)
    end = None if high is None else (high - constant) // factor
    return start, end


def contains(intervals: Intervals, value: int) -> bool:
    """Whether an integer lies in a union of intervals."""
    return any((a is None or a <= value) and (b is None or value <= b) for a, b in intervals)


def negated(argument: Bool) -> Bool:
    """Kleene negation, with double negations and constants folded."""
    if isinstance(argument, Truth):
        return Truth(None if argument.value is None else not argument.value)
    return argument.argument if isinstance(argument, Not) else Not(argument)


def conjunction(args: Iterable[Bool]) -> Bool:
    """Kleene `and` of any number of conditions."""
    flat = [leaf for arg in args for leaf in (arg.args if isinstance(arg, And) else (arg,)) if leaf != Truth(True)]
    if Truth(False) in flat:
        return Truth(False)
    return Truth(True) if not flat else flat[0] if len(flat) == 1 else And(tuple(flat))


def disjunction(args: Iterable[Bool]) -> Bool:
    """Kleene `or` of any number of conditions."""
    flat = [leaf for arg in args for leaf in (arg.args if isinstance(arg, Or) else (arg,)) if leaf != Truth(False)]
    if Truth(True) in flat:
        return Truth(True)
    return Truth(False) if not flat else flat[0] if len(flat) == 1 else Or(tuple(flat))


def choose(condition: Bool, then: Int, otherwise: Int) -> Int:
    """`then` where the condition holds, else `otherwise`."""
    if isinstance(condition, Truth):
        return Const(None) if condition.value is None else then if condition.value else otherwise
    return Choose(condition, then, otherwise)


def indicator(condition: Bool) -> Int:
    """The condition as 1, 0 or unknown."""
    if isinstance(condition, Truth):
        return Const(None if condition.value is None else int(condition.value))
    if isinstance(condition, Within) and condition.intervals == ((1, 1),) and isinstance(condition.term, Indicator):
        return condition.term
    return Indicator(condition)


def truth_of(term: Int) -> Bool:
    """The condition that a 0/1 term stands for."""
    return term.condition if isinstance(term, Indicator) else within(term, ((1, 1),))

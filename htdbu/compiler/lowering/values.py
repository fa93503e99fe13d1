"""Values while an expression is lowered: exact ratios of integers, codes of levels and texts, conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import Union

from htdbu.compiler.lowering.build import linear, product
from htdbu.compiler.normal import Bool, Const, Int


@dataclass(frozen=True, slots=True)
class Ratio:
    """The number `numerator / (scale * divisor)`.

    Dates are ratios in days, datetimes in days with scale 86,400. `scale` is a positive constant, `divisor` a term
    that is positive wherever it is known, or None for 1.
    """

    numerator: Int
    scale: int = 1
    divisor: Int | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """The position of a level among `levels`, or a text's code where `levels` is None."""

    term: Int
    levels: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A truth value."""

    node: Bool


Value = Union[Ratio, Code, Condition]  # noqa: UP007


def common(values: Sequence[Ratio]) -> list[Ratio]:
    """The same numbers, rewritten to one scale and one divisor, so that numerators compare as the numbers do."""
    scale = lcm(*(value.scale for value in values))
    divisors: list[Int] = []
    for value in values:
        if value.divisor is not None and value.divisor not in divisors:
            divisors.append(value.divisor)
    shared: Int | None = None
    for divisor in divisors:
        shared = divisor if shared is None else product(shared, divisor)
    return [_expand(value, scale, divisors, shared) for value in values]


def _expand(value: Ratio, scale: int, divisors: list[Int], shared: Int | None) -> Ratio:
    numerator = linear(((scale // value.scale, value.numerator),))
    for divisor in divisors:
        if divisor != value.divisor:
            numerator = product(numerator, divisor)
    return Ratio(numerator, scale, shared)


def denominator(value: Ratio) -> Int:
    """`scale * divisor` as one term."""
    return Const(value.scale) if value.divisor is None else linear(((value.scale, value.divisor),))

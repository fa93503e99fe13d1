"""Arithmetic of literals, done: `2 * 500` is `1000`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from htdbu.analyses.simplify.candidates import Known, Why, everywhere
from htdbu.analyses.simplify.shapes import is_call
from htdbu.compiler.expressions import Constant, call

_MOST_DIGITS = 12


def _folded(expr: Any, known: Known) -> Iterator[tuple[Any, Why]]:
    if is_call(expr, "add", "sub", "mul", "div", "neg"):
        numbers = [_number(arg) for arg in expr.args]
        known_numbers = [number for number in numbers if number is not None]
        value = _value(expr.function, known_numbers) if len(known_numbers) == len(numbers) else None
        constant = None if value is None else _constant(value)
        if constant is not None:
            yield constant, Why("`{}` is a number", (expr,))
    if is_call(expr, "neg") and is_call(expr.args[0], "neg"):
        yield expr.args[0].args[0], Why("a minus undoes a minus")
    if is_call(expr, "add") and is_call(expr.args[1], "neg"):
        yield call("sub", expr.args[0], expr.args[1].args[0]), Why("adding a minus is subtracting")


def _number(expr: Any) -> Fraction | None:
    is_plain = isinstance(expr, Constant) and expr.type == "number" and expr.param is None
    return Fraction(str(expr.value)) if is_plain else None


def _value(function: str, numbers: list[Fraction]) -> Fraction | None:
    match function, numbers:
        case "neg", [a]:
            return -a
        case "add", [a, b]:
            return a + b
        case "sub", [a, b]:
            return a - b
        case "mul", [a, b]:
            return a * b
        case "div", [a, b] if b:
            return a / b
    return None


def _constant(value: Fraction) -> Constant | None:
    """A number as a literal; None where it has no short one."""
    for digits in range(_MOST_DIGITS):
        if (value * 10**digits).denominator == 1:
            sign, whole = "-" * (value < 0), str(abs(int(value * 10**digits))).rjust(digits + 1, "0")
            text = f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole
            return Constant(type="number", value=sign + text) if len(whole) <= _MOST_DIGITS else None
    return None


REWRITE = everywhere(_folded)

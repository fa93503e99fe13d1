"""What the writers need to know of a term of the integer form before they write it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from htdbu.compiler.lowering.build import within
from htdbu.compiler.normal import (
    Abs,
    Calendar,
    Choose,
    Coalesce,
    Const,
    Extreme,
    FloorDiv,
    Indicator,
    Int,
    Linear,
    Normal,
    NormalColumn,
    Product,
    RoundDiv,
    Table,
    Var,
    Within,
    operands,
)

DAY = 86_400
_WEEK = 7
_MONDAY_OFFSET = 3


@dataclass(frozen=True, slots=True)
class Modulo:
    """`numerator mod divisor`, with a positive divisor; made by `remainders`."""

    numerator: Int
    divisor: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """1 for Monday to 7 for Sunday, of a date or datetime column; made by `remainders`."""

    column: int


def results(node: Int) -> Sequence[Int]:
    """The terms of which one is a choice's value; the term itself where it chooses nothing."""
    match node:
        case Choose(then=a, otherwise=b):
            return [*results(a), *results(b)]
        case Coalesce(args=args):
            return [leaf for arg in args for leaf in results(arg)]
    return [node]


def reads_text(node: Int, columns: Sequence[NormalColumn]) -> bool:
    """Whether a term is a text, as a choice between texts is."""
    return any(isinstance(leaf, Var) and columns[leaf.column].kind == "text" for leaf in results(node))


def is_truth(node: Int, columns: Sequence[NormalColumn]) -> bool:
    """Whether a term is a condition's 1 or 0, and not all constants."""

    def fits(leaf: Int) -> bool:
        return isinstance(leaf, Indicator) or (isinstance(leaf, Var) and columns[leaf.column].kind == "bool")

    leaves = results(node)
    plain = all(fits(leaf) or (isinstance(leaf, Const) and leaf.value in (0, 1, None)) for leaf in leaves)
    return plain and any(fits(leaf) for leaf in leaves)


STRICT = (Linear, Product, Abs, Extreme, Calendar, FloorDiv, RoundDiv)
"""The terms that are unknown exactly where one of their operands is."""


def is_strict(node: Normal) -> bool:
    """Whether a term is unknown exactly where a column that it reads is null."""
    if isinstance(node, Var):
        return True
    if isinstance(node, Const):
        return node.value is not None
    return isinstance(node, STRICT) and all(is_strict(part) for part in operands(node))


def unless_zero(node: Int) -> Int | None:
    """The term that a choice is wherever that is not 0, the choice being unknown there; None for other terms."""
    if not isinstance(node, Choose) or node.then != Const(None) or isinstance(node.otherwise, Const):
        return None
    return node.otherwise if node.condition == within(node.otherwise, ((0, 0),)) else None


def sign_of(node: Int) -> Int | None:
    """The term whose sign, 1 or -1 and unknown for 0, a choice is; None for other terms."""
    if not isinstance(node, Choose) or (node.then, node.otherwise) != (Const(-1), Const(1)):
        return None
    condition = node.condition
    below = isinstance(condition, Within) and condition.intervals == ((None, -1),)
    return unless_zero(condition.term) if below and isinstance(condition, Within) else None


def moment_column(node: Int, columns: Sequence[NormalColumn]) -> int | None:
    """The date or datetime column whose day number a term is; None where it is anything else."""
    if isinstance(node, Var) and columns[node.column].kind == "date":
        return node.column
    inner = node.numerator if isinstance(node, FloorDiv) and node.denominator == Const(DAY) else None
    return inner.column if isinstance(inner, Var) and columns[inner.column].kind == "datetime" else None


def pairs(node: Linear, columns: Sequence[NormalColumn]) -> tuple[dict[object, int], int]:
    """The terms of a sum with their coefficients, and its constant; remainders stand as what they are.

    The language's `mod` and `weekday` become `n - d * floor(n / d)`: where such a pair is found, it is put back.
    """
    merged: dict[object, int] = {term: coefficient for coefficient, term in node.terms}
    constant = node.constant
    for coefficient, term in node.terms:
        divisor = term.denominator.value if isinstance(term, FloorDiv) and isinstance(term.denominator, Const) else None
        if not divisor or not isinstance(term, FloorDiv) or coefficient % divisor:
            continue
        times, inner = -coefficient // divisor, term.numerator
        parts = inner.terms if isinstance(inner, Linear) else ((1, inner),)
        if all(merged.get(part) == times * a for a, part in parts):
            for _, part in parts:
                del merged[part]
            del merged[term]
            constant -= times * (inner.constant if isinstance(inner, Linear) else 0)
            column = _weekday_column(inner, divisor, columns)
            found = Modulo(inner, divisor) if column is None else Weekday(column)
            merged[found] = merged.get(found, 0) + times
            constant -= 0 if column is None else times
    return merged, constant


def _weekday_column(inner: Int, divisor: int, columns: Sequence[NormalColumn]) -> int | None:
    """The column whose weekday, less 1, `inner mod divisor` is; 1970-01-01 was a Thursday."""
    if divisor != _WEEK or not isinstance(inner, Linear) or inner.constant != _MONDAY_OFFSET:
        return None
    return moment_column(inner.terms[0][1], columns) if [c for c, _ in inner.terms] == [1] else None


def factor(node: object, scale: Callable[[int], int]) -> int | None:
    """The power of ten that a term is a multiple of its natural value by; None where any will do.

    Args:
        scale: that power for a column, by its position.
    """
    match node:
        case Var(column=i):
            return scale(i)
        case Const() | Table():
            return None
        case Product(left=a, right=b):
            return (factor(a, scale) or 1) * (factor(b, scale) or 1)
        case Linear(terms=terms):
            known = [(c, f) for c, f in ((c, factor(term, scale)) for c, term in terms) if f is not None]
            return min((f * _tens(c) for c, f in known), default=None)
        case Abs(argument=a):
            return factor(a, scale)
        case Extreme(args=args) | Coalesce(args=args):
            return _least(args)(scale)
        case Choose(then=a, otherwise=b):
            return _least((a, b))(scale)
    return 1


def _tens(coefficient: int) -> int:
    """The greatest power of ten that divides a coefficient."""
    found = 1
    while coefficient and coefficient % (10 * found) == 0:
        found *= 10
    return found


def _least(nodes: object) -> Callable[[Callable[[int], int]], int | None]:
    items = list(nodes)  # type: ignore[call-overload]
    return lambda scale: min((f for f in (factor(item, scale) for item in items) if f is not None), default=None)

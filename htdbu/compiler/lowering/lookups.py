"""Finite tables: from rows of literals to a function from integers to integers, made once for every use like it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from htdbu.compiler.expressions import Constant, LookupCall
from htdbu.compiler.lowering.build import choose, conjunction, indicator, linear, negated, product, truth_of, within
from htdbu.compiler.lowering.values import Code, Condition, Ratio, Value, common
from htdbu.compiler.normal import Bool, Const, FloorDiv, Int, IsNull, Table
from htdbu.compiler.program import Lookup
from htdbu.compiler.types import NullType, Type

if TYPE_CHECKING:
    from htdbu.compiler.lowering.lowerer import Lowerer

Rows = dict[tuple[int, ...], int]
Integers = list[int | None]
"""What literals are in steps; None where they are null, or no whole number of steps."""


@dataclass(frozen=True)
class _Results:
    """The values of a lookup as integers of one scale, and how to read a term of them back."""

    terms: Integers
    rebuild: Callable[[Int], Value]


class Lookups:
    """The lookups of one program as tables of integers; a call like one before it shares its rows."""

    def __init__(self, lowerer: Lowerer, lookups: Sequence[Lookup]) -> None:
        self._lowerer = lowerer
        self._lookups = {lookup.name: lookup for lookup in reversed(lookups)}
        self._made: dict[tuple[object, ...], tuple[Rows, Callable[[Int], Value]]] = {}

    def call(self, expr: LookupCall, args: Sequence[Value], expected: Type | None) -> Value:
        """The value of a lookup; `expected` says what its quoted texts stand for."""
        place = (expr.table, tuple(_form(arg) for arg in args), expected)
        if place not in self._made:
            table = self._lookups[expr.table]
            if any(isinstance(self._lowerer.typer.type(arg), NullType) for arg in expr.args):  # which no key is
                return self._results([row.value for row in table.rows], expected).rebuild(Const(None))
            self._made[place] = self._make(table, args, expected)
        rows, rebuild = self._made[place]
        return rebuild(Table(tuple(self._key_term(expr, arg) for arg in args), rows))

    def lacks(self, expr: LookupCall, args: Sequence[Value]) -> Bool:
        """Whether the keys of a call are known and stand in no row; a row without a value counts."""
        table = self._lookups[expr.table]
        keys = tuple(self._key_term(expr, arg) for arg in args)
        parts = [self._codes([row.keys[i] for row in table.rows], arg) for i, arg in enumerate(args)]
        rows = {tuple(p for p in place if p is not None): 0 for place in zip(*parts, strict=True) if None not in place}
        return conjunction([*(negated(IsNull(key)) for key in keys), IsNull(Table(keys, rows))])

    def _key_term(self, expr: LookupCall, value: Value) -> Int:
        match value:
            case Ratio(numerator=numerator, divisor=None):
                return numerator
            case Ratio(numerator=numerator, divisor=divisor):
                assert divisor is not None
                return self._whole_quotient(expr, numerator, divisor)
            case Code(term=term):
                return term
            case Condition(node=node):
                return indicator(node)

    def _whole_quotient(self, expr: LookupCall, numerator: Int, divisor: Int) -> Int:
        """A quotient where it is a whole number, else unknown, as no key is equal to it."""
        quotient = FloorDiv(numerator, divisor)
        rest = linear(((1, numerator), (-1, product(quotient, divisor))))
        self._lowerer.guard(rest, expr)
        return choose(within(rest, ((0, 0),)), quotient, Const(None))

    def _make(self, table: Lookup, args: Sequence[Value], expected: Type | None) -> tuple[Rows, Callable[[Int], Value]]:
        results = self._results([row.value for row in table.rows], expected)
        parts = [self._codes([row.keys[i] for row in table.rows], arg) for i, arg in enumerate(args)]
        rows: Rows = {}
        for *position, term in zip(*parts, results.terms, strict=True):
            if term is not None and None not in position:
                rows.setdefault(tuple(position), term)
        return rows, results.rebuild

    def _results(self, values: Sequence[Constant], expected: Type | None) -> _Results:
        if values and all(value.type == "number" for value in values):
            scale = _scale([str(value.value) for value in values])
            return _Results([_steps(str(value.value), scale) for value in values], lambda term: Ratio(term, scale))
        return _shared(self._lowerer.together(values, expected))

    def _codes(self, keys: Sequence[Constant], like: Value) -> Integers:
        """The integers that a key's term takes where it equals each of these literals."""
        if isinstance(like, Ratio) and all(key.type == "number" for key in keys):
            return [_steps(str(key.value), like.scale) for key in keys]
        return [self._code(key, like) for key in keys]

    def _code(self, key: Constant, like: Value) -> int | None:
        if isinstance(like, Code):
            term = self._lowerer.code(key, like.levels).term
        elif isinstance(like, Condition):
            term = indicator(self._lowerer.condition(key))
        else:
            number = self._lowerer.ratio(key)
            assert isinstance(number.numerator, Const)
            if number.numerator.value is None:
                return None
            steps = Fraction(number.numerator.value * like.scale, number.scale)
            return steps.numerator if steps.denominator == 1 else None
        return term.value if isinstance(term, Const) else None


def _form(value: Value) -> tuple[object, ...]:
    """What decides the integers that stand for a key's literals."""
    match value:
        case Ratio(scale=scale):
            return "number", scale
        case Code(levels=levels):
            return "code", levels
        case Condition():
            return ("condition",)


def _parts(number: str) -> tuple[int, int]:
    """A number as written, as two integers whose quotient it is."""
    whole, _, fraction = number.partition(".")
    if whole.lstrip("-").isdigit() and (not fraction or fraction.isdigit()):
        return int(whole + fraction), 10 ** len(fraction)
    return Fraction(number).as_integer_ratio()


def _steps(number: str, scale: int) -> int | None:
    """A number in steps of `1 / scale`; None where it lies between two."""
    over, under = _parts(number)
    steps, rest = divmod(over * scale, under)
    return None if rest else steps


def _scale(numbers: Sequence[str]) -> int:
    """The least scale in which all of the numbers are whole."""
    scale = 1
    for number in numbers:
        over, under = _parts(number)
        if scale % under:
            scale = lcm(scale, under // gcd(over, under))
    return scale


def _shared(values: Sequence[Value]) -> _Results:
    if values and isinstance(values[0], Condition):
        truths = [indicator(value.node) for value in values if isinstance(value, Condition)]
        return _Results([_known(term) for term in truths], lambda term: Condition(truth_of(term)))
    if values and isinstance(values[0], Code):
        levels = values[0].levels
        codes = [value.term for value in values if isinstance(value, Code)]
        return _Results([_known(term) for term in codes], lambda term: Code(term, levels))
    ratios = common([value for value in values if isinstance(value, Ratio)]) if values else []
    scale = ratios[0].scale if ratios else 1
    return _Results([_known(ratio.numerator) for ratio in ratios], lambda term: Ratio(term, scale))


def _known(term: Int) -> int | None:
    return term.value if isinstance(term, Const) else None

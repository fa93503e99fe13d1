"""Numbers, dates and levels as SQL: a term of the integer form, divided by the power of ten that makes it natural."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from sqlglot import exp

from htdbu.compiler.exports.sql_parts import build
from htdbu.compiler.exports.sql_parts.build import InexpressibleError, Sql
from htdbu.compiler.exports.sql_parts.dialects.base import Dialect, day
from htdbu.compiler.exports.sql_parts.lowering import Lowered
from htdbu.compiler.exports.sql_parts.terms import Modulo, Weekday, factor, moment_column, pairs, sign_of, unless_zero
from htdbu.compiler.lowering.build import within
from htdbu.compiler.normal import (
    Abs,
    Bool,
    Calendar,
    Choose,
    Coalesce,
    Const,
    Count,
    Extreme,
    FloorDiv,
    Indicator,
    Int,
    IsNull,
    Linear,
    Not,
    Product,
    RoundDiv,
    Table,
    Var,
    Within,
)
from htdbu.compiler.program import Program

_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31: the days that every dialect knows."""
_MOST_PIECES = 3_000
_MOST_REPEATED = 600
"""Pieces of an expression that may be written several times, as a quotient's parts are."""


class Numbers:
    """Writes terms.

    Args:
        condition: writes conditions, which terms contain.
        unknown: writes whether a term is unknown.
    """

    def __init__(
        self,
        dialect: Dialect,
        program: Program,
        lowered: Lowered,
        condition: Callable[[Bool], Sql],
        unknown: Callable[[Int], Sql],
    ) -> None:
        self.dialect = dialect
        self.program = program
        self.lowered = lowered
        self.condition = condition
        self.unknown = unknown
        self._pieces = 0

    def begin(self) -> None:
        """Forget the length of what was written before."""
        self._pieces = 0

    def scale(self, whole: bool) -> Callable[[int], int]:
        """The power of ten of every column: 1 where terms are written as whole numbers of steps."""
        return lambda i: 1 if whole else 10 ** self.lowered.columns[i].scale

    def column(self, i: int) -> Sql:
        """The column at a position."""
        return build.column(self.lowered.columns[i].name)

    def whole(self, node: Int) -> Sql:
        """A term as an integer."""
        return self.write(node, 1, True)

    def write(self, node: object, by: Fraction | int, whole: bool) -> Sql:
        """The expression of `node / by`; `by` divides the term's factor, or is anything for constants."""
        self._pieces += 1
        if self._pieces > _MOST_PIECES:
            raise InexpressibleError("it would be too long")
        match node:
            case Var(column=i):
                return self._column(i, by, whole)
            case Const(value=value):
                return self._constant(value, by)
            case Linear():
                return self._linear(node, by, whole)
            case Product(left=a, right=b):
                return self._product(a, b, by, whole)
            case FloorDiv(numerator=a, denominator=b):
                return self._floor(self.whole(a), self.whole(b))
            case RoundDiv(numerator=a, denominator=b):
                return self._round(a, b)
            case Modulo(numerator=a, divisor=d):
                return self._modulo(a, d)
            case Weekday(column=i):
                return self.dialect.weekday(self.column(i))
            case Abs(argument=a):
                return build.function("ABS", self.write(a, by, whole))
            case Extreme(which=which, args=args):
                return self._extreme(which, args, by, whole)
            case Choose():
                return self._choose(node, by, whole)
            case Coalesce(args=args):
                return build.function("COALESCE", *(self.write(arg, by, whole) for arg in args))
            case Count(conditions=conditions):
                return build.total([self.write(Indicator(condition), 1, whole) for condition in conditions])
            case Indicator(condition=condition):
                return self._indicator(condition)
            case Calendar(part=part, argument=a):
                return self._calendar(part, a)
            case Table(keys=keys, rows=rows):
                found = [(self.key(keys, key), self._constant(value, by)) for key, value in rows.items()]
                return build.case(found) if found else self._constant(None, by)
        raise AssertionError(node)

    def _constant(self, value: int | None, by: Fraction | int) -> Sql:
        return self.dialect.unknown("bigint") if value is None else build.number(Fraction(value) / by)

    def _column(self, i: int, by: Fraction | int, whole: bool) -> Sql:
        column, written = self.lowered.columns[i], self.column(i)
        match column.kind:
            case "decimal" if whole:
                return self.dialect.steps(written, column.scale) if column.scale else written
            case "int" | "decimal":
                return build.times(Fraction(10**column.scale) / by, written)
            case "bool":
                return self.dialect.bool_number(written)
            case "category":
                levels = self.program.columns[i].type.levels
                ifs = [exp.If(this=build.text(level), true=build.number(k)) for k, level in enumerate(levels)]
                return exp.Case(this=written, ifs=ifs)
            case "date":
                return self.dialect.day_number(written)
            case "datetime":
                return self.dialect.second_number(written)
        raise InexpressibleError("it computes with a text")

    def _indicator(self, condition: Bool) -> Sql:
        written, one, zero = self.condition(condition), build.number(1), build.number(0)
        if isinstance(condition, IsNull) or (isinstance(condition, Not) and isinstance(condition.argument, IsNull)):
            return build.case([(written, one)], zero)
        return build.case([(written, one), (build.negate(written), zero)])

    def _linear(self, node: Linear, by: Fraction | int, whole: bool) -> Sql:
        merged, constant = pairs(node, self.lowered.columns)
        parts = self.parts(merged, by, whole)
        if constant or not parts:
            parts.append(build.number(Fraction(constant) / by))
        return build.total(parts)

    def parts(self, merged: dict[object, int], by: Fraction | int, whole: bool) -> list[Sql]:
        """The summands of a sum, divided by `by`; two dates that are subtracted stand as their difference."""
        written, rest = self._differences(merged)
        for term, coefficient in rest.items():
            own = factor(term, self.scale(whole)) or (Fraction(by) / abs(coefficient) if coefficient else by)
            share = Fraction(coefficient) * own / by
            piece = build.times(abs(share), self.write(term, own, whole))
            written.append(exp.Neg(this=build.atom(piece)) if share < 0 else piece)
        return sorted(written, key=lambda piece: isinstance(piece, exp.Neg))

    def _differences(self, merged: dict[object, int]) -> tuple[list[Sql], dict[object, int]]:
        """Pairs of date columns with opposite coefficients, and all other terms."""
        rest, found = dict(merged), []
        dates = [t for t in merged if isinstance(t, Var) and self.lowered.columns[t.column].kind == "date"]
        for later in dates:
            for earlier in dates:
                count = rest.get(later, 0)
                if count > 0 and rest.get(earlier) == -count:
                    assert isinstance(later, Var)
                    assert isinstance(earlier, Var)
                    days = self.dialect.days_between(self.column(later.column), self.column(earlier.column))
                    found.append(build.times(count, days))
                    del rest[later], rest[earlier]
        return found, rest

    def _product(self, a: Int, b: Int, by: Fraction | int, whole: bool) -> Sql:
        left, right = factor(a, self.scale(whole)) or 1, factor(b, self.scale(whole)) or 1
        written = build.arithmetic(exp.Mul, self.write(a, left, whole), self.write(b, right, whole))
        return build.times(Fraction(left * right) / by, written)

    def _floor(self, n: Sql, d: Sql) -> Sql:
        """`floor(n / d)` of integers, `d` above 0: what is left over is taken away first."""
        return self.dialect.divide(build.arithmetic(exp.Sub, n, self._remainder(n, d)), d)

    def _remainder(self, n: Sql, d: Sql) -> Sql:
        """`n mod d`, never negative, whatever sign the dialect's `%` gives."""
        if sum(1 for part in (n, d) for _ in part.walk()) > _MOST_REPEATED:
            raise InexpressibleError("it would be too long")
        once = exp.Add(this=build.arithmetic(exp.Mod, n, d), expression=build.atom(d))
        return build.arithmetic(exp.Mod, once, d)

    def _modulo(self, numerator: Int, divisor: int) -> Sql:
        return self._remainder(self.whole(numerator), build.number(divisor))

    def _round(self, a: Int, b: Int) -> Sql:
        """The nearest integer to `a / b`, halves to even: `floor((2a + b) / 2b)`, less 1 where a half went to odd."""
        n, d = self.whole(a), self.whole(b)
        doubled = build.total([build.times(2, n), d])
        width = build.times(2, d)
        up = self._floor(doubled, width)
        is_half = build.compare(exp.EQ, self._remainder(doubled, width), build.number(0))
        is_odd = build.compare(exp.NEQ, build.arithmetic(exp.Mod, up, build.number(2)), build.number(0))
        one = build.case([(build.connect(exp.And, [is_half, is_odd]), build.number(1))], build.number(0))
        return build.arithmetic(exp.Sub, up, one)

    def _extreme(self, which: str, args: Sequence[Int], by: Fraction | int, whole: bool) -> Sql:
        written = [self.write(arg, by, whole) for arg in args]
        found = build.function(self.dialect.extremes[which], *written)
        if not self.dialect.extremes_skip_nulls:
            return found
        nulls = [self.unknown(arg) for arg in args if not (isinstance(arg, Const) and arg.value is not None)]
        return build.case([(build.connect(exp.Or, nulls), exp.null())], found) if nulls else found

    def _choose(self, node: Choose, by: Fraction | int, whole: bool) -> Sql:
        nonzero = unless_zero(node)
        if nonzero is not None:
            return build.function("NULLIF", self.write(nonzero, by, whole), build.number(0))
        signed = sign_of(node)
        if signed is not None and by == 1:
            below, above = (self.condition(within(signed, (ends,))) for ends in ((None, -1), (1, None)))
            return build.case([(below, build.number(-1)), (above, build.number(1))])
        branches, otherwise = self.branches(node, lambda leaf: self.write(leaf, by, whole))
        return build.case(branches, otherwise)

    def branches(self, node: Choose, write: Callable[[Int], Sql]) -> tuple[list[tuple[Sql, Sql]], Sql]:
        """The branches of a CASE for a chain of choices; a choice by an unknown condition is null."""
        found: list[tuple[Sql, Sql]] = []
        seen: list[Sql] = []
        rest: Int = node
        while isinstance(rest, Choose):
            for null in self.nulls(rest.condition):
                if null not in seen:
                    seen.append(null)
                    found.append((null, exp.null()))
            found.append((self.condition(rest.condition), write(rest.then)))
            rest = rest.otherwise
        return found, write(rest)

    def nulls(self, condition: Bool) -> list[Sql]:
        """Conditions of which one holds exactly where a condition is unknown."""
        if isinstance(condition, Within):
            return [self.unknown(condition.term)]
        return [build.is_null(self.condition(condition))]

    def _calendar(self, part: str, argument: Int) -> Sql:
        column = moment_column(argument, self.lowered.columns)
        if column is not None:
            return self.dialect.part(part, self.column(column))
        if isinstance(argument, Const) and argument.value is not None:
            return build.number(getattr(day(argument.value), part))
        low, high = self.lowered.bounds.range(argument)
        if low < _FIRST_DAY or high > _LAST_DAY:
            raise InexpressibleError("it may compute a date before the year 1 or after 9999")
        return self.dialect.part(part, self.dialect.date_from(self.whole(argument)))

    def key(self, keys: Sequence[Int], key: tuple[int, ...]) -> Sql:
        """Whether the keys of a lookup are those of one of its rows."""
        atoms = [self.condition(Within(term, ((code, code),))) for term, code in zip(keys, key, strict=True)]
        return build.connect(exp.And, atoms)

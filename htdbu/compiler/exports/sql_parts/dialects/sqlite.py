"""SQLite 3.31 or later."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from htdbu.compiler.exports.sql_parts.build import Sql, arithmetic, compare, function, number, text
from htdbu.compiler.exports.sql_parts.dialects.base import Dialect, day, moment
from htdbu.compiler.program import Column

_EPOCH = "2440587.5"
_PARTS = {"year": "%Y", "month": "%m", "day": "%d"}


def _rewritten(form: str, value: Sql) -> Sql:
    """A date as SQLite itself writes it; moved by no days, since only a move turns February 30 into March 1."""
    return function("STRFTIME", text(form), value, text("+0 days"))


class SQLite(Dialect):
    """It has neither decimals nor dates: those are binary fractions, made whole before any arithmetic, and texts.

    A column takes a value of any type whatever it is declared as, so that every column has a guard.
    """

    name: ClassVar[str] = "sqlite"
    title: ClassVar[str] = "SQLite"
    has_booleans: ClassVar[bool] = False
    extremes: ClassVar[dict[str, str]] = {"min": "MIN", "max": "MAX"}
    extremes_skip_nulls: ClassVar[bool] = False
    most_steps: ClassVar[int | None] = 10**15

    def type_of(self, column: Column, digits: int, unique: bool) -> str:
        """`BIGINT` and not `INTEGER`, which as a key would number rows by itself."""
        names = {"int": "BIGINT", "decimal": "NUMERIC", "bool": "BOOLEAN"}
        return names.get(column.type.kind, "TEXT")

    def guard(self, column: Column, value: Sql) -> Sql | None:
        """Whole numbers, numbers of the column's digits, 0 and 1, dates as ISO writes them."""
        match column.type.kind:
            case "int":
                return compare(exp.EQ, exp.cast(value, "bigint"), value)
            case "decimal":
                return compare(exp.EQ, self._on_grid(value, column.type.scale), value)
            case "bool":
                return exp.In(this=value, expressions=[number(0), number(1)])
            case "date":
                return exp.Is(this=_rewritten("%Y-%m-%d", value), expression=value)
            case "datetime":
                return exp.Is(this=_rewritten("%Y-%m-%d %H:%M:%S", value), expression=value)
        return None

    def _on_grid(self, value: Sql, scale: int) -> Sql:
        """The nearest number of a scale: a quotient of whole numbers is the fraction that its decimal is read as."""
        divisor = exp.Literal.number(f"{10**scale}.0")
        return exp.Div(this=self.steps(value, scale), expression=divisor, typed=True, safe=False)

    def unknown(self, kind: str) -> Sql:
        """Null has no type."""
        return exp.null()

    def bool_number(self, column: Sql) -> Sql:
        """A bool is a number."""
        return column

    def steps(self, column: Sql, scale: int) -> Sql:
        """Rounded, since the product is a binary fraction within less than half a step of a whole number."""
        product = arithmetic(exp.Mul, column, number(10**scale))
        return exp.cast(function("ROUND", product), "bigint")

    def date_literal(self, days: int) -> Sql:
        """Texts compare as the dates do."""
        return text(day(days).isoformat())

    def datetime_literal(self, seconds: int) -> Sql:
        """Texts compare as the moments do."""
        return text(moment(seconds).isoformat(" "))

    def days_between(self, later: Sql, earlier: Sql) -> Sql:
        """Julian days of dates end in a half, so that their difference is exact."""
        days = exp.Sub(this=function("JULIANDAY", later), expression=function("JULIANDAY", earlier))
        return exp.cast(days, "bigint")

    def second_number(self, column: Sql) -> Sql:
        """A text of digits, read as a number."""
        return exp.cast(function("STRFTIME", text("%s"), column), "bigint")

    def date_from(self, days: Sql) -> Sql:
        """A Julian day, which the functions of dates read too."""
        return arithmetic(exp.Add, days, exp.Literal.number(_EPOCH))

    def part(self, which: str, moment: Sql) -> Sql:
        """A text of digits, read as a number."""
        return exp.cast(function("STRFTIME", text(_PARTS[which]), moment), "bigint")

    def weekday(self, moment: Sql) -> Sql:
        """`%w` is 0 for Sunday."""
        day_of_week = exp.cast(function("STRFTIME", text("%w"), moment), "bigint")
        moved = arithmetic(exp.Mod, exp.Add(this=day_of_week, expression=number(6)), number(7))
        return exp.Paren(this=exp.Add(this=moved, expression=number(1)))

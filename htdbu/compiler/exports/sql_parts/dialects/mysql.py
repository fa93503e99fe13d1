"""MySQL 8.0.16 or later, the first that minds CHECK."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from htdbu.compiler.exports.sql_parts.build import Sql, atom, case, compare, number, text
from htdbu.compiler.exports.sql_parts.dialects.base import Dialect, day, moment
from htdbu.compiler.program import Column

_CONDITIONS = (exp.Predicate, exp.And, exp.Or, exp.Not)
_COLLATION = " CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"


class MySQL(Dialect):
    """Bools are small integers, texts are told to compare by characters, and those in keys have a known length."""

    name: ClassVar[str] = "mysql"
    title: ClassVar[str] = "MySQL"
    exact_decimals: ClassVar[bool] = True
    has_booleans: ClassVar[bool] = False
    extremes_skip_nulls: ClassVar[bool] = False

    def type_of(self, column: Column, digits: int, unique: bool) -> str:
        """Levels have a known length; other texts only where they are part of a key."""
        kind = column.type.kind
        if kind == "category":
            return f"VARCHAR({max(map(len, column.type.levels), default=1)}){_COLLATION}"
        if kind == "text":
            return ("VARCHAR(255)" if unique else "TEXT") + _COLLATION
        if kind == "decimal":
            return f"DECIMAL({min(digits, 65)}, {column.type.scale})"
        return "DATETIME" if kind == "datetime" else super().type_of(column, digits, unique)

    def guard(self, column: Column, value: Sql) -> Sql | None:
        """A BOOLEAN takes any small integer."""
        if column.type.kind == "bool":
            return exp.In(this=value, expressions=[number(0), number(1)])
        return None

    def statement(self, condition: Sql) -> Sql:
        """A CHECK must be a condition by its form."""
        return condition if isinstance(condition, _CONDITIONS) else compare(exp.EQ, condition, exp.true())

    def truth(self, column: Sql) -> Sql:
        """A bool column is a number here."""
        return exp.EQ(this=column, expression=exp.true())

    def unknown(self, kind: str) -> Sql:
        """Null has no type."""
        return exp.null()

    def bool_number(self, column: Sql) -> Sql:
        """A bool is a number, made 1 or 0."""
        return case([(self.truth(column), number(1)), (exp.NEQ(this=column, expression=exp.true()), number(0))])

    def divide(self, numerator: Sql, divisor: Sql) -> Sql:
        """`/` makes a fraction, `DIV` an integer."""
        return exp.IntDiv(this=atom(numerator), expression=atom(divisor))

    def date_literal(self, days: int) -> Sql:
        """A text is read as a date where it meets one."""
        return exp.cast(text(day(days).isoformat()), "date")

    def datetime_literal(self, seconds: int) -> Sql:
        """A text is read as a datetime where it meets one."""
        return exp.cast(text(moment(seconds).isoformat(" ")), "datetime")

    def days_between(self, later: Sql, earlier: Sql) -> Sql:
        """Dates are not subtracted with a minus here."""
        return self.call("DATEDIFF", later, earlier)

    def second_number(self, column: Sql) -> Sql:
        """Without time zones."""
        return self.call("TIMESTAMPDIFF", exp.var("SECOND"), self.datetime_literal(0), column)

    def date_from(self, days: Sql) -> Sql:
        """A date moves by an interval."""
        return self.call("ADDDATE", self.date_literal(0), days)

    def weekday(self, moment: Sql) -> Sql:
        """`WEEKDAY` is 0 for Monday."""
        return exp.Paren(this=exp.Add(this=self.call("WEEKDAY", moment), expression=number(1)))

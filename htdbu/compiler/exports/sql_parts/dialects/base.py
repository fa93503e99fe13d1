"""What dialects of SQL differ in; the base speaks PostgreSQL's standard SQL as far as there is one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

from sqlglot import exp

from htdbu.compiler.exports.sql_parts.build import Sql, arithmetic, atom, case, function, negate, number, text
from htdbu.compiler.program import Column

_EPOCH = datetime(1970, 1, 1)


def day(number_of_days: int) -> date:
    """The day with that number."""
    return (_EPOCH + timedelta(days=number_of_days)).date()


def moment(seconds: int) -> datetime:
    """The moment with that number of seconds."""
    return _EPOCH + timedelta(seconds=seconds)


class Dialect:
    """One dialect.

    Attributes:
        name: what `--dialect` and sqlglot call it.
        title: what its makers call it.
        exact_decimals: whether sums, products and comparisons of decimals are exact whatever their digits.
        has_booleans: whether conditions are values of a type of their own.
        extremes: its functions for the least and the greatest of several values.
        extremes_skip_nulls: whether those ignore nulls.
        longest_name: bytes that a name may have.
        tells_case: whether names that differ only in case are two.
        most_steps: how many steps of a decimal it holds exactly; None for as many as there are.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    exact_decimals: ClassVar[bool] = False
    has_booleans: ClassVar[bool] = True
    extremes: ClassVar[dict[str, str]] = {"min": "LEAST", "max": "GREATEST"}
    extremes_skip_nulls: ClassVar[bool] = True
    longest_name: ClassVar[int] = 63
    tells_case: ClassVar[bool] = False
    most_steps: ClassVar[int | None] = None

    def sql(self, expression: Sql, pretty: bool = False) -> str:
        """The text of an expression."""
        written: str = expression.sql(dialect=self.name, pretty=pretty, max_text_width=100)
        return written

    def type_of(self, column: Column, digits: int, unique: bool) -> str:
        """The type of a column.

        Args:
            digits: how many digits a decimal may have.
            unique: whether the column is part of a key.
        """
        match column.type.kind:
            case "int":
                return "BIGINT"
            case "decimal":
                return f"NUMERIC({digits}, {column.type.scale})"
            case "bool":
                return "BOOLEAN"
            case "date":
                return "DATE"
            case "datetime":
                return "TIMESTAMP(0)"
            case _:
                return "TEXT"

    def guard(self, column: Column, value: Sql) -> Sql | None:
        """What a CHECK must say where the column's type alone lets in values of another type."""
        return None

    def quote(self, name: str) -> str:
        """A name in the dialect's quotes."""
        quoted: str = exp.to_identifier(name, quoted=True).sql(dialect=self.name)
        return quoted

    def statement(self, condition: Sql) -> Sql:
        """A condition as a whole CHECK."""
        return condition

    def truth(self, column: Sql) -> Sql:
        """A bool column as a condition."""
        return column

    def unknown(self, kind: str) -> Sql:
        """Null, as a value of an SQL type."""
        return exp.cast(exp.null(), kind)

    def bool_number(self, column: Sql) -> Sql:
        """A bool column as 1 or 0."""
        return case([(column, number(1)), (negate(column), number(0))])

    def steps(self, column: Sql, scale: int) -> Sql:
        """A decimal column as a whole number of its smallest steps."""
        return exp.cast(arithmetic(exp.Mul, column, number(10**scale)), "bigint")

    def divide(self, numerator: Sql, divisor: Sql) -> Sql:
        """The quotient of two integers that divide without remainder."""
        # `typed` tells sqlglot that integers stay integers; without it a binary fraction is made of them.
        return exp.Div(this=atom(numerator), expression=atom(divisor), typed=True, safe=False)

    def date_literal(self, days: int) -> Sql:
        """The day with that number."""
        return exp.cast(text(day(days).isoformat()), "date")

    def datetime_literal(self, seconds: int) -> Sql:
        """The moment with that number."""
        return exp.cast(text(moment(seconds).isoformat(" ")), "timestamp")

    def days_between(self, later: Sql, earlier: Sql) -> Sql:
        """Days from one date to another, an integer."""
        return exp.Paren(this=exp.Sub(this=later, expression=earlier))

    def day_number(self, column: Sql) -> Sql:
        """Days from 1970-01-01."""
        return self.days_between(column, self.date_literal(0))

    def second_number(self, column: Sql) -> Sql:
        """Seconds from 1970-01-01 00:00:00."""
        return exp.cast(exp.Extract(this=exp.var("EPOCH"), expression=column), "bigint")

    def date_from(self, days: Sql) -> Sql:
        """The date with a day number that is computed."""
        return exp.Paren(this=exp.Add(this=self.date_literal(0), expression=exp.cast(days, "int")))

    def part(self, which: str, moment: Sql) -> Sql:
        """The year, month or day of a date or datetime, an integer."""
        return exp.Extract(this=exp.var(which.upper()), expression=moment)

    def weekday(self, moment: Sql) -> Sql:
        """1 for Monday to 7 for Sunday."""
        return exp.Extract(this=exp.var("ISODOW"), expression=moment)

    def same(self, left: Sql, right: Sql) -> Sql:
        """Equal, or both null; never unknown."""
        return exp.NullSafeEQ(this=left, expression=right)

    def call(self, name: str, *args: Sql) -> Sql:
        """A function of the dialect."""
        return function(name, *args)

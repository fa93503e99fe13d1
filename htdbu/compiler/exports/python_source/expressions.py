"""Expressions of the IR as Python calls of the helpers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from htdbu.compiler.exports.python_source.layout import Group, Piece, flat, group, quoted, tuple_of
from htdbu.compiler.expressions import Call, Case, ColumnRef, Constant, Expr, LookupCall
from htdbu.compiler.patterns import matching
from htdbu.compiler.program import Lookup, Program
from htdbu.compiler.types import CategoryType
from htdbu.compiler.typing import Typer

CALLS = {
    "and": "and_", "all": "and_", "or": "or_", "any": "or_", "not": "not_", "implies": "implies", "iff": "eq",
    "eq": "eq", "ne": "ne", "lt": "lt", "le": "le", "gt": "gt", "ge": "ge", "in": "one_of", "is_null": "is_null",
    "add": "add", "sum": "add", "sub": "sub", "mul": "mul", "div": "div", "mod": "mod", "neg": "neg",
    "abs": "absolute", "min": "least", "max": "greatest", "count": "count", "round": "round_even", "floor": "floor",
    "ceil": "ceil", "coalesce": "coalesce", "year": "year", "month": "month", "day": "day", "weekday": "weekday",
    "starts_with": "starts_with", "ends_with": "ends_with", "contains": "contains", "matches": "one_of",
}  # fmt: skip
"""The helper that every function of the language is."""


class Translator:
    """Translates expressions of one program.

    Args:
        params: the Python name of every param.
        lookups: that of every lookup.
        orders: that of the levels of every ordered category.
    """

    def __init__(
        self,
        program: Program,
        params: Mapping[str, str],
        lookups: Mapping[str, str],
        orders: Mapping[tuple[str, ...], str],
    ) -> None:
        self._params, self._lookups, self._orders = params, lookups, orders
        self._typer = Typer({c.name: c for c in program.columns}, {t.name: t for t in program.lookups})

    def piece(self, expr: Expr, names: Mapping[str, str]) -> Piece:
        """An expression as Python; `names` are those of the columns."""
        match expr:
            case Constant():
                return self._params.get(expr.param or "") or literal(expr)
            case ColumnRef(name=name):
                return names[name]
            case Case(branches=branches, otherwise=otherwise):
                chosen = self.piece(otherwise, names)
                for branch in reversed(branches):
                    parts = (self.piece(branch.condition, names), self.piece(branch.value, names), chosen)
                    chosen = group("choose(", parts)
                return chosen
            case LookupCall(table=table, args=args):
                return group("find(", (self._lookups[table], *(self.piece(arg, names) for arg in args)))
            case Call():
                return self._call(expr, names)
        raise AssertionError(expr)

    def _call(self, call: Call, names: Mapping[str, str]) -> Piece:
        args = [self.piece(arg, names) for arg in call.args]
        match call.function:
            case "lt" | "le" | "gt" | "ge":
                args = [self._ranked(call, arg) for arg in args]
            case "days_between":
                return group("sub(", args[::-1])
            case "in" if len(args) == 1:
                return "False"
            case "matches":
                args[1:] = self._matching(call)
            case "round" if len(args) == 2:
                args[1] = str(_digits(call.args[1]))
            case "count" if not args:
                return "0"
        return group(f"{CALLS[call.function]}(", args)

    def _matching(self, call: Call) -> list[Piece]:
        """The levels that fit a regular expression: Python reads some expressions in another way."""
        subject, pattern = call.args
        kind = self._typer.type(subject)
        assert isinstance(kind, CategoryType) and isinstance(pattern, Constant)
        fits = matching(str(pattern.value), kind.levels)
        return [quoted(level) for level, good in zip(kind.levels, fits, strict=True) if good]

    def _ranked(self, call: Call, arg: Piece) -> Piece:
        """An operand of `<`: of levels their places."""
        for kind in map(self._typer.type, call.args):
            if isinstance(kind, CategoryType):
                return group("rank(", (self._orders[kind.levels], arg))
        return arg


def _digits(expr: Expr) -> int:
    """The digits of `round`: a whole literal, a minus before it allowed."""
    if isinstance(expr, Call):
        return -_digits(expr.args[0])
    assert isinstance(expr, Constant)
    return int(str(expr.value))


def literal(constant: Constant) -> str:
    """A literal as Python."""
    match constant.type:
        case "number":
            return number(str(constant.value))
        case "date":
            return f"day_of({quoted(str(constant.value))})"
        case "datetime":
            return f"moment_of({quoted(str(constant.value))})"
        case "text":
            return quoted(str(constant.value))
        case _:
            return repr(constant.value)


def number(text: str) -> str:
    """An exact number: a whole one as itself."""
    value = Fraction(text)
    return str(value.numerator) if value.denominator == 1 else f"number({quoted(text)})"


def table(lookup: Lookup) -> Group:
    """The rows of a lookup as a dict; those whose value is null are as good as absent."""
    rows: dict[str, str] = {}
    for row in lookup.rows:
        if row.value.type != "null":
            rows.setdefault(flat(tuple_of([literal(part) for part in row.keys])), literal(row.value))
    return group("{", [f"{key}: {value}" for key, value in rows.items()], "}")

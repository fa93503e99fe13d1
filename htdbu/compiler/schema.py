"""The pass that makes the columns of the table: types, domains, modifiers and derivations."""

from __future__ import annotations

from decimal import Decimal

from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import (
    htr101_unknown_name,
    htr102_duplicate_name,
    htr104_cycle,
    htr201_type_mismatch,
    htr204_unordered,
    htr208_arity,
)
from htdbu.compiler.expressions import Call, Expr, columns_of
from htdbu.compiler.formats import lost_by, meant
from htdbu.compiler.literals import constant, literal_text, steps
from htdbu.compiler.program import Column, ColumnType, Interval
from htdbu.compiler.types import BrokenType, NumberType, describe, join
from htdbu.compiler.typing import column_type
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

_MOST_DIGITS = 18


def build_columns(context: Context) -> None:
    """Make every column whose declaration is sound; derived ones get their expression in a later pass."""
    for decl in () if context.table is None else context.table.columns:
        if decl.name.value not in context.columns:
            context.columns[decl.name.value] = _column(context, decl)
    _check_headers(context)


def _check_headers(context: Context) -> None:
    """Report a header of the file that two columns claim."""
    first: dict[str, Span] = {}
    for decl in () if context.table is None else context.table.columns:
        place = decl.name if decl.header is None else decl.header
        if place.value in first and context.columns[decl.name.value].span == decl.name.span:
            context.report(htr102_duplicate_name.duplicate_name("header", place.value, place.span, first[place.value]))
        first.setdefault(place.value, place.span)


def _column(context: Context, decl: syntax.ColumnDecl) -> Column:
    kind = _type(context, decl)
    name = decl.name.value
    return Column(
        name=name,
        header=name if decl.header is None else decl.header.value,
        type=kind,
        domain=None if decl.bound is None else _domain(context, decl.bound, kind, name),
        nullable=decl.nullable,
        key=decl.key,
        fixed=decl.fixed,
        cost=price(context, decl.cost, "the cost of a change"),
        format=_format(context, decl),
        pool=None if decl.type.pool is None else decl.type.pool.value,
        pool_by=_pool_by(context, decl),
        doc=decl.doc,
        span=decl.name.span,
    )


def _type(context: Context, decl: syntax.ColumnDecl) -> ColumnType:
    node = decl.type
    scale = node.scale or 0
    if not 0 <= scale <= _MOST_DIGITS:
        context.report(htr208_arity.KIND.at(node.span, f"a decimal has 0 to {_MOST_DIGITS} digits after the point"))
        scale = 0
    levels: dict[str, Span] = {}
    for level in node.levels:
        if level.value in levels:
            first = levels[level.value]
            context.report(htr102_duplicate_name.duplicate_name("level", level.value, level.span, first))
        levels.setdefault(level.value, level.span)
    return ColumnType(kind=node.name, scale=scale, levels=tuple(levels), ordered=node.ordered)


def price(context: Context, number: syntax.Number | None, what: str) -> Decimal:
    """A cost or a weight: greater than 0, with at most two decimals; 1 where none is given."""
    if number is None:
        return Decimal(1)
    if number.value <= 0 or number.value * 100 != int(number.value * 100):
        message = f"{what} is greater than 0 and has at most two digits after the point"
        context.report(htr208_arity.KIND.at(number.span, message))
        return Decimal(1)
    return number.value


def _domain(
    context: Context, bound: syntax.Range | syntax.Set, kind: ColumnType, name: str
) -> tuple[Interval, ...] | None:
    """The declared values of a column, of which there has to be one."""
    if kind.kind == "text":
        message = "a text takes no bound"
        help = "declare a `category { … }` where the values are known, or write a rule with `in { … }`"
        context.report(htr201_type_mismatch.KIND.at(bound.span, message, help=help))
        return None
    return intervals(context, bound, kind, name)


def _format(context: Context, decl: syntax.ColumnDecl) -> str | None:
    if decl.format is None:
        return None
    if decl.type.name not in ("date", "datetime"):
        context.report(htr201_type_mismatch.KIND.at(decl.format.span, "only a date or a datetime has a format"))
        return None
    lost = lost_by(decl.format.value, decl.type.name)
    if lost is not None:
        better = meant(decl.format.value, decl.type.name)
        context.report(htr208_arity.bad_format(decl.format.span, decl.type.name, lost, better))
        return None
    return decl.format.value


def _pool_by(context: Context, decl: syntax.ColumnDecl) -> str | None:
    label = decl.type.pool_by
    if label is None:
        return None
    if label.value not in context.scope.columns and label.value not in context.scope.lost:
        known = sorted(context.scope.columns)
        context.report(htr101_unknown_name.unknown_name("column", label.value, label.span, known))
    return label.value


def intervals(
    context: Context, bound: syntax.Range | syntax.Set, kind: ColumnType, name: str
) -> tuple[Interval, ...] | None:
    """The values that a range or a set of literals allows a column; mistakes are reported and left out."""
    if isinstance(bound, syntax.Set):
        texts = [_literal(context, item, kind, name, exact=True) for item in bound.items]
        return tuple(Interval(low=text, high=text) for text in texts if text is not None)
    if kind.kind in ("category", "text", "bool") and not (kind.kind == "category" and kind.ordered):
        if kind.kind == "category":
            call = Call(function="le", args=(), span=bound.span)
            context.report(htr204_unordered.unordered(call, name, kind.levels))
        else:
            context.report(htr201_type_mismatch.KIND.at(bound.span, f"a {kind.kind} has no ranges; use a set"))
        return None
    with context.sound() as verdict:
        low, high = (
            None if end is None else _literal(context, end, kind, name, exact=False) for end in (bound.low, bound.high)
        )
    if verdict[0] and low is not None and high is not None and steps(low, kind) > steps(high, kind):
        message = f"this range is empty: {low} lies above {high}"
        context.report(htr201_type_mismatch.KIND.at(bound.span, message, help="put the lower end first"))
        return None
    return (Interval(low=low, high=high),)


def _literal(context: Context, node: syntax.Expression, kind: ColumnType, name: str, *, exact: bool) -> str | None:
    value = constant(node, context.report)
    if value is None:
        context.report(htr201_type_mismatch.KIND.at(node.span, "only a literal may stand here"))
        return None
    return literal_text(value, kind, name, context.report, exact)


def derive_columns(context: Context) -> None:
    """Give the derived columns their expressions; one with a mistake stays without."""
    derived: dict[str, Expr] = {}
    for decl in () if context.table is None else context.table.columns:
        if decl.derived is not None and decl.name.value not in derived:
            with context.sound() as verdict:
                expr = context.expression(decl.derived)
                _fits(context, expr, context.columns[decl.name.value])
            if verdict[0]:
                derived[decl.name.value] = expr
    circle = _circle(derived)
    if circle:
        span = context.columns[circle[0]].span or Span("", 0, 0)
        places = {name: context.columns[name].span for name in circle}
        context.report(htr104_cycle.cycle("these derived columns", circle, span, places))
        return
    for name, expr in derived.items():
        context.columns[name] = context.columns[name].model_copy(update={"derived": expr})


def _fits(context: Context, expr: Expr, column: Column) -> None:
    wanted, given = column_type(column.type), context.typer.type(expr)
    joined = join(wanted, given)
    if isinstance(given, BrokenType):
        return
    if joined is None or (isinstance(wanted, NumberType) and not isinstance(joined, NumberType)):
        message = f"`{column.name}` is {describe(wanted)}, but its expression is {describe(given)}"
        context.typer.mismatch(expr.span, message, None)
        return
    context.typer.bind(expr, wanted)


def _circle(derived: dict[str, Expr]) -> list[str]:
    """Derived columns that need each other, first and last the same; empty where there are none."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done or name not in derived:
            return []
        for needed in sorted(columns_of(derived[name])):
            found = visit(needed, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in derived if (found := visit(name, []))), [])

"""Whether a derived column holds what its definition gives."""

from __future__ import annotations

from sqlglot import exp

from htdbu.compiler.exports.sql_parts import build
from htdbu.compiler.exports.sql_parts.build import Sql
from htdbu.compiler.exports.sql_parts.conditions import Conditions
from htdbu.compiler.exports.sql_parts.exactness import is_exact
from htdbu.compiler.exports.sql_parts.terms import factor, is_truth
from htdbu.compiler.lowering.build import linear, product, within
from htdbu.compiler.normal import Abs, Int, RoundDiv, Var, Within


def derived(writer: Conditions, i: int, definition: Int) -> Sql:
    """Whether a derived column holds what its definition gives, null where that is unknown.

    Raises:
        InexpressibleError: where the dialect cannot say it exactly.
    """
    writer.begin(linear(((1, definition), (-1, Var(i)))))
    column, type_ = writer.numbers.column(i), writer.program.columns[i].type
    match type_.kind:
        case "bool":
            return writer.dialect.same(column, build.atom(_truth_of(writer, definition)))
        case "category":
            return writer.dialect.same(column, writer.named(definition, type_.levels))
        case "text":
            return writer.dialect.same(column, writer.text(definition))
        case "int" | "decimal":
            return _number(writer, i, definition)
    if isinstance(definition, Var) and writer.program.columns[definition.column].type.kind == type_.kind:
        return writer.dialect.same(column, writer.numbers.column(definition.column))
    return writer.dialect.same(build.atom(writer.numbers.whole(Var(i))), build.atom(writer.numbers.whole(definition)))


def _number(writer: Conditions, i: int, definition: Int) -> Sql:
    if isinstance(definition, RoundDiv):
        return _rounded(writer, i, definition)
    difference = linear(((1, definition), (-1, Var(i))))
    whole = not is_exact(writer.dialect, writer.lowered, difference, ((0, 0),))
    scale = writer.numbers.scale(whole)
    own = scale(i)
    found = factor(definition, scale) or own
    left = build.times(max(own // found, 1), writer.numbers.write(Var(i), own, whole))
    right = build.times(max(found // own, 1), writer.numbers.write(definition, found, whole))
    return writer.dialect.same(build.atom(left), build.atom(right))


def _rounded(writer: Conditions, i: int, definition: RoundDiv) -> Sql:
    """`x = round(n / d)`: `2 * |n - x * d|` is below `d`, or equal to it where `x` is even; or both are unknown."""
    d = definition.denominator
    off = linear(((2, Abs(linear(((1, definition.numerator), (-1, product(Var(i), d)))))), (-1, d)))
    even = build.compare(
        exp.EQ, build.arithmetic(exp.Mod, build.atom(writer.numbers.whole(Var(i))), build.number(2)), build.number(0)
    )
    below, equal = writer.part(within(off, ((None, -1),))), writer.part(within(off, ((0, 0),)))
    nearest = build.connect(exp.Or, [below, build.connect(exp.And, [equal, even])])
    null, unknown = build.is_null(writer.numbers.column(i)), writer.unknown(definition)
    return build.case([(null, unknown), (unknown, exp.false())], nearest)


def _truth_of(writer: Conditions, term: Int) -> Sql:
    return writer.truth(term) if is_truth(term, writer.lowered.columns) else writer.part(Within(term, ((1, 1),)))

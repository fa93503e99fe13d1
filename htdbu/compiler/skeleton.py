"""The passes over the top-down part: factors, their shares and supports, and targets."""

from __future__ import annotations

from decimal import Decimal

from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import htr102_duplicate_name, htr201_type_mismatch, htr604_bad_shares
from htdbu.compiler.expressions import ColumnRef, Constant, Expr, call
from htdbu.compiler.literals import constant
from htdbu.compiler.program import Attribute, Column, Factor, FactorBranch, Interval, Rule, Target
from htdbu.compiler.schema import intervals
from htdbu.compiler.stated_shares import MOST_VALUES, count_values, shown, stated_shares
from htdbu.compiler.statements import known
from htdbu.compiler.types import DatetimeType, DateType, NumberType, describe
from htdbu.compiler.typing import column_type, constant_type
from htdbu.grammar import syntax
from htdbu.grammar.source import Span


def build_factors(context: Context) -> None:
    """Make the factors, and a hard rule for every support that they state."""
    for statement in context.statements(syntax.FactorDecl):
        assert isinstance(statement, syntax.FactorDecl)
        if not known(context, [statement.column]):
            continue
        with context.sound() as verdict:
            factor = _factor(context, statement)
            rules = [rule for branch in factor.branches for rule in _support_rules(context, factor, branch)]
            _check_names(context, factor, rules)
        if verdict[0]:
            context.factors.append(factor)
            context.rules.extend(rules)


def _check_names(context: Context, factor: Factor, rules: list[Rule]) -> None:
    """Report supports that are stated twice, or that have the name of a rule, and a factor with two distributions."""
    place = Span(context.source.name, 0, 0)
    first = {rule.name: rule.span or place for rule in context.rules}
    for rule in rules:
        if rule.name in first:
            context.report(
                htr102_duplicate_name.duplicate_name("rule", rule.name, rule.span or place, first[rule.name])
            )
        first.setdefault(rule.name, rule.span or place)
    for other in context.factors:
        if factor.shares is not None and other.shares is not None and other.column == factor.column:
            where = factor.span or place
            what = "distribution of"
            context.report(htr102_duplicate_name.duplicate_name(what, factor.column, where, other.span or place))


def _factor(context: Context, statement: syntax.FactorDecl) -> Factor:
    column = context.columns[statement.column.value]
    branches = tuple(_branch(context, arm, column) for arm in statement.arms)
    return Factor(
        column=column.name,
        shares=stated_shares(context, statement.shares, (column,), statement.span),
        branches=tuple(branch for branch in branches if branch is not None),
        doc=statement.doc,
        span=statement.span,
    )


def _branch(context: Context, arm: syntax.FactorArm, column: Column) -> FactorBranch | None:
    collection = arm.value if isinstance(arm.value, syntax.Range) else syntax.Set((arm.value,), arm.value.span)
    values = intervals(context, collection, column.type, column.name)
    attributes = tuple(_attribute(context, decl) for decl in arm.attributes if known(context, [decl.column]))
    if not values:
        return None
    return FactorBranch(values=values[0], attributes=attributes, span=arm.span)


def _attribute(context: Context, decl: syntax.AttributeDecl) -> Attribute:
    column = context.columns[decl.column.value]
    if decl.shares is None:
        allowed = () if decl.allowed is None else intervals(context, decl.allowed, column.type, column.name) or ()
        return Attribute(column=column.name, allowed=allowed, span=decl.span)
    shares = stated_shares(context, decl.shares, (column,), decl.span) or ()
    support = tuple(share.values[0] for share in shares if share.share > 0)
    return Attribute(column=column.name, allowed=support, shares=shares, span=decl.span)


def _support_rules(context: Context, factor: Factor, branch: FactorBranch) -> list[Rule]:
    column = context.columns[factor.column]
    value = shown(branch.values)
    return [
        Rule(
            name=f"{column.name}.{value}.{attribute.column}",
            kind="hard",
            body=call(
                "implies",
                _inside(column, (branch.values,), branch.span),
                _inside(context.columns[attribute.column], attribute.allowed, attribute.span),
                span=attribute.span,
            ),
            origin="factor",
            span=attribute.span,
        )
        for attribute in branch.attributes
    ]


def _inside(column: Column, allowed: tuple[Interval, ...], span: Span | None) -> Expr:
    """The condition that a column lies in a union of intervals."""
    item = ColumnRef(name=column.name, span=span)
    points = [part.low for part in allowed if part.low == part.high and part.low is not None]
    parts: list[Expr] = [call("in", item, *(_value(column, text) for text in points), span=span)] if points else []
    for part in allowed:
        if part.low != part.high:
            ends = [("ge", part.low), ("le", part.high)]
            sides = [call(f, item, _value(column, text), span=span) for f, text in ends if text is not None]
            parts.append(sides[0] if len(sides) == 1 else call("and", *sides, span=span))
    if not parts:
        return call("in", item, span=span)
    return parts[0] if len(parts) == 1 else call("or", *parts, span=span)


def _value(column: Column, text: str) -> Constant:
    match column.type.kind:
        case "int" | "decimal":
            return Constant(type="number", value=text)
        case "bool":
            return Constant(type="bool", value=text == "true")
        case "date":
            return Constant(type="date", value=text)
        case "datetime":
            return Constant(type="datetime", value=text)
        case _:
            return Constant(type="text", value=text)


def build_targets(context: Context) -> None:
    """Make every target that is sound."""
    first: dict[str, Span] = {}
    for statement in context.statements(syntax.TargetDecl):
        assert isinstance(statement, syntax.TargetDecl)
        name = statement.name
        if name.value in first:
            context.report(htr102_duplicate_name.duplicate_name("target", name.value, name.span, first[name.value]))
            continue
        first[name.value] = name.span
        with context.sound() as verdict:
            target = _target(context, statement) if known(context, statement.columns) else None
        if verdict[0] and target is not None:
            context.targets.append(target)


def _target(context: Context, node: syntax.TargetDecl) -> Target:
    columns = tuple(context.columns[name.value] for name in node.columns)
    with context.sound() as verdict:
        _check_measure(context, node, columns)
    low, high = _bounds(context, node, columns) if verdict[0] else (None, None)
    return Target(
        name=node.name.value,
        measure=node.measure,
        condition=None if node.condition is None else context.condition(node.condition, "a share"),
        columns=tuple(column.name for column in columns),
        quantile=None if node.quantile is None else node.quantile.value,
        given=None if node.given is None else context.condition(node.given, "`given`"),
        low=low,
        high=high,
        shares=stated_shares(context, node.shares, columns, node.span),
        real=node.real,
        doc=node.doc,
        span=node.span,
    )


def _check_measure(context: Context, node: syntax.TargetDecl, columns: tuple[Column, ...]) -> None:
    if node.measure == "quantile" and node.quantile is not None and not 0 <= node.quantile.value <= 1:
        share = node.quantile.value
        help = f"did you mean `{share.normalize():f}%`?" if 1 < share <= 100 else None
        context.report(htr201_type_mismatch.KIND.at(node.quantile.span, "a quantile lies between 0 and 1", help=help))
    for name, column in zip(node.columns, columns, strict=True):
        kind = column_type(column.type)
        if node.measure == "dist":
            values = count_values(column)
            if values is None or values > MOST_VALUES:
                message = f"`dist` takes categories, bools and declared ranges of up to {MOST_VALUES} values"
                context.report(htr201_type_mismatch.KIND.at(name.span, message))
        elif not isinstance(kind, NumberType) and not (
            isinstance(kind, DateType | DatetimeType) and node.measure not in ("sum", "mean")
        ):
            message = f"`{node.measure}` takes a number, but `{column.name}` is {describe(kind)}"
            context.report(htr201_type_mismatch.KIND.at(name.span, message))


def _check_share(context: Context, share: Decimal, place: Span) -> None:
    """Whether the bound of a share is one."""
    if not 0 <= share <= 1:
        context.report(htr604_bad_shares.bad_share(place, share, place))


def _bounds(
    context: Context, node: syntax.TargetDecl, columns: tuple[Column, ...]
) -> tuple[Constant | None, Constant | None]:
    """The ends between which the target's value has to lie."""
    wanted = NumberType() if node.measure in ("share", "dist") or not columns else column_type(columns[0].type)
    ends: list[Constant | None] = []
    for literal in (node.low, node.high, node.equal):
        value = None if literal is None else constant(literal, context.report)
        if value is not None and type(constant_type(value)) is not type(wanted):
            place = value.span or node.span
            message = f"the bound is {describe(constant_type(value))}, but the value is {describe(wanted)}"
            context.report(htr201_type_mismatch.KIND.at(place, message))
            value = None
        elif value is not None and node.measure == "share":
            _check_share(context, Decimal(str(value.value)), value.span or node.span)
        ends.append(value)
    low, high, equal = ends
    within = Decimal(0) if node.within is None else node.within.value
    if node.measure == "dist":
        return None, Constant(type="number", value=f"{within:f}")
    if equal is not None and equal.type == "number":
        middle = Decimal(str(equal.value))
        return Constant(type="number", value=f"{middle - within:f}"), Constant(
            type="number", value=f"{middle + within:f}"
        )
    return (equal, equal) if equal is not None else (low, high)

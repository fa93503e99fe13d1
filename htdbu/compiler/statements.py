"""The passes over rules: hard, soft, forbid and when; unique and fd; and the definitions that nothing uses."""

from __future__ import annotations

from collections.abc import Iterable

from htdbu.compiler.context import Context
from htdbu.compiler.declarations import report_twice
from htdbu.compiler.diagnostics.kinds import htr101_unknown_name, htr102_duplicate_name
from htdbu.compiler.expressions import Call, ColumnRef, Expr, call
from htdbu.compiler.program import FunctionalDependency, Rule, Unique
from htdbu.compiler.schema import price
from htdbu.grammar import syntax
from htdbu.grammar.source import Span


def check_definitions(context: Context) -> None:
    """Judge the body of every definition once, its arguments standing for anything."""
    for statement in list(context.scope.defs.values()):
        before = set(context.scope.used)
        if context.scope.extents[statement.name.value].is_too_large:
            context.refuse(statement.body)
            continue
        used = set(context.scope.used)
        anything = {p.value: ColumnRef(name="", span=p.span) for p in statement.params or ()}
        if statement.params is None:
            context.typer.type(context.expression(syntax.Name(statement.name.value, statement.name.span)))
        else:
            context.typer.type(context.expression(statement.body, anything))
        if statement.name.value not in used:
            context.scope.used.discard(statement.name.value)
        if statement.span.file != context.source.name:  # what an imported file uses itself
            context.scope.used = before


def build_rules(context: Context) -> None:
    """Make every rule that is sound, in the order of the file."""
    if context.memory is not None:
        context.memory.begin(context.columns, context.scope)
    first: dict[str, Span] = {}
    for decl, guards in _rules(context.tree.statements, ()):
        if decl.name.value in first:
            earlier = first[decl.name.value]
            context.report(htr102_duplicate_name.duplicate_name("rule", decl.name.value, decl.name.span, earlier))
            continue
        first[decl.name.value] = decl.name.span
        rule = _remembered(context, decl, guards) or _made(context, decl, guards)
        if rule is None:
            context.broken_rules.add(decl.name.value)
        else:
            context.rules.append(rule)


def _rules(
    statements: Iterable[syntax.Statement], guards: tuple[syntax.Expression, ...]
) -> Iterable[tuple[syntax.RuleDecl, tuple[syntax.Expression, ...]]]:
    for statement in statements:
        if isinstance(statement, syntax.RuleDecl):
            yield statement, guards
        elif isinstance(statement, syntax.When):
            yield from _rules(statement.body, (*guards, statement.condition))


def _remembered(context: Context, decl: syntax.RuleDecl, guards: tuple[syntax.Expression, ...]) -> Rule | None:
    """The rule as the last compilation made it, where nothing that it says or names has changed."""
    known = None if context.memory is None else context.memory.recall(decl, guards)
    if known is None:
        return None
    context.scope.used |= known.used
    return known.rule


def _made(context: Context, decl: syntax.RuleDecl, guards: tuple[syntax.Expression, ...]) -> Rule | None:
    """The rule of a declaration; None where it is not sound."""
    findings, used = len(context.findings), context.scope.used
    context.scope.used = set()
    with context.sound() as verdict:
        rule = _rule(context, decl, guards)
    if verdict[0] and context.memory is not None and len(context.findings) == findings:
        context.memory.keep(decl, guards, rule, context.scope.used)
    context.scope.used |= used
    return rule if verdict[0] else None


def _rule(context: Context, decl: syntax.RuleDecl, guards: tuple[syntax.Expression, ...]) -> Rule:
    conditions = [_placed(context.condition(guard, "a premise"), guard) for guard in guards]
    body = _with_premise(context.condition(decl.body, "a rule"), decl.body)
    return Rule(
        name=decl.name.value,
        kind="soft" if decl.kind == "soft" else "hard",
        body=call("not", body, span=body.span) if decl.kind == "forbid" else body,
        guard=_all(conditions),
        weight=price(context, decl.weight, "the weight of a soft rule") if decl.kind == "soft" else None,
        origin=decl.kind,
        doc=decl.doc,
        span=decl.span,
    )


def _with_premise(body: Expr, node: syntax.Expression) -> Expr:
    """A rule whose premise has its place in the rule, also where it is a definition."""
    if not (isinstance(node, syntax.Binary) and node.operator == "=>" and isinstance(body, Call)):
        return body
    premise = _placed(body.args[0], node.left)
    return body if premise is body.args[0] else body.model_copy(update={"args": (premise, *body.args[1:])})


def _placed(expr: Expr, node: syntax.Expression) -> Expr:
    return expr if expr.span == node.span else expr.model_copy(update={"span": node.span})


def _all(conditions: list[Expr]) -> Expr | None:
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else call("and", *conditions, span=conditions[0].span)


def build_table_rules(context: Context) -> None:
    """Make the rules over several rows: unique and fd."""
    first: dict[str, Span] = {}
    for statement in context.statements(syntax.UniqueDecl, syntax.FdDecl):
        if isinstance(statement, syntax.UniqueDecl):
            report_twice(context, "column", statement.columns)
            if known(context, statement.columns):
                columns = tuple(name.value for name in statement.columns)
                unique = Unique(columns=columns, doc=statement.doc, span=statement.span)
                context.uniques += [unique] if _is_new(context, unique, first) else []
        elif isinstance(statement, syntax.FdDecl):
            report_twice(context, "column", (*statement.left, *statement.right))
            if known(context, (*statement.left, *statement.right)):
                left, right = (tuple(name.value for name in side) for side in (statement.left, statement.right))
                dependency = FunctionalDependency(left=left, right=right, doc=statement.doc, span=statement.span)
                context.dependencies += [dependency] if _is_new(context, dependency, first) else []


def _is_new(context: Context, rule: Unique | FunctionalDependency, first: dict[str, Span]) -> bool:
    """Whether a rule over several rows stands here for the first time; else it is reported."""
    place = rule.span or Span(context.source.name, 0, 0)
    if rule.name in first:
        context.report(htr102_duplicate_name.duplicate_name("rule", rule.name, place, first[rule.name]))
        return False
    first[rule.name] = place
    return True


def known(context: Context, names: Iterable[syntax.Name]) -> bool:
    """Whether all names are columns; those that are not are reported."""
    good = True
    for name in names:
        if name.value not in context.columns:
            good = False
            if name.value in context.scope.lost:
                context.mark_broken()
            else:
                context.report(htr101_unknown_name.unknown_name("column", name.value, name.span, context.columns))
    return good

"""The pass over `test` blocks: example rows, resolved and typed; what they claim is judged by the solver."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import (
    htr101_unknown_name,
    htr102_duplicate_name,
    htr201_type_mismatch,
    htr208_arity,
)
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import Constant
from htdbu.compiler.literals import Report, constant, literal_text
from htdbu.compiler.program import (
    Column,
    Example,
    ExampleCell,
    ExampleTest,
    FunctionalDependency,
    Rule,
    Unique,
)
from htdbu.compiler.types import describe
from htdbu.compiler.typing import constant_type
from htdbu.grammar import syntax
from htdbu.grammar.source import Span


def build_tests(context: Context) -> None:
    """Make every test whose examples are sound."""
    first: dict[str, Span] = {}
    for statement in context.statements(syntax.TestDecl):
        assert isinstance(statement, syntax.TestDecl)
        title = statement.title
        if title.value in first:
            context.report(htr102_duplicate_name.duplicate_name("test", title.value, title.span, first[title.value]))
            continue
        first[title.value] = title.span
        with context.sound() as verdict:
            examples = tuple(_example(context, decl) for decl in statement.examples)
        if verdict[0]:
            context.tests.append(ExampleTest(title=title.value, examples=examples, span=statement.span))


def _example(context: Context, decl: syntax.ExampleDecl) -> Example:
    if decl.by is not None:
        _check_rule(context, decl.by)
    by = None if decl.by is None else decl.by.value
    cells = tuple(cell for name, literal in decl.cells if (cell := _cell(context, name, literal, by)) is not None)
    _check_repeats("cell", [(name.value, name.span) for name, _ in decl.cells], context.report)
    return Example(kind=decl.kind, cells=cells, by=by, span=decl.span)


def _check_repeats(what: str, names: Iterable[tuple[str, Span]], report: Report) -> None:
    """Report names that stand twice."""
    first: dict[str, Span] = {}
    for name, span in names:
        if name in first:
            report(htr102_duplicate_name.duplicate_name(what, name, span, first[name]))
        first.setdefault(name, span)


def _check_rule(context: Context, name: syntax.Name) -> None:
    """Demand the name of a rule that looks at one row."""
    single, several = _rule_names(context.rules, context.uniques, context.dependencies, context.columns)
    if name.value in single:
        return
    lost = name.value in context.broken_rules or name.value.partition(".")[0] in context.scope.lost
    if lost and name.value not in several:
        context.mark_broken()
    else:
        context.report(_no_rule(name.value, name.span, single, several))


def _rule_names(
    rules: Iterable[Rule],
    uniques: Iterable[Unique],
    dependencies: Iterable[FunctionalDependency],
    columns: Mapping[str, Column],
) -> tuple[list[str], list[str]]:
    """The names of the rules that look at one row, and of those that look at several."""
    keys = [f"key({column.name})" for column in columns.values() if column.key]
    several = [*(unique.name for unique in uniques), *(fd.name for fd in dependencies), *keys]
    return [*(rule.name for rule in rules), *column_rules(columns.values())], several


def _no_rule(name: str, span: Span, single: Iterable[str], several: Collection[str]) -> Diagnostic:
    """What is wrong with a name that no rule about one row has."""
    if name in several:
        return htr208_arity.KIND.at(span, f"`{name}` is about several rows, so no row breaks it by itself")
    return htr101_unknown_name.unknown_name("rule", name, span, single)


def column_rules(columns: Iterable[Column]) -> Iterator[str]:
    """The names of the rules that columns bring with them."""
    for column in columns:
        yield from (f"{column.name}.domain", f"{column.name}.null")
        if column.derived is not None:
            yield f"{column.name}.derived"


def _cell(context: Context, name: syntax.Name, literal: syntax.LiteralNode, by: str | None) -> ExampleCell | None:
    """A cell of an example; one that no domain allows may only stand where that is what is rejected."""
    value = constant(literal, context.report)
    column = context.columns.get(name.value)
    if column is None:
        if name.value in context.scope.lost:
            context.mark_broken()
        else:
            context.report(htr101_unknown_name.unknown_name("column", name.value, name.span, context.columns))
        return None
    if value is None or not (value.type == "null" or _fits(context.report, value, column, by)):
        return None
    return ExampleCell(column=column.name, value=value, span=name.span)


def _fits(report: Report, value: Constant, column: Column, by: str | None) -> bool:
    if by == f"{column.name}.domain" and column.type.kind == "category" and value.type == "text":
        return True
    if column.type.kind == "bool" and value.type == "number":
        what = describe(constant_type(value))
        place = value.span or Span("", 0, 0)
        message = f"{what} is no value of the bool column `{column.name}`"
        report(htr201_type_mismatch.KIND.at(place, message, help="write `true` or `false`"))
        return False
    return literal_text(value, column.type, column.name, report) is not None

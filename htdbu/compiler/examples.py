"""The pass over `test` blocks: example rows, resolved and typed; what they claim is judged by the solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import (
    htr101_unknown_name,
    htr102_duplicate_name,
    htr201_type_mismatch,
    htr208_arity,
)
from htdbu.compiler.expressions import Constant
from htdbu.compiler.literals import constant, literal_text
from htdbu.compiler.program import Column, Example, ExampleCell, ExampleTest
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
    first: dict[str, Span] = {}
    for name, _ in decl.cells:
        if name.value in first:
            context.report(htr102_duplicate_name.duplicate_name("cell", name.value, name.span, first[name.value]))
        first.setdefault(name.value, name.span)
    return Example(kind=decl.kind, cells=cells, by=by, span=decl.span)


def _check_rule(context: Context, name: syntax.Name) -> None:
    """Demand the name of a rule that looks at one row."""
    known = [*(rule.name for rule in context.rules), *column_rules(context.columns.values())]
    several = [unique.name for unique in context.uniques] + [fd.name for fd in context.dependencies]
    several += [f"key({column.name})" for column in context.columns.values() if column.key]
    if name.value in several:
        message = f"`{name.value}` is about several rows, so no row breaks it by itself"
        context.report(htr208_arity.KIND.at(name.span, message))
    elif name.value not in known:
        if name.value in context.broken_rules or name.value.partition(".")[0] in context.scope.lost:
            context.mark_broken()
        else:
            context.report(htr101_unknown_name.unknown_name("rule", name.value, name.span, known))


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
    if value is None or not (value.type == "null" or _fits(context, value, column, by)):
        return None
    return ExampleCell(column=column.name, value=value, span=name.span)


def _fits(context: Context, value: Constant, column: Column, by: str | None) -> bool:
    if by == f"{column.name}.domain" and column.type.kind == "category" and value.type == "text":
        return True
    if column.type.kind == "bool" and value.type == "number":
        what = describe(constant_type(value))
        place = value.span or Span("", 0, 0)
        message = f"{what} is no value of the bool column `{column.name}`"
        context.report(htr201_type_mismatch.KIND.at(place, message, help="write `true` or `false`"))
        return False
    return literal_text(value, column.type, column.name, context.report) is not None

"""Where every name of a file stands: its declaration and its uses, found by walking the syntax tree once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from htdbu.grammar import syntax
from htdbu.grammar.source import Source, Span

Space = Literal["name", "argument", "rule", "target", "table", "test"]
"""Columns, params, definitions and lookups share one space; an argument's is its definition."""


@dataclass(frozen=True)
class Occurrence:
    """A name at a place.

    Attributes:
        scope: of an argument the name of its definition.
        is_call: whether it stands before an argument list.
        node: what it declares; None for a use.
    """

    name: str
    span: Span
    space: Space = "name"
    scope: str = ""
    is_call: bool = False
    node: Any = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells two names apart."""
        return self.space, self.scope, self.name


def occurrences(statements: Iterable[syntax.Statement], source: Source) -> list[Occurrence]:
    """All names of some statements, in text order."""
    found = [occurrence for statement in statements for occurrence in _statement(statement, source)]
    return sorted(found, key=lambda occurrence: occurrence.span.start)


def _statement(node: syntax.Statement, source: Source) -> Iterator[Occurrence]:
    match node:
        case syntax.Table():
            yield Occurrence(node.name.value, node.name.span, "table", node=node)
            for column in node.columns:
                yield Occurrence(column.name.value, column.name.span, node=column)
                yield from _uses((column.type.pool_by, column.bound, column.derived))
        case syntax.ParamDecl():
            yield Occurrence(node.name.value, node.name.span, node=node)
        case syntax.DefDecl():
            yield from _definition(node)
        case syntax.LookupDecl():
            yield Occurrence(node.name.value, node.name.span, node=node)
        case syntax.RuleDecl():
            yield Occurrence(node.name.value, node.name.span, "rule", node=node)
            yield from _uses(node.body)
        case syntax.When():
            yield from _uses(node.condition)
            for inner in node.body:
                yield from _statement(inner, source)
        case syntax.TargetDecl():
            yield Occurrence(node.name.value, node.name.span, "target", node=node)
            yield from _uses((node.columns, node.condition, node.given))
        case syntax.TestDecl():
            yield Occurrence(node.title.value, node.title.span, "test", node=node)
            for example in node.examples:
                yield from _uses(tuple(name for name, _ in example.cells))
                yield from _rejected(example.by, source)
        case syntax.UniqueDecl() | syntax.FdDecl() | syntax.FactorDecl():
            yield from _uses(node)


def _definition(node: syntax.DefDecl) -> Iterator[Occurrence]:
    name = node.name.value
    yield Occurrence(name, node.name.span, node=node)
    arguments = {argument.value for argument in node.params or ()}
    for argument in node.params or ():
        yield Occurrence(argument.value, argument.span, "argument", name, node=argument)
    for use in _uses(node.body):
        is_argument = use.name in arguments and not use.is_call
        yield Occurrence(use.name, use.span, "argument", name) if is_argument else use


def _rejected(by: syntax.Name | None, source: Source) -> Iterator[Occurrence]:
    """The rule that an example names, or the column of a column's own rule, as in `by "age.domain"`."""
    if by is None:
        return
    is_quoted = source.text[by.span.start : by.span.end].startswith('"')
    column, dot, _ = by.value.partition(".")
    start = by.span.start + is_quoted
    if is_quoted and dot:
        yield Occurrence(column, Span(by.span.file, start, start + len(column)))
    else:
        yield Occurrence(by.value, Span(by.span.file, start, by.span.end - is_quoted), "rule")


def _uses(root: Any) -> Iterator[Occurrence]:
    """The names in expressions and lists of names."""
    todo = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo.extend(node)
        elif isinstance(node, syntax.Name):
            yield Occurrence(node.value, node.span)
        elif isinstance(node, syntax.Apply):
            yield Occurrence(node.name.value, node.name.span, is_call=True)
            todo.extend(node.args)
        else:
            todo.extend(getattr(node, name) for name in getattr(node, "__slots__", ()) if name != "span")

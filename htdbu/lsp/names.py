"""Where every name of a file stands: its declaration and its uses, found by walking the syntax tree once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from htdbu.grammar import syntax
from htdbu.grammar.source import Source, Span

Space = Literal["name", "argument", "rule", "target", "table", "test", "function", "pattern"]
"""Columns, params, definitions and lookups share one space; an argument's is its definition."""
_ABOUT_ROWS = re.compile(r"(?:key|unique|fd)\((.*)\)", re.DOTALL)
"""The reported names of rules about several rows."""


@dataclass(frozen=True)
class Occurrence:
    """A name at a place.

    Attributes:
        scope: of an argument the name of its definition.
        is_call: whether it stands before an argument list.
        is_quoted: whether it stands inside quotes, without back-ticks.
        node: what it declares; None for a use.
    """

    name: str
    span: Span
    space: Space = "name"
    scope: str = ""
    is_call: bool = False
    is_quoted: bool = False
    node: Any = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells two names apart."""
        return self.space, self.scope, self.name


Found = dict[int, tuple[syntax.Statement, list[Occurrence]]]
"""The names of statements that were looked through before; their places move with the text as the statements do."""


def occurrences(
    statements: Iterable[syntax.Statement],
    source: Source,
    callables: Collection[str],
    columns: Collection[str],
    found: Found | None = None,
) -> list[Occurrence]:
    """All names of some statements, in text order.

    Args:
        callables: the definitions and lookups; before an argument list another name is a function's.
        columns: the columns that the name of a reported rule may begin with.
        found: what was found in an earlier state of the text; what is found now takes its place.
    """
    known = {} if found is None else dict(found)
    now: Found = {}
    for statement in statements:
        before = known.get(id(statement))
        if before is None or before[0] is not statement or isinstance(statement, syntax.TestDecl):
            inside = sorted(_statement(statement, source, columns), key=lambda one: one.span.start)
            before = statement, inside
        now[id(statement)] = before
    if found is not None:
        found.clear()
        found.update(now)
    names = (one for _, inside in now.values() for one in inside)
    return [replace(one, space="function") if one.is_call and one.name not in callables else one for one in names]


def _statement(node: syntax.Statement, source: Source, columns: Collection[str]) -> Iterator[Occurrence]:
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
                yield from _statement(inner, source, columns)
        case syntax.TargetDecl():
            yield Occurrence(node.name.value, node.name.span, "target", node=node)
            yield from _uses((node.columns, node.condition, node.given))
        case syntax.TestDecl():
            yield Occurrence(node.title.value, node.title.span, "test", node=node)
            for example in node.examples:
                yield from _uses(tuple(name for name, _ in example.cells))
                yield from _rejected(example.by, source, columns)
        case syntax.UniqueDecl() | syntax.FdDecl() | syntax.FactorDecl():
            yield from _uses(node)


def _definition(node: syntax.DefDecl) -> Iterator[Occurrence]:
    name = node.name.value
    yield Occurrence(name, node.name.span, node=node)
    arguments = {argument.value for argument in node.params or ()}
    for argument in node.params or ():
        yield Occurrence(argument.value, argument.span, "argument", name, node=argument)
    for use in _uses(node.body):
        is_argument = use.name in arguments and use.space == "name" and not use.is_call
        yield Occurrence(use.name, use.span, "argument", name) if is_argument else use


def _rejected(by: syntax.Name | None, source: Source, columns: Collection[str]) -> Iterator[Occurrence]:
    """What an example names: a rule, or in quotes also the columns of a rule that they bring with them."""
    if by is None:
        return
    if source.text[by.span.start : by.span.start + 1] != '"':
        yield Occurrence(by.value, by.span, "rule")
        return
    start = by.span.start + 1
    parts = [*_columns_in(by.value, columns)] if len(by.value) == by.span.end - start - 1 else []
    for word, place in parts:
        yield Occurrence(word, Span(by.span.file, start + place, start + place + len(word)), is_quoted=True)
    if not parts:
        yield Occurrence(by.value, Span(by.span.file, start, by.span.end - 1), "rule", is_quoted=True)


def _columns_in(name: str, columns: Collection[str]) -> Iterator[tuple[str, int]]:
    """The columns in a reported name like `age.domain`, `job.clerk.pay`, `unique(a, b)`, and where they stand in it."""
    rows = _ABOUT_ROWS.fullmatch(name)
    if rows is not None:
        for word in re.finditer(r"[^,\s](?:[^,\n]*?[^,\s])?(?=\s*(?:,|->|$))", rows[1]):
            if word[0] in columns:
                yield word[0], rows.start(1) + word.start()
        return
    first = max((column for column in columns if name.startswith(f"{column}.")), key=len, default=None)
    if first is None:
        return
    yield first, 0
    last = max((column for column in columns if name.endswith(f".{column}")), key=len, default=None)
    if last is not None and len(name) > len(first) + len(last) + 1:
        yield last, len(name) - len(last)


def _uses(root: Any) -> Iterator[Occurrence]:
    """The names in expressions and lists of names."""
    todo = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo.extend(node)
        elif isinstance(node, syntax.Name):
            yield Occurrence(node.value, node.span)
        elif isinstance(node, syntax.Pattern):
            yield Occurrence(node.value, node.span, "pattern")
        elif isinstance(node, syntax.Apply):
            yield Occurrence(node.name.value, node.name.span, is_call=True)
            todo.extend(node.args)
        else:
            todo.extend(getattr(node, name) for name in getattr(node, "__slots__", ()) if name != "span")

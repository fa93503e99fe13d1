"""A file as the kinds of findings see it when they turn a help into edits: its text and its syntax tree."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from htdbu.compiler.diagnostics.model import Diagnostic, Edit
from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source, Span
from htdbu.grammar.words import RESERVED

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OWN_COMMENT = re.compile(r"[ \t]*(?:##|#[ \t]*htr:)")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")

Part = TypeVar("Part")


class View:
    """The sources of a compilation and the tree of its main file.

    Args:
        tree: the tree of the main source, where it was parsed already.
    """

    def __init__(
        self, source: Source, sources: Mapping[str, Source] | None = None, tree: syntax.Tree | None = None
    ) -> None:
        self.source = source
        self.sources = {source.name: source} if sources is None else sources
        self._tree = tree
        self._nodes: dict[int, list[tuple[Any, Any]]] = {}

    @cached_property
    def tree(self) -> syntax.Tree:
        """The syntax tree of the main file."""
        return parse(self.source) if self._tree is None else self._tree

    def text(self, span: Span) -> str:
        """What stands at a place of any of the files; empty where the file is not known."""
        return self.sources[span.file].text[span.start : span.end] if span.file in self.sources else ""

    def parts(self, kind: type[Part]) -> Iterator[Part]:
        """All nodes of a kind in the tree of the main file, outer ones before inner ones."""
        numbers = range(len(self.tree.statements))
        return (node for number in numbers for node, _ in self._nodes_of(number) if isinstance(node, kind))

    def at(self, kind: type[Part], span: Span) -> Part | None:
        """The node of a kind that stands exactly at a place."""
        return next((node for node in self._near(kind, span) if getattr(node, "span", None) == span), None)

    def around(self, kind: type[Part], span: Span) -> Part | None:
        """The innermost node of a kind that a place lies in."""
        near = reversed([*self._near(kind, span)])
        return next((node for node in near if covers(getattr(node, "span", None), span)), None)

    def within(self, kind: type[Part], span: Span) -> list[Part]:
        """The nodes of a kind that lie in a place."""
        return [node for node in self._near(kind, span) if covers(span, getattr(node, "span", None))]

    def parent(self, node: Any) -> object:
        """The node that another one is a direct part of."""
        return next((parent for child, parent in self._nodes_of(self._statement(node.span)) if child is node), None)

    def _near(self, kind: type[Part], span: Span) -> Iterator[Part]:
        """The nodes of a kind in the statement that a place lies in."""
        return (node for node, _ in self._nodes_of(self._statement(span)) if isinstance(node, kind))

    def _statement(self, span: Span) -> int:
        """The number of the statement of the main file that a place lies in; -1 where it lies in none."""
        return bisect_right(self._starts, span.start) - 1 if span.file == self.source.name else -1

    @cached_property
    def _starts(self) -> list[int]:
        return [statement.span.start for statement in self.tree.statements]

    def column(self, name: str) -> syntax.ColumnDecl | None:
        """The declaration of a column."""
        return next((decl for decl in self.columns() if decl.name.value == name), None)

    def columns(self) -> Iterator[syntax.ColumnDecl]:
        """The declarations of all columns."""
        for statement in self.tree.statements:
            if isinstance(statement, syntax.Table):
                yield from statement.columns

    def after_type(self, column: syntax.ColumnDecl, text: str) -> Edit:
        """Put a modifier behind a column's type and bound."""
        parts = [column.type.span] if column.bound is None else [column.type.span, column.bound.span]
        return inserted(max(parts, key=lambda span: span.end), f" {text}")

    def removal(self, span: Span, own_comments: bool = True) -> Edit:
        """Delete a place, with its lines where nothing else stands on them.

        Args:
            own_comments: whether the doc comments and ignores right before it go too.
        """
        text = self.sources[span.file].text
        start = text.rfind("\n", 0, span.start) + 1
        rest = _REST_OF_LINE.match(text, span.end)
        if text[start : span.start].strip(" \t") or rest is None:
            return Edit(span, "")
        while own_comments and start and _OWN_COMMENT.match(text, before := text.rfind("\n", 0, start - 1) + 1):
            start = before
        return Edit(Span(span.file, start, rest.end()), "")

    def _nodes_of(self, number: int) -> list[tuple[Any, Any]]:
        """Every node of a statement and the node that it is a part of, outer ones before inner ones."""
        if number not in self._nodes:
            found: list[tuple[Any, Any]] = []
            todo: list[tuple[Any, Any]] = [] if number < 0 else [(self.tree.statements[number], None)]
            while todo:
                node, parent = todo.pop()
                found.append((node, parent))
                todo.extend((part, node) for part in reversed([*_parts(node)]))
            self._nodes[number] = found
        return self._nodes[number]


def _parts(node: Any) -> Iterator[Any]:
    for name in getattr(node, "__slots__", ()):
        value = getattr(node, name)
        for part in value if isinstance(value, tuple) else (value,):
            inner = part if isinstance(part, tuple) else (part,)
            yield from (one for one in inner if hasattr(one, "__slots__") and not isinstance(one, Span))


def covers(outer: Span | None, inner: Span | None) -> bool:
    """Whether one place lies in another."""
    if outer is None or inner is None:
        return False
    return outer.file == inner.file and outer.start <= inner.start and inner.end <= outer.end


def inserted(span: Span, text: str) -> Edit:
    """Put a text behind a place."""
    return Edit(Span(span.file, span.end, span.end), text)


def spelt(name: str) -> str:
    """A name as a file writes it: in back-ticks where it needs them."""
    return name if _NAME.fullmatch(name) and name not in RESERVED else f"`{name}`"


def quoted(text: str) -> str:
    """A text as a file writes it: in double quotes, with escapes."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(sign, sign) for sign in text) + '"'


def with_fixes(findings: Iterable[Diagnostic], view: View) -> list[Diagnostic]:
    """The findings, with the edits of those helps that a program can carry out.

    While a file has errors, only the fixes of errors are beyond doubt: an import or an ignore that seems to be of no
    use may be needed by what cannot be read yet.
    """
    fixed = [_with_fix(finding, view) for finding in findings]
    if not any(finding.is_error for finding in fixed):
        return fixed
    return [finding if finding.is_error else _doubted(finding) for finding in fixed]


def _with_fix(finding: Diagnostic, view: View) -> Diagnostic:
    fixer = finding.kind.fixer
    if fixer is None:
        return finding
    fix = fixer(finding, view)
    help = finding.help if fix is None or finding.fix is not None or finding.help else fix.title
    return replace(finding, fix=fix, help=help)


def _doubted(finding: Diagnostic) -> Diagnostic:
    return finding if finding.fix is None else replace(finding, fix=replace(finding.fix, is_safe=False))

"""The outline of a file, and what of it can be folded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsprotocol import types

from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.lsp.document import Document
from htdbu.lsp.server import HtrServer

_COMMENTS = re.compile(r"(?:^[ \t]*#[^\n]*\n?){2,}", re.MULTILINE)


def symbols(document: Document) -> list[types.DocumentSymbol]:
    """Every statement that has a name, columns inside their table and rules inside their `when`."""
    return [symbol for statement in document.tree.statements for symbol in _symbols(document, statement)]


def _symbols(document: Document, node: syntax.Statement) -> Iterator[types.DocumentSymbol]:
    kinds = types.SymbolKind
    match node:
        case syntax.Table():
            columns = [_symbol(document, c.name.value, kinds.Field, c.span, c.name.span) for c in node.columns]
            yield _symbol(document, node.name.value, kinds.Class, node.span, node.name.span, columns)
        case syntax.ParamDecl():
            yield _symbol(document, node.name.value, kinds.Constant, node.span, node.name.span)
        case syntax.DefDecl():
            yield _symbol(document, node.name.value, kinds.Function, node.span, node.name.span)
        case syntax.LookupDecl():
            yield _symbol(document, node.name.value, kinds.Array, node.span, node.name.span)
        case syntax.RuleDecl():
            yield _symbol(document, node.name.value, kinds.Boolean, node.span, node.name.span)
        case syntax.When():
            inner = [symbol for part in node.body for symbol in _symbols(document, part)]
            condition = node.condition.span
            name = f"when {document.source.text[condition.start : condition.end]}"
            yield _symbol(document, name, kinds.Namespace, node.span, condition, inner)
        case syntax.FactorDecl():
            yield _symbol(document, f"factor {node.column.value}", kinds.Enum, node.span, node.column.span)
        case syntax.TargetDecl():
            yield _symbol(document, node.name.value, kinds.Number, node.span, node.name.span)
        case syntax.TestDecl():
            yield _symbol(document, node.title.value or '""', kinds.Method, node.span, node.title.span)
        case syntax.UniqueDecl() | syntax.FdDecl():
            text = document.source.text[node.span.start : node.span.end]
            yield _symbol(document, " ".join(text.split()), kinds.Key, node.span, node.span)


def _symbol(
    document: Document,
    name: str,
    kind: types.SymbolKind,
    span: Span,
    chosen: Span,
    children: list[types.DocumentSymbol] | None = None,
) -> types.DocumentSymbol:
    ranges = document.positions.range(span), document.positions.range(chosen)
    return types.DocumentSymbol(name=name, kind=kind, range=ranges[0], selection_range=ranges[1], children=children)


def folds(document: Document) -> list[types.FoldingRange]:
    """Statements and comments of several lines."""
    found = []
    todo = list(document.tree.statements)
    while todo:
        node = todo.pop(0)
        todo.extend(node.body if isinstance(node, syntax.When) else ())
        lines = [document.positions.line(place) for place in (node.span.start, node.span.end)]
        if lines[0] < lines[1]:
            found.append(types.FoldingRange(lines[0], lines[1]))
    for comment in _COMMENTS.finditer(document.source.text):
        first, last = (document.positions.line(place) for place in (comment.start(), comment.end() - 1))
        found.append(types.FoldingRange(first, last, kind=types.FoldingRangeKind.Comment))
    return found


def register(server: HtrServer) -> None:
    """Offer it."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outline(ls: HtrServer, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        document = ls.document(params.text_document.uri)
        return [] if document is None else symbols(document)

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def fold(ls: HtrServer, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        document = ls.document(params.text_document.uri)
        return [] if document is None else folds(document)

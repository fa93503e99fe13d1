"""Hover: what stands under the pointer, a name, a word, an expression or the code of a finding."""

from __future__ import annotations

import re

from lsprotocol import types

from htdbu.compiler.diagnostics.registry import all_kinds
from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.lsp.cursor import word_at
from htdbu.lsp.describe import described
from htdbu.lsp.document import Document
from htdbu.lsp.inference import expression_at, inferred, text_of
from htdbu.lsp.server import HtrServer
from htdbu.lsp.words import meaning

_CODE = re.compile(r"HTR\d{3}")


def hover(document: Document, offset: int) -> tuple[str, Span] | None:
    """Markdown about what is at a place, and the stretch that it is about."""
    for asked in (_code, _name, _word, _expression):
        found = asked(document, offset)
        if found is not None:
            return found
    return None


def _code(document: Document, offset: int) -> tuple[str, Span] | None:
    for word in _CODE.finditer(document.source.text, max(offset - 6, 0), offset + 6):
        kind = all_kinds().get(word[0])
        if word.start() <= offset <= word.end() and kind is not None:
            text = f"**{kind.code} {kind.name}** ({kind.severity})\n\n{kind.meaning} {kind.why}"
            return text, document.source.span(*word.span())
    return None


def _name(document: Document, offset: int) -> tuple[str, Span] | None:
    name = document.name_at(offset)
    text = None if name is None else described(document, name)
    return None if name is None or text is None else (text, name.span)


def _word(document: Document, offset: int) -> tuple[str, Span] | None:
    found = word_at(document.source.text, offset)
    if found is None or document.name_at(offset) is not None:
        return None
    start, word, head = found
    told = meaning(word, head)
    if told is None:
        return None
    text, span = f"```htr\n{told[0]}\n```\n\n{told[1]}", document.source.span(start, start + len(word))
    kind = _expression(document, offset)
    return (text if kind is None else f"{text}\n\n{kind[0]}"), span


def _expression(document: Document, offset: int) -> tuple[str, Span] | None:
    node = expression_at(document, offset)
    told = None if node is None or isinstance(node, syntax.Name) else inferred(document, node)
    return None if node is None or told is None else (f"`{text_of(document, node.span)}`: {told}", node.span)


def register(server: HtrServer) -> None:
    """Offer it."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def show(ls: HtrServer, params: types.HoverParams) -> types.Hover | None:
        document = ls.document(params.text_document.uri)
        found = None if document is None else hover(document, document.positions.offset(params.position))
        if document is None or found is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, found[0])
        return types.Hover(content, document.positions.range(found[1]))

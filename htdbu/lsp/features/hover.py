"""Hover: what stands under the pointer, a name or the code of a finding."""

from __future__ import annotations

import re

from lsprotocol import types

from htdbu.compiler.diagnostics.registry import all_kinds
from htdbu.grammar.source import Span
from htdbu.lsp.describe import described
from htdbu.lsp.document import Document
from htdbu.lsp.server import HtrServer

_CODE = re.compile(r"HTR\d{3}")


def hover(document: Document, offset: int) -> tuple[str, Span] | None:
    """Markdown about what is at a place, and the stretch that it is about."""
    for word in _CODE.finditer(document.source.text, max(offset - 6, 0), offset + 6):
        kind = all_kinds().get(word[0])
        if word.start() <= offset <= word.end() and kind is not None:
            text = f"**{kind.code} {kind.name}** ({kind.severity})\n\n{kind.meaning} {kind.why}"
            return text, Span(document.source.name, *word.span())
    name = document.name_at(offset)
    text_or_none = None if name is None else described(document, name)
    return None if name is None or text_or_none is None else (text_or_none, name.span)


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

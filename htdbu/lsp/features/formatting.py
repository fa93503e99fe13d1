"""Lay the file out as `htdbu fmt` does."""

from __future__ import annotations

from lsprotocol import types

from htdbu.grammar.formatting import format_source
from htdbu.grammar.source import Span
from htdbu.lsp.document import Document
from htdbu.lsp.server import HtrServer


def formatting(document: Document) -> list[types.TextEdit] | None:
    """One edit of the whole file; none where it is laid out well, None where it has syntax errors."""
    text = format_source(document.source, document.tree)
    if text is None:
        return None
    if text == document.source.text:
        return []
    whole = Span(document.source.name, 0, len(document.source.text))
    return [types.TextEdit(document.positions.range(whole), text)]


def register(server: HtrServer) -> None:
    """Offer it."""

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def lay_out(ls: HtrServer, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        document = ls.document(params.text_document.uri)
        return None if document is None else formatting(document)

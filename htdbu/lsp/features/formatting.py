"""Lay the file out as `htdbu fmt` does."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import accumulate

from lsprotocol import types

from htdbu.grammar.formatting import format_source
from htdbu.lsp.document import Document
from htdbu.lsp.server import HtrServer

_MOST_LINES = 5_000
"""Files with more are given as a whole; telling what changed would take too long."""


def formatting(document: Document) -> list[types.TextEdit] | None:
    """Edits of the lines that change; none where the file is laid out well, None where it has syntax errors."""
    text = format_source(document.source, document.tree)
    if text is None:
        return None
    return [
        types.TextEdit(document.positions.range(document.source.span(start, end)), put)
        for start, end, put in _changes(document.source.text, text)
    ]


def _changes(before: str, after: str) -> Iterator[tuple[int, int, str]]:
    """What to put between which places of a text to make another one of it."""
    old, new = (text.splitlines(keepends=True) for text in (before, after))
    if max(len(old), len(new)) > _MOST_LINES:
        yield 0, len(before), after
        return
    places = [*accumulate(map(len, old), initial=0)]
    for kind, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield places[first], places[last], "".join(new[begin:end])


def register(server: HtrServer) -> None:
    """Offer it."""

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def lay_out(ls: HtrServer, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        document = ls.document(params.text_document.uri)
        return None if document is None else formatting(document)

"""Go to definition, find all references, and mark them in the file."""

from __future__ import annotations

from lsprotocol import types

from htdbu.lsp.document import Document
from htdbu.lsp.names import Occurrence
from htdbu.lsp.server import HtrServer


def definition(document: Document, offset: int) -> types.Location | None:
    """Where the name at a place is declared."""
    name = document.name_at(offset)
    declared = None if name is None else document.declaration(name.key)
    return None if declared is None else document.location(declared)


def references(document: Document, offset: int, with_declaration: bool = True) -> list[Occurrence]:
    """The uses of the name at a place, in this file and the ones that it imports."""
    name = document.name_at(offset)
    if name is None or (name.is_call and document.declaration(name.key) is None):
        return []
    lists = [document.names, *document.imported.values()]
    same = [other for names in lists for other in names if other.key == name.key]
    return [other for other in same if with_declaration or other.node is None]


def register(server: HtrServer) -> None:
    """Offer it."""

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def go(ls: HtrServer, params: types.DefinitionParams) -> types.Location | None:
        document = ls.document(params.text_document.uri)
        return None if document is None else definition(document, document.positions.offset(params.position))

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def find(ls: HtrServer, params: types.ReferenceParams) -> list[types.Location]:
        document = ls.document(params.text_document.uri)
        if document is None:
            return []
        offset = document.positions.offset(params.position)
        found = references(document, offset, params.context.include_declaration)
        return [document.location(occurrence) for occurrence in found]

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def mark(ls: HtrServer, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
        document = ls.document(params.text_document.uri)
        if document is None:
            return []
        found = references(document, document.positions.offset(params.position))
        here = [occurrence for occurrence in found if occurrence.span.file == document.source.name]
        return [types.DocumentHighlight(document.positions.range(occurrence.span)) for occurrence in here]

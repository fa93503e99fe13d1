"""Go to definition, find all references, and mark them in the file."""

from __future__ import annotations

from lsprotocol import types

from htdbu.lsp.document import Document
from htdbu.lsp.names import Occurrence
from htdbu.lsp.references import references
from htdbu.lsp.server import HtrServer


def definition(document: Document, offset: int) -> types.Location | None:
    """Where the name at a place is declared, or the file that an import names begins."""
    name = document.name_at(offset)
    declared = None if name is None else document.declaration(name.key)
    return None if declared is None else document.location(declared.span)


def uses(document: Document, offset: int, with_declaration: bool = True) -> list[Occurrence]:
    """The places of the name at a place."""
    name = document.name_at(offset)
    found = [] if name is None else references(document, name)
    return [other for other in found if with_declaration or other.node is None]


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
        found = uses(document, document.positions.offset(params.position), params.context.include_declaration)
        return [document.location(occurrence.span) for occurrence in found]

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def mark(ls: HtrServer, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
        document = ls.document(params.text_document.uri)
        if document is None:
            return []
        name = document.name_at(document.positions.offset(params.position))
        same = [other for other in document.names if name is not None and other.key == name.key]
        kinds = types.DocumentHighlightKind
        return [
            types.DocumentHighlight(document.positions.range(one.span), kinds.Read if one.node is None else kinds.Write)
            for one in same
        ]

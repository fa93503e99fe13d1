"""Go to definition, find all references, and mark them in the file."""

from __future__ import annotations

import os
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path

from htdbu.grammar import syntax
from htdbu.lsp.document import Document
from htdbu.lsp.names import Occurrence
from htdbu.lsp.references import references
from htdbu.lsp.server import HtrServer


def definition(document: Document, offset: int) -> types.Location | None:
    """Where the name at a place is declared, or the beginning of the file that is named there."""
    name = document.name_at(offset)
    declared = None if name is None else document.declaration(name.key)
    return _file(document, offset) if declared is None else document.location(declared.span)


def _file(document: Document, offset: int) -> types.Location | None:
    """The file that an import or a lookup reads, where its name stands at a place."""
    statement = document.statement_at(offset)
    path = statement.path if isinstance(statement, syntax.ImportDecl | syntax.LookupDecl) else None
    if path is None or not path.span.start <= offset <= path.span.end:
        return None
    file = Path(document.source.name).parent / path.value
    uri = from_fs_path(os.path.normpath(file)) if _exists(file) else None
    start = types.Position(0, 0)
    return None if uri is None else types.Location(uri, types.Range(start, start))


def _exists(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False


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

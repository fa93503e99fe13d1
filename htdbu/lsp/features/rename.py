"""Rename what is at a place, everywhere in the file and in the files that it imports."""

from __future__ import annotations

from collections import defaultdict

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from htdbu.compiler.diagnostics.view import spelt
from htdbu.lsp.document import Document
from htdbu.lsp.features.definition import references
from htdbu.lsp.names import Occurrence
from htdbu.lsp.server import HtrServer

_RENAMED = ("name", "argument", "rule", "target", "table")


def renamable(document: Document, offset: int) -> Occurrence | None:
    """The name at a place, where it is declared somewhere."""
    name = document.name_at(offset)
    if name is None or name.space not in _RENAMED or document.declaration(name.key) is None:
        return None
    return name


def rename(document: Document, offset: int, new: str) -> types.WorkspaceEdit | None:
    """The edits that give a name to what is at a place.

    Raises:
        JsonRpcInvalidParams: where the new name is none, or stands for something else.
    """
    name = renamable(document, offset)
    if name is None:
        return None
    word = new.strip().strip("`")
    if not word or "`" in word or "\n" in word:
        raise JsonRpcInvalidParams(message=f"`{new}` is no name")
    clash = document.declaration((name.space, name.scope, word))
    if clash is None and name.space == "argument":
        clash = document.declaration(("name", "", word))
    if clash is not None and word != name.name:
        raise JsonRpcInvalidParams(message=f"there is a `{word}` already")
    changes: dict[str, list[types.TextEdit]] = defaultdict(list)
    for occurrence in references(document, offset):
        place = document.location(occurrence)
        changes[place.uri].append(types.TextEdit(place.range, _written(document, occurrence, word)))
    return types.WorkspaceEdit(changes=dict(changes))


def _written(document: Document, occurrence: Occurrence, word: str) -> str:
    """The new name as it stands there: plain inside quotes, in back-ticks where it needs them."""
    text = document.compilation.sources[occurrence.span.file].text
    return word if text[occurrence.span.start - 1 : occurrence.span.start] == '"' else spelt(word)


def register(server: HtrServer) -> None:
    """Offer it."""

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(ls: HtrServer, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        document = ls.document(params.text_document.uri)
        name = None if document is None else renamable(document, document.positions.offset(params.position))
        if document is None or name is None:
            return None
        return types.PrepareRenamePlaceholder(document.positions.range(name.span), name.name)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def carry_out(ls: HtrServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
        document = ls.document(params.text_document.uri)
        if document is None:
            return None
        return rename(document, document.positions.offset(params.position), params.new_name)

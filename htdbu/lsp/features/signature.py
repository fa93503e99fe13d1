"""Signature help: the arguments of the function, definition or lookup whose brackets a cursor stands in."""

from __future__ import annotations

from lsprotocol import types

from htdbu.compiler.functions import functions
from htdbu.lsp.cursor import Cursor, cursor_at
from htdbu.lsp.document import Document
from htdbu.lsp.items import arguments, keys
from htdbu.lsp.server import HtrServer


def signature(document: Document, offset: int) -> types.SignatureInformation | None:
    """The signature of the call around a place, and which of its arguments that is in."""
    cursor = cursor_at(document.source.text, offset)
    if not cursor.opened or cursor.tokens[cursor.opened[-1]] != "(":
        return None
    name = cursor.before_bracket().strip("`")
    scope, entry = document.context.scope, functions().get(name)
    doc: str | None
    if name in scope.defs:
        words, doc = [argument.value for argument in scope.defs[name].params or ()], scope.defs[name].doc
    elif name in scope.lookups:
        words, doc = keys(document, name), scope.lookups[name].doc
    elif entry is not None and entry.written:
        words, doc = arguments(entry.signature), entry.doc
    else:
        return None
    return types.SignatureInformation(
        label=f"{name}({', '.join(words)})",
        documentation=doc,
        parameters=[types.ParameterInformation(word) for word in words],
        active_parameter=min(_commas(cursor), max(len(words) - 1, 0)),
    )


def _commas(cursor: Cursor) -> int:
    """How many arguments stand before the cursor, those of brackets inside left out."""
    depth = count = 0
    for token in cursor.tokens[cursor.opened[-1] + 1 :]:
        depth += (token in "({[") - (token in ")}]") if len(token) == 1 else 0
        count += token == "," and depth == 0
    return count


def register(server: HtrServer) -> None:
    """Offer it."""
    options = types.SignatureHelpOptions(trigger_characters=["(", ","])

    @server.feature(types.TEXT_DOCUMENT_SIGNATURE_HELP, options)
    def help(ls: HtrServer, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        document = ls.document(params.text_document.uri)
        found = None if document is None else signature(document, document.positions.offset(params.position))
        return None if found is None else types.SignatureHelp([found], 0, found.active_parameter)

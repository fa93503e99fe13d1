"""Colours by meaning: what every name is, and the words, texts and comments for editors that know no others."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from htdbu.grammar import syntax
from htdbu.grammar.words import RESERVED, STATEMENTS, TYPES
from htdbu.lsp.cursor import tokens_of
from htdbu.lsp.document import Document
from htdbu.lsp.names import Occurrence
from htdbu.lsp.server import HtrServer
from htdbu.lsp.words import MEASURES

_TYPES = ("comment", "string", "number", "keyword", "type", "class", "property", "variable", "parameter", "function",
          "event", "regexp")  # fmt: skip
_MODIFIERS = ("declaration", "readonly")
_KEYWORDS = frozenset({*STATEMENTS, *RESERVED, "accept", "reject", "within", "real"})
_DECLARED = {
    syntax.Table: "class",
    syntax.ColumnDecl: "property",
    syntax.ParamDecl: "variable",
    syntax.DefDecl: "function",
    syntax.LookupDecl: "function",
    syntax.RuleDecl: "event",
    syntax.TargetDecl: "event",
    syntax.TestDecl: "string",
    syntax.Name: "parameter",
}
_UNDECLARED = {"function": "function", "pattern": "regexp"}

Coloured = tuple[int, int, str, int]
"""Where a token begins and ends, what it is, and a bit for each of its modifiers."""


def coloured(document: Document) -> list[Coloured]:
    """All tokens that have a colour, in text order."""
    names = {start: (start, end, kind, more) for start, end, kind, more in _names(document)}
    found = []
    behind = 0
    for start, text in tokens_of(document.source.text):
        if start < behind:
            continue
        token = names.get(start) or _plain(start, text)
        if token is not None:
            found.append(token)
            behind = token[1]
    return found


def _names(document: Document) -> Iterator[Coloured]:
    kinds = {name.key: type(name.node) for name in (*document.imported, *document.names) if name.node is not None}
    for name in document.names:
        kind = _DECLARED.get(kinds.get(name.key, object)) or _UNDECLARED.get(name.space)
        if kind is not None and not name.is_quoted:
            yield name.span.start, name.span.end, kind, _modifiers(name, kind)


def _modifiers(name: Occurrence, kind: str) -> int:
    return (name.node is not None) + 2 * (kind == "variable")


def _plain(start: int, text: str) -> Coloured | None:
    """A token that is no name."""
    kind = None
    if text[0] in '#"':
        kind = "comment" if text[0] == "#" else "string"
    elif text[0].isdigit():
        kind = "number"
    elif text in TYPES:
        kind = "type"
    elif text in _KEYWORDS:
        kind = "keyword"
    elif text in MEASURES:
        kind = "function"
    return None if kind is None else (start, start + len(text.rstrip("\r")), kind, 0)


def encoded(document: Document) -> list[int]:
    """The tokens as the protocol has them: five numbers each, places relative to the token before."""
    data: list[int] = []
    line = column = 0
    for start, end, kind, modifiers in coloured(document):
        first, last = document.positions.at(start), document.positions.at(end)
        same_line = first.line == line
        data += (first.line - line, first.character - column if same_line else first.character)
        data += (last.character - first.character, _TYPES.index(kind), modifiers)
        line, column = first.line, first.character
    return data


def register(server: HtrServer) -> None:
    """Offer it."""
    legend = types.SemanticTokensLegend(token_types=_TYPES, token_modifiers=_MODIFIERS)

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend)
    def colour(ls: HtrServer, params: types.SemanticTokensParams) -> types.SemanticTokens:
        document = ls.document(params.text_document.uri)
        return types.SemanticTokens([] if document is None else encoded(document))

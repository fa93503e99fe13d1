"""Completion: what may be written at a cursor, also while the file is broken there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from lsprotocol import types

from htdbu.compiler.diagnostics.view import quoted, spelt
from htdbu.compiler.functions import functions
from htdbu.compiler.types import describe
from htdbu.compiler.typing import column_type
from htdbu.grammar.source import Span
from htdbu.grammar.words import STATEMENTS, TYPES
from htdbu.lsp.cursor import Cursor, cursor_at
from htdbu.lsp.document import Document
from htdbu.lsp.server import HtrServer

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_MODIFIERS = ("in", "null", "key", "fixed", "cost", "as", "format")
_OPERATORS = ("and", "or", "not", "in", "is null", "is not null", "if", "then", "else", "case", "true", "false", "null")
_MEASURES = ("share", "mean", "min", "max", "sum", "quantile", "dist")
_KINDS = types.CompletionItemKind
_SNIPPETS = {
    "table": "table ${1:name} {\n  ${2:column} : ${3:int} in ${4:0..100}\n}",
    "hard": "hard ${1:name}: ${0:condition}",
    "soft": "soft(${1:1}) ${2:name}: ${0:condition}",
    "forbid": "forbid ${1:name}: ${0:condition}",
    "when": "when ${1:condition} {\n  $0\n}",
    "param": "param ${1:name} = ${0:value}",
    "def": "def ${1:name} = ${0:expression}",
    "test": 'test "${1:title}" {\n  $0\n}',
    "case": "case { ${1:condition} -> ${2:value}; else -> ${0:value} }",
}

Item = types.CompletionItem


def completions(document: Document, offset: int) -> list[Item]:
    """What may be written at a place, most likely first."""
    cursor = cursor_at(document.source.text, offset)
    if cursor.is_comment:
        return []
    span = _replaced(document, cursor, offset)
    return [_placed(document, item, span) for item in _items(document, cursor)]


def _replaced(document: Document, cursor: Cursor, offset: int) -> Span:
    """What a completion takes the place of: the prefix, and the quote that an editor put behind the cursor."""
    closed = cursor.is_text and document.source.text[offset : offset + 1] == '"'
    return Span(document.source.name, offset - len(cursor.prefix), offset + closed)


def _placed(document: Document, item: Item, span: Span) -> Item:
    text = item.insert_text or item.label
    item.text_edit = types.TextEdit(document.positions.range(span), text)
    item.filter_text = text if text.startswith('"') else item.label
    item.insert_text = None
    return item


def _items(document: Document, cursor: Cursor) -> list[Item]:
    match cursor.head:
        case "":
            return _words(STATEMENTS)
        case "table":
            return _in_table(document, cursor)
        case "test":
            return _in_test(document, cursor)
        case "factor":
            return _in_factor(document, cursor)
        case "import":
            return _files(document)
        case "unique" | "fd":
            return _columns(document)
        case "target" if cursor.last == ":":
            return [Item(word, kind=_KINDS.Function, insert_text=f"{word}(") for word in _MEASURES]
        case "target" if cursor.last == "~":
            return _words(("real",))
    is_named = ":" in cursor.tokens or "=" in cursor.tokens or cursor.head == "when"
    return _expression(document, cursor) if is_named else []


def _in_table(document: Document, cursor: Cursor) -> list[Item]:
    tokens = cursor.tokens
    colon = max((i for i, token in enumerate(tokens) if token == ":"), default=-1)
    column = tokens[colon + 1 :] if colon >= 0 else ()
    if cursor.last == ":":
        return _words(TYPES, _KINDS.TypeParameter)
    if "=" in column:
        return _expression(document, cursor)
    if cursor.last == "by":
        return _columns(document)
    if not column or len(cursor.opened) > 1:
        return []
    return _words(("ordered",)) if cursor.last == "category" else _words(_MODIFIERS)


def _in_test(document: Document, cursor: Cursor) -> list[Item]:
    if cursor.last == "by":
        return _rules(document)
    if len(cursor.opened) < 2:
        is_reject = cursor.last == "}" and "reject" in cursor.tokens[-12:]
        return _words(("by",) if is_reject else ("accept", "reject"))
    if cursor.last in ("{", ","):
        return _columns(document, suffix=": ")
    return _values(document, cursor.tokens[-2]) if cursor.last == ":" else []


def _in_factor(document: Document, cursor: Cursor) -> list[Item]:
    if cursor.last == "factor":
        return _columns(document)
    opener = cursor.before_bracket()
    if opener in ("in", "~"):
        return _values(document, cursor.tokens[cursor.opened[-1] - 2])
    if cursor.last in ("->", ","):
        return _columns(document)
    return _values(document, cursor.tokens[1]) if cursor.opened and len(cursor.tokens) > 1 else []


def _expression(document: Document, cursor: Cursor) -> list[Item]:
    levels = _compared(document, cursor)
    if cursor.is_text or (levels and cursor.last != "not"):
        return levels
    return [*_columns(document), *_names(document), *_functions(), *_words(_OPERATORS)]


def _compared(document: Document, cursor: Cursor) -> list[Item]:
    """The values of the column that the cursor's value is compared with."""
    tokens = cursor.tokens
    if cursor.last in _COMPARISONS and len(tokens) > 1:
        return _values(document, tokens[-2])
    if cursor.last in ("{", ",") and cursor.opened and cursor.before_bracket() == "in":
        place = cursor.opened[-1] - 2
        return _values(document, tokens[place - 1 if tokens[place] == "not" else place])
    return []


def _values(document: Document, name: str) -> list[Item]:
    """The levels of a category, or the truth values."""
    column = document.column(name.strip("`"))
    if column is None:
        return []
    if column.type.kind == "bool":
        return _words(("true", "false"), _KINDS.Value)
    return [Item(level, kind=_KINDS.EnumMember, insert_text=quoted(level)) for level in column.type.levels]


def _columns(document: Document, suffix: str = "") -> list[Item]:
    return [
        Item(
            name,
            kind=_KINDS.Field,
            detail=describe(column_type(column.type)),
            documentation=column.doc,
            insert_text=spelt(name) + suffix,
        )
        for name, column in document.context.columns.items()
    ]


def _names(document: Document) -> Iterator[Item]:
    """Params, definitions and lookups, of imported files too."""
    scope = document.context.scope
    for param in document.context.params:
        yield Item(param.name, kind=_KINDS.Constant, detail=str(param.value.value), documentation=param.doc)
    for name, definition in scope.defs.items():
        detail = ", ".join(argument.value for argument in definition.params or ())
        text = spelt(name) if definition.params is None else f"{spelt(name)}("
        yield Item(name, kind=_KINDS.Function, detail=f"({detail})", documentation=definition.doc, insert_text=text)
    for name, table in scope.lookups.items():
        yield Item(name, kind=_KINDS.Function, detail="lookup", documentation=table.doc, insert_text=f"{spelt(name)}(")


def _functions() -> Iterator[Item]:
    kind = _KINDS.Function
    for entry in functions().values():
        if entry.written:
            text = f"{entry.name}("
            yield Item(entry.name, kind=kind, detail=entry.signature, documentation=entry.doc, insert_text=text)


def _rules(document: Document) -> list[Item]:
    """What an example may be rejected by."""
    stated = [rule.name for rule in document.context.rules]
    found = [Item(name, kind=_KINDS.Event, insert_text=spelt(name)) for name in stated]
    own = (f"{name}.{end}" for name in document.context.columns for end in ("domain", "null"))
    return [*found, *(Item(name, kind=_KINDS.Event, insert_text=quoted(name)) for name in own)]


def _files(document: Document) -> list[Item]:
    """The rule files beside this one."""
    folder = Path(document.source.name).parent
    try:
        names = sorted(path.name for path in folder.glob("*.htr") if path.name != Path(document.source.name).name)
    except OSError:
        names = []
    return [Item(name, kind=_KINDS.File, insert_text=quoted(name)) for name in names[:200]]


def _words(words: Iterable[str], kind: types.CompletionItemKind = _KINDS.Keyword) -> list[Item]:
    return [
        Item(word, kind=kind, insert_text=_SNIPPETS[word], insert_text_format=types.InsertTextFormat.Snippet)
        if word in _SNIPPETS
        else Item(word, kind=kind)
        for word in words
    ]


def register(server: HtrServer) -> None:
    """Offer it."""
    options = types.CompletionOptions(trigger_characters=['"', "{", ":", " ", "("])

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, options)
    def complete(ls: HtrServer, params: types.CompletionParams) -> types.CompletionList:
        document = ls.document(params.text_document.uri)
        found = [] if document is None else completions(document, document.positions.offset(params.position))
        return types.CompletionList(is_incomplete=False, items=found)

"""Completion: what may be written at a cursor, also while the file is broken there."""

from __future__ import annotations

import re

from lsprotocol import types
from pygls.capabilities import get_capability

from htdbu.compiler.diagnostics.view import spelt
from htdbu.grammar.source import Span
from htdbu.grammar.words import STATEMENTS, TYPES
from htdbu.lsp import items
from htdbu.lsp.cursor import Cursor, cursor_at
from htdbu.lsp.document import Document
from htdbu.lsp.items import Item
from htdbu.lsp.server import HtrServer
from htdbu.lsp.words import MEASURES

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_MODIFIERS = ("in", "null", "key", "fixed", "cost", "as", "format")
_NEED_MORE = frozenset({"in", "cost", "as", "format", "from", ".."})
_FOLLOW = ("and", "or", "in", "not in", "is null", "is not null")
_BEGIN = ("not", "if", "case", "true", "false", "null")
_NEITHER = frozenset({"and", "or", "not", "in", "is", "if", "then", "else", "case", "given", "by", "within"})
_IGNORE = re.compile(r"#[ \t]*htr:[ \t]*ignore\[[^\]\n]*\Z")


def completions(document: Document, offset: int, has_snippets: bool = True) -> list[Item]:
    """What may be written at a place, most likely first."""
    cursor = cursor_at(document.source.text, offset)
    if cursor.is_comment:
        line = document.source.text.rfind("\n", 0, offset) + 1
        found = items.codes() if _IGNORE.search(document.source.text[line:offset]) else []
        span = Span(document.source.name, offset - len(cursor.prefix), offset)
    else:
        found, span = _items(document, cursor), _replaced(document, cursor, offset)
    return [_placed(document, item, span, has_snippets, rank) for rank, item in enumerate(found)]


def _replaced(document: Document, cursor: Cursor, offset: int) -> Span:
    """What a completion takes the place of: the prefix, and the quote that an editor put behind the cursor."""
    closed = cursor.is_text and document.source.text[offset : offset + 1] == '"'
    return Span(document.source.name, offset - len(cursor.prefix), offset + closed)


def is_due(document: Document, offset: int) -> bool:
    """Whether to offer something unasked behind a space: a value has to come, and no line is likely to end here."""
    cursor = cursor_at(document.source.text, offset)
    if cursor.is_text:
        return False
    if cursor.last in ("{", ","):
        return cursor.before_bracket() in ("in", "~", "accept", "reject")
    is_declared = cursor.last == ":" and cursor.head in ("table", "target", "test")
    return is_declared or cursor.last in _COMPARISONS or cursor.last in ("by", "~", "->", "factor", "unique", "fd")


def _placed(document: Document, item: Item, span: Span, has_snippets: bool, rank: int) -> Item:
    """The item with its edit; without places to fill in where the client knows none."""
    text = item.insert_text or item.label
    if item.insert_text_format is types.InsertTextFormat.Snippet and not has_snippets:
        text = f"{spelt(item.label)}(" if item.kind is items.Kinds.Function else item.label
        item.insert_text_format = None
    item.text_edit = types.TextEdit(document.positions.range(span), text)
    item.filter_text = text if text.startswith(('"', "`")) else item.label
    item.sort_text = f"{rank:05}"
    item.insert_text = None
    return item


def _items(document: Document, cursor: Cursor) -> list[Item]:
    match cursor.head:
        case "":
            return items.words(STATEMENTS)
        case "table":
            return _in_table(document, cursor)
        case "test":
            return _in_test(document, cursor)
        case "factor":
            return _in_factor(document, cursor)
        case "import":
            return items.files(document)
        case "unique" | "fd":
            return items.columns(document)
        case "target":
            return _in_target(document, cursor)
        case "param":
            return items.words(("true", "false"), "param") if cursor.last == "=" else []
        case "when" if "{" in cursor.tokens:
            inner = ("hard", "soft", "forbid", "when")
            return [item for word in inner for item in items.words((word,))]
    is_named = ":" in cursor.tokens or "=" in cursor.tokens or cursor.head == "when"
    return _expression(document, cursor) if is_named else []


def _in_table(document: Document, cursor: Cursor) -> list[Item]:
    tokens = cursor.tokens
    colon = max((i for i, token in enumerate(tokens) if token == ":"), default=-1)
    column = tokens[colon + 1 :] if colon >= 0 else ()
    if cursor.last == ":":
        return items.words(TYPES, "table", items.Kinds.TypeParameter)
    if "=" in column:
        return _expression(document, cursor)
    if cursor.last == "by":
        return items.columns(document)
    if not column or len(cursor.opened) > 1 or cursor.last in _NEED_MORE:
        return []
    more = {"category": ("ordered",), "text": ("from", *_MODIFIERS)}
    return items.words(more.get(cursor.last, _MODIFIERS), "table")


def _in_test(document: Document, cursor: Cursor) -> list[Item]:
    if cursor.last == "by":
        return items.rules(document)
    if len(cursor.opened) < 2:
        is_reject = cursor.last == "}" and _last_of(cursor.tokens, "accept", "reject") == "reject"
        return items.words(("by", "accept", "reject") if is_reject else ("accept", "reject"), "test")
    if cursor.last in ("{", ","):
        return items.columns(document, suffix=": ")
    return items.values(document, cursor.tokens[-2]) if cursor.last == ":" else []


def _last_of(tokens: tuple[str, ...], *wanted: str) -> str:
    return next((token for token in reversed(tokens) if token in wanted), "")


def _in_factor(document: Document, cursor: Cursor) -> list[Item]:
    if cursor.last == "factor":
        return items.columns(document)
    opener = cursor.before_bracket()
    if opener in ("in", "~"):
        return items.values(document, cursor.tokens[cursor.opened[-1] - 2]) if cursor.last in ("{", ",") else []
    if cursor.last in ("->", ","):
        return items.columns(document)
    return items.values(document, cursor.tokens[1]) if cursor.opened and len(cursor.tokens) > 1 else []


def _in_target(document: Document, cursor: Cursor) -> list[Item]:
    tokens = cursor.tokens
    if cursor.last == ":":
        return items.words(MEASURES, "target", items.Kinds.Function) if tokens.count(":") == 1 else []
    if ":" not in tokens:
        return []
    if cursor.last == "~":
        return items.words(("real",), "target")
    if cursor.before_bracket() == "~":
        return items.values(document, tokens[tokens.index(":") + 3]) if cursor.last in ("{", ",") else []
    if cursor.opened:
        return _expression(document, cursor, ("given",))
    return items.words(("in", "within"), "target") if _is_value(cursor) else []


def _expression(document: Document, cursor: Cursor, more: tuple[str, ...] = ()) -> list[Item]:
    levels = _compared(document, cursor)
    if cursor.is_text or (levels and cursor.last != "not"):
        return levels
    if _is_value(cursor):
        branches = ("then", "else") if "if" in cursor.tokens else ()
        return items.words((*_FOLLOW, *branches, *more), cursor.head)
    local = [Item(name, kind=items.Kinds.Variable, detail="an argument") for name in _arguments(cursor)]
    known = [*local, *items.columns(document), *items.names(document), *items.all_functions()]
    return [*known, *items.words(_BEGIN, cursor.head)]


def _is_value(cursor: Cursor) -> bool:
    """Whether a value stands before the cursor, so that an operator is to come."""
    last = cursor.last
    if last in _NEITHER or len(cursor.tokens) < 2:
        return False
    return last in (")", "}", "]") or last[:1].isalnum() or last[:1] in ('"', "`", "_")


def _arguments(cursor: Cursor) -> list[str]:
    """The arguments of the definition that is being written."""
    tokens = cursor.tokens
    if cursor.head != "def" or len(tokens) < 3 or tokens[2] != "(" or ")" not in tokens:
        return []
    return [token for token in tokens[3 : tokens.index(")")] if token != ","]


def _compared(document: Document, cursor: Cursor) -> list[Item]:
    """The values of the column that the cursor's value is compared with."""
    tokens = cursor.tokens
    if cursor.last in _COMPARISONS and len(tokens) > 1:
        return items.values(document, tokens[-2])
    if cursor.last in ("{", ",") and cursor.opened and cursor.before_bracket() == "in":
        place = cursor.opened[-1] - 2
        return items.values(document, tokens[place - 1 if tokens[place] == "not" else place])
    return []


def register(server: HtrServer) -> None:
    """Offer it."""
    options = types.CompletionOptions(trigger_characters=['"', "`", "[", " "])

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, options)
    def complete(ls: HtrServer, params: types.CompletionParams) -> types.CompletionList:
        document = ls.document(params.text_document.uri)
        if document is None:
            return types.CompletionList(is_incomplete=False, items=[])
        offset = document.positions.offset(params.position)
        is_unasked = params.context is not None and params.context.trigger_character == " "
        has_snippets = bool(
            get_capability(ls.client_capabilities, "text_document.completion.completion_item.snippet_support")
        )
        found = [] if is_unasked and not is_due(document, offset) else completions(document, offset, has_snippets)
        return types.CompletionList(is_incomplete=False, items=found)

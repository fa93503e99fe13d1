"""What a completion may offer, as items: columns and their values, names, functions, words, files, codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lsprotocol import types

from htdbu.compiler.diagnostics.registry import all_kinds
from htdbu.compiler.diagnostics.view import quoted, spelt
from htdbu.compiler.functions import functions
from htdbu.compiler.types import describe
from htdbu.compiler.typing import column_type
from htdbu.grammar import syntax
from htdbu.lsp.document import Document
from htdbu.lsp.words import meaning

Item = types.CompletionItem
Kinds = types.CompletionItemKind
_MOST_FILES = 200
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
    "if": "if ${1:condition} then ${2:value} else ${0:value}",
    "accept": "accept { $0 }",
    "reject": "reject { $1 } by ${0:rule}",
    "decimal": "decimal(${0:2})",
    "category": 'category { "${0:level}" }',
}


def words(names: Iterable[str], head: str = "", kind: types.CompletionItemKind = Kinds.Keyword) -> list[Item]:
    """Words of the language, in the statement that `head` begins."""
    return [_word(name, head or name, kind) for name in names]


def _word(name: str, head: str, kind: types.CompletionItemKind) -> Item:
    told = meaning(name.split(" ")[0], head)
    item = Item(name, kind=kind, detail=None if told is None else told[1])
    if name in _SNIPPETS:
        item.insert_text, item.insert_text_format = _SNIPPETS[name], types.InsertTextFormat.Snippet
    return item


def values(document: Document, name: str) -> list[Item]:
    """The levels of a category, or the truth values."""
    column = document.column(name.strip("`"))
    if column is None:
        return []
    if column.type.kind == "bool":
        return [Item(word, kind=Kinds.Value) for word in ("true", "false")]
    return [Item(level, kind=Kinds.EnumMember, insert_text=quoted(level)) for level in column.type.levels]


def columns(document: Document, suffix: str = "") -> list[Item]:
    """All columns."""
    return [
        Item(
            name,
            kind=Kinds.Field,
            detail=describe(column_type(column.type)),
            documentation=column.doc,
            insert_text=spelt(name) + suffix,
        )
        for name, column in document.columns.items()
    ]


def names(document: Document) -> Iterator[Item]:
    """Params, definitions and lookups, of imported files too."""
    scope = document.context.scope
    for param in document.context.params:
        text = spelt(param.name)
        detail = f"param = {param.value.value}"
        yield Item(param.name, kind=Kinds.Constant, detail=detail, documentation=param.doc, insert_text=text)
    for name, definition in scope.defs.items():
        if definition.params is None:
            doc = definition.doc
            yield Item(name, kind=Kinds.Variable, detail="def", documentation=doc, insert_text=spelt(name))
        else:
            yield call(name, [one.value for one in definition.params], definition.doc)
    for name, table in scope.lookups.items():
        yield call(name, keys(document, name), table.doc)


def keys(document: Document, name: str) -> list[str]:
    """The names of a lookup's keys."""
    declared = document.declaration(("name", "", name))
    return (
        [key.value for key in declared.node.keys] if declared and isinstance(declared.node, syntax.LookupDecl) else []
    )


def call(name: str, arguments: Iterable[str], doc: str | None, signature: str | None = None) -> Item:
    """Something that takes arguments, with places for them."""
    wanted = [argument for argument in arguments if argument != "…"]
    places = (_tab_stop(number, argument) for number, argument in enumerate(wanted, 1))
    return Item(
        name,
        kind=Kinds.Function,
        detail=signature or f"{name}({', '.join(wanted)})",
        documentation=doc,
        insert_text=f"{_plain(spelt(name))}({', '.join(places)})",
        insert_text_format=types.InsertTextFormat.Snippet,
    )


def _tab_stop(number: int, argument: str) -> str:
    if argument.startswith('"'):
        return f'"${{{number}}}"'
    return f"${{{number}:{_plain(argument)}}}"


def _plain(text: str) -> str:
    """A text as it stands in a snippet, where some signs have a meaning."""
    return re.sub(r"[\\$}]", r"\\\g<0>", text)


def all_functions() -> Iterator[Item]:
    """The functions of the language."""
    for entry in functions().values():
        if entry.written:
            yield call(entry.name, arguments(entry.signature), entry.doc, entry.signature)


def arguments(signature: str) -> list[str]:
    """The arguments in a signature like `round(x, digits)`."""
    return signature[signature.index("(") + 1 : -1].split(", ")


def rules(document: Document) -> list[Item]:
    """What an example may be rejected by."""
    stated = [Item(rule.name, kind=Kinds.Event, insert_text=_rule(rule.name)) for rule in document.context.rules]
    own = (f"{name}.{end}" for name in document.columns for end in ("domain", "null"))
    derived = (f"{name}.derived" for name, column in document.columns.items() if column.derived is not None)
    return [*stated, *(Item(name, kind=Kinds.Event, insert_text=quoted(name)) for name in (*own, *derived))]


def _rule(name: str) -> str:
    """A rule as `by` names it: in quotes where a factor made it."""
    return quoted(name) if "." in name else spelt(name)


def files(document: Document) -> list[Item]:
    """The rule files beside this one."""
    own = Path(document.source.name)
    try:
        found = sorted(path.name for path in own.parent.glob("*.htr") if path.name != own.name)
    except OSError:
        found = []
    return [Item(name, kind=Kinds.File, insert_text=quoted(name)) for name in found[:_MOST_FILES]]


def codes() -> list[Item]:
    """The codes that a comment may silence; errors cannot be."""
    found = (kind for kind in all_kinds().values() if kind.severity != "error")
    return [Item(kind.code, kind=Kinds.Value, detail=kind.name, documentation=kind.meaning) for kind in found]

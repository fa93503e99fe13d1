"""Rename what is at a place, everywhere it is meant; refused where some name would then mean something else."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from htdbu.compiler.diagnostics.view import quoted, spelt
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.lsp.document import Document, resolved
from htdbu.lsp.names import Occurrence, occurrences
from htdbu.lsp.references import references
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
    word = new.strip()
    if len(word) > 1 and word[0] == word[-1] == "`":
        word = word[1:-1]
    if not word or any(sign in word for sign in "`\n\r"):
        raise _refused(f"`{new}` is no name")
    places = references(document, name)
    if word != name.name:
        _check_free(document, name, word)
        _check_patterns(document, name, word)
        _check_meaning(document, name, word, places)
    changes: dict[str, list[types.TextEdit]] = defaultdict(list)
    for occurrence in places:
        location = document.location(occurrence.span)
        changes[location.uri].append(types.TextEdit(location.range, _written(occurrence, word)))
    return types.WorkspaceEdit(changes=dict(changes))


def _check_free(document: Document, name: Occurrence, word: str) -> None:
    """Refuse a name that is taken, in this file or in an open one that has to follow."""
    if document.declaration((name.space, name.scope, word)) is not None:
        raise _refused(f"there is a `{word}` already")
    for other in document.opened.values() if name.space == "name" else ():
        if document.path in other.reads and other.declaration(("name", "", word)) is not None:
            raise _refused(f"there is a `{word}` already in {other.source.name}, which imports this file")


def _check_patterns(document: Document, name: Occurrence, word: str) -> None:
    """Refuse to move a column into or out of what a pattern like `[flag_*]` stands for."""
    if name.space != "name" or name.name not in document.context.columns:
        return
    for pattern in (one.name for one in document.names if one.space == "pattern"):
        if fnmatchcase(name.name, pattern) != fnmatchcase(word, pattern):
            what = "would become" if fnmatchcase(word, pattern) else "would no longer be"
            raise _refused(f"it {what} one of [{pattern}]")


def _check_meaning(document: Document, name: Occurrence, word: str, places: list[Occurrence]) -> None:
    """Refuse where the file, once edited, would take one of its names for something else than now."""
    text = document.source.text
    for place in reversed([place for place in places if resolved(place.span.file) == document.path]):
        text = text[: place.span.start] + _written(place, word) + text[place.span.end :]
    scope = document.context.scope
    callables, columns = (
        {word if known == name.name and name.space == "name" else known for known in names}
        for names in (scope.defs.keys() | scope.lookups.keys(), scope.columns)
    )
    source = Source(document.source.name, text)
    after = [one.key for one in occurrences(parse(source).statements, source, callables, columns)]
    if after != [_renamed(one, name, word) for one in document.names]:
        raise _refused(f"in one of its places `{word}` would be taken for something else")


def _renamed(one: Occurrence, name: Occurrence, word: str) -> tuple[str, str, str]:
    """The key of a name once another one, or the definition whose argument it is, has its new name."""
    is_inside = one.space == "argument" and (name.space, name.name) == ("name", one.scope)
    return one.space, word if is_inside else one.scope, word if one.key == name.key else one.name


def _written(occurrence: Occurrence, word: str) -> str:
    """The new name as it stands there: plain inside quotes, in back-ticks where it needs them."""
    return quoted(word)[1:-1] if occurrence.is_quoted else spelt(word)


def _refused(reason: str) -> JsonRpcInvalidParams:
    return JsonRpcInvalidParams(message=reason)


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

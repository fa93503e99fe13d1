"""Where a name is used: in its file, in files that import it and are open, and in the file that declares it."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.lsp.document import Document, resolved
from htdbu.lsp.names import Occurrence


def references(document: Document, name: Occurrence) -> list[Occurrence]:
    """All places of a name, its declaration among them, by file and in text order."""
    declared = document.declaration(name.key)
    if declared is None:
        return [other for other in document.names if other.key == name.key]
    found: dict[tuple[str, int], Occurrence] = {}
    for places in _lists(document, declared):
        for other in places:
            if other.key == name.key:
                found.setdefault((resolved(other.span.file), other.span.start), other)
    return [found[place] for place in sorted(found)]


def _lists(document: Document, declared: Occurrence) -> Iterator[list[Occurrence]]:
    """The names of every file in which the declaration may be meant."""
    home = resolved(declared.span.file)
    if declared.space != "name":
        yield document.names if home == document.path else [n for n in document.imported if n.scope == declared.scope]
        return
    for other in document.opened.values():
        if other.path == home or (home in other.reads and _means(other, declared)):
            yield other.names
            yield other.imported
    source = document.compilation.sources.get(declared.span.file)
    if source is not None and all(other.path != home for other in document.opened.values()):
        yield document.names_of(parse(source).statements, Source(source.name, source.text))


def _means(document: Document, declared: Occurrence) -> bool:
    """Whether a file has that very declaration for the name."""
    own = document.declaration(declared.key)
    return own is not None and resolved(own.span.file) == resolved(declared.span.file)

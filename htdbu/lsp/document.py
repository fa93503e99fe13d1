"""An open rule file: its text, what compiling it gave, and its names by place."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from htdbu.compiler.compile import Compilation
from htdbu.compiler.context import Context
from htdbu.compiler.incremental import Session
from htdbu.compiler.program import Column
from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source, Span
from htdbu.lsp.names import Found, Occurrence, occurrences
from htdbu.lsp.positions import Positions

_SHARED = (syntax.ParamDecl, syntax.DefDecl, syntax.LookupDecl)
"""What an import brings in."""


class Document:
    """One state of an open file.

    Args:
        session: the compilations of the file; only its last document is to be used.
        opened: all open files, by their addresses; their texts stand in for those on disk.
        before: the state before; its columns count while the file has syntax errors.

    Attributes:
        columns: the sound columns, and those that were sound before a mistake that is just being written.
    """

    def __init__(
        self,
        uri: str,
        text: str,
        session: Session,
        encoding: types.PositionEncodingKind,
        opened: Mapping[str, Document],
        version: int | None = None,
        before: Document | None = None,
    ) -> None:
        self.uri = uri
        self.version = version
        self.encoding = encoding
        self.opened = opened
        self.source = Source(to_fs_path(uri) or uri, text)
        self.path = resolved(self.source.name)
        texts = {other.path: other.source.text for other in opened.values() if other.uri != uri}
        self.compilation: Compilation = session.compile(self.source, texts=texts)
        self.tree = session.tree
        assert session.context is not None
        self.context: Context = session.context
        self.columns = dict(self.context.columns)
        if before is not None and self.tree.findings:
            self.columns = {**before.columns, **self.columns}
        self._found: Found = {} if before is None else before._found

    @cached_property
    def positions(self) -> Positions:
        """Converts places of this file."""
        return Positions(self.source.text, self.encoding)

    @cached_property
    def names(self) -> list[Occurrence]:
        """All names of this file, in text order."""
        return self.names_of(self.tree.statements, self.source, self._found)

    @cached_property
    def imported(self) -> list[Occurrence]:
        """The names of what its imports bring in."""
        others = (source for source in self.compilation.sources.values() if source.name != self.source.name)
        found = ((source, [s for s in parse(source).statements if isinstance(s, _SHARED)]) for source in others)
        return [name for source, statements in found for name in self.names_of(statements, source)]

    def names_of(
        self, statements: Sequence[syntax.Statement], source: Source, found: Found | None = None
    ) -> list[Occurrence]:
        """The names of some statements, in the light of what this file declares and imports."""
        scope = self.context.scope
        return occurrences(statements, source, scope.defs.keys() | scope.lookups.keys(), scope.columns, found)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The resolved paths of the files that it imports, also of those that are missing."""
        folder = Path(self.source.name).parent
        named = (s.path.value for s in self.tree.statements if isinstance(s, syntax.ImportDecl))
        return frozenset(map(resolved, [*self.compilation.sources, *(str(folder / name) for name in named)])) - {
            self.path
        }

    def name_at(self, offset: int) -> Occurrence | None:
        """The name that a place lies in, or right behind."""
        place = bisect_right(self.names, offset, key=lambda name: name.span.start)
        near = self.names[max(place - 2, 0) : place]
        return next((name for name in reversed(near) if name.span.start <= offset <= name.span.end), None)

    def declaration(self, key: tuple[str, str, str]) -> Occurrence | None:
        """Where a name is declared: here, or in a file that is imported."""
        both = (*self.names, *self.imported)
        return next((name for name in both if name.node is not None and name.key == key), None)

    def column(self, name: str) -> Column | None:
        """A column, also one that is being edited."""
        return self.columns.get(name)

    def statement_at(self, offset: int) -> syntax.Statement | None:
        """The statement that a place lies in."""
        place = bisect_right(self.tree.statements, offset, key=lambda statement: statement.span.start)
        found = self.tree.statements[place - 1] if place else None
        return found if found is not None and offset <= found.span.end else None

    def location(self, span: Span) -> types.Location:
        """A place in this file, in one that it imports, or in one that is open."""
        if span.file == self.source.name or not span.file:
            return types.Location(self.uri, self.positions.range(span))
        path = resolved(span.file)
        other = next((document for document in self.opened.values() if document.path == path), None)
        if other is not None:
            return types.Location(other.uri, other.positions.range(span))
        uri = from_fs_path(os.path.normpath(span.file)) or span.file
        source = self.compilation.sources.get(span.file)
        return types.Location(uri, Positions("" if source is None else source.text, self.encoding).range(span))


def resolved(path: str) -> str:
    """What tells a file apart, however its path is written."""
    try:
        return str(Path(path).resolve())
    except (OSError, RuntimeError, ValueError):
        return path

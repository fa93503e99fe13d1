"""An open rule file: its text, what compiling it gave, and its names by place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from htdbu.compiler.compile import Compilation
from htdbu.compiler.context import Context
from htdbu.compiler.incremental import Session
from htdbu.compiler.program import Column
from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.lsp.names import Occurrence, occurrences
from htdbu.lsp.positions import Positions


class Document:
    """One state of an open file.

    Args:
        session: the compilations of the file; only its last document is to be used.
        texts: the texts of other open files, by their paths.
    """

    def __init__(
        self,
        uri: str,
        text: str,
        session: Session,
        encoding: types.PositionEncodingKind,
        texts: Mapping[str, str],
        version: int | None = None,
    ) -> None:
        self.uri = uri
        self.version = version
        self.encoding = encoding
        self.source = Source(to_fs_path(uri) or uri, text)
        self.compilation: Compilation = session.compile(self.source, texts=texts)
        self.tree = session.tree
        assert session.context is not None
        self.context: Context = session.context

    @cached_property
    def positions(self) -> Positions:
        """Converts places of this file."""
        return Positions(self.source.text, self.encoding)

    @cached_property
    def names(self) -> list[Occurrence]:
        """All names of this file, in text order."""
        return occurrences(self.tree.statements, self.source)

    @cached_property
    def imported(self) -> dict[str, list[Occurrence]]:
        """The names of the files that it imports, by their paths."""
        others = (source for name, source in self.compilation.sources.items() if name != self.source.name)
        return {source.name: occurrences(parse(source).statements, source) for source in others}

    def name_at(self, offset: int) -> Occurrence | None:
        """The name that a place lies in, or right behind."""
        place = bisect_right([name.span.start for name in self.names], offset)
        near = self.names[max(place - 2, 0) : place]
        return next((name for name in reversed(near) if name.span.start <= offset <= name.span.end), None)

    def declaration(self, key: tuple[str, str, str]) -> Occurrence | None:
        """Where a name is declared: here, or in a file that is imported."""
        lists = [self.names, *self.imported.values()]
        return next((name for names in lists for name in names if name.node is not None and name.key == key), None)

    def column(self, name: str) -> Column | None:
        """A sound column."""
        return self.context.columns.get(name)

    def location(self, occurrence: Occurrence) -> types.Location:
        """Where a name stands, in whatever file."""
        path = occurrence.span.file
        if path == self.source.name:
            return types.Location(self.uri, self.positions.range(occurrence.span))
        other = Positions(self.compilation.sources[path].text, self.encoding)
        return types.Location(from_fs_path(path) or path, other.range(occurrence.span))

    def statement_at(self, offset: int) -> syntax.Statement | None:
        """The statement that a place lies in."""
        return next((s for s in self.tree.statements if s.span.start <= offset <= s.span.end), None)

"""From text to the syntax tree; never raises, whatever the text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from lark.exceptions import UnexpectedInput

from htdbu.grammar import scan
from htdbu.grammar.builder import Builder
from htdbu.grammar.comments import doc_comments, ignores
from htdbu.grammar.depth import DEEPEST, too_deep_at
from htdbu.grammar.mistakes import too_deep
from htdbu.grammar.pieces import Piece, Pieces
from htdbu.grammar.recovery import Recovery
from htdbu.grammar.source import Anchor, Source, Span
from htdbu.grammar.stretch import Stretch
from htdbu.grammar.syntax import DefDecl, ImportDecl, LookupDecl, Statement, SyntaxFinding, Tree
from htdbu.grammar.terminals import lark

_LONGEST = 500_000
"""A text of more characters is read piece by piece at once, so that its parse trees are never all in memory."""


def parse(source: Source, pieces: Pieces | None = None) -> Tree:
    """All sound statements of a text, and a finding for every broken one.

    Args:
        pieces: what was read of earlier states of the text and need not be read again; spans of trees that were made
            with it move with the text, so only the last tree is to be used.
    """
    reading = _Reading(source, pieces)
    statements = reading.whole() if pieces is None else None
    if statements is None:
        recovery = Recovery(source, reading.read)
        recovery.run()
        statements = recovery.statements
        reading.findings += recovery.findings
        reading.lost += recovery.lost
    return reading.tree(statements)


class _Reading:
    """What is gathered while a text is read."""

    def __init__(self, source: Source, pieces: Pieces | None) -> None:
        self._source = source
        self._pieces = pieces
        self._docs = doc_comments(source)
        self._doc_places = sorted(self._docs)
        self.findings: list[SyntaxFinding] = []
        self.lost: list[Span] = []
        self._suspect_calls = False
        self._shallow: dict[int, Statement] = {}
        if pieces is not None:
            pieces.begin()

    def whole(self) -> list[Statement] | None:
        """The statements of a text without a mistake; None where it has one, or is better read in pieces."""
        text = self._source.text
        if len(text) > _LONGEST or scan.depth(text, 0, len(text), DEEPEST) is not None:
            return None
        try:
            statements = list(self.read(Stretch(self._source, 0, len(text))))
        except UnexpectedInput:
            return None
        if self._suspect_calls and not _declares_unique(statements):
            self.findings.clear()
            return None
        return statements

    def read(self, stretch: Stretch) -> tuple[Statement, ...]:
        """The statements of a stretch.

        Raises:
            UnexpectedInput: where it is broken.
        """
        docs = self._docs_in(stretch)
        anchor = Anchor(self._source.name, stretch.offset)
        piece = None if self._pieces is None else self._pieces.take(stretch.text, docs, anchor)
        if piece is None:
            piece = _built(stretch.text, docs, anchor)
            if self._pieces is not None:
                self._pieces.keep(stretch.text, docs, piece)
        self.findings += piece.findings
        text = self._source.text
        if piece.is_shallow:  # kept here, so that no other statement gets the same identity
            self._shallow |= {id(statement): statement for statement in piece.statements}
        self._suspect_calls |= any(scan.is_first_on_line(text, anchor.offset + place) for place in piece.unique_calls)
        return piece.statements

    def _docs_in(self, stretch: Stretch) -> dict[int, str]:
        """The doc comments of a stretch, by places in its text."""
        first, last = (bisect_left(self._doc_places, place) for place in (stretch.start, stretch.end))
        return {place - stretch.offset: self._docs[place] for place in self._doc_places[first:last]}

    def tree(self, statements: list[Statement]) -> Tree:
        """Everything read, without what is nested too deep."""
        sound: list[Statement] = []
        for statement in statements:
            deep = None if id(statement) in self._shallow else too_deep_at(statement)
            if deep is None:
                sound.append(statement)
            else:
                self.findings.append(too_deep(self._source, deep.start, DEEPEST))
                self.lost.append(statement.span)
        findings = sorted(self.findings, key=lambda finding: finding.span.start)
        return Tree(tuple(sound), ignores(self._source), tuple(findings), tuple(self.lost))


def _built(text: str, docs: Mapping[int, str], anchor: Anchor) -> Piece:
    builder = Builder(anchor, docs)
    statements: tuple[Statement, ...] = builder.transform(lark().parse(text))
    calls = tuple(place - anchor.offset for place in builder.unique_calls)
    is_shallow = all(too_deep_at(statement) is None for statement in statements)
    return Piece(anchor, statements, tuple(builder.findings), calls, is_shallow)


def _declares_unique(statements: list[Any]) -> bool:
    """Whether `unique(…)` may be the call of a definition: one at the beginning of a line else is a statement."""
    kinds = (DefDecl, LookupDecl)
    return any(isinstance(s, ImportDecl) or (isinstance(s, kinds) and s.name.value == "unique") for s in statements)

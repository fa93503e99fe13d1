"""From text to the syntax tree; never raises, whatever the text."""

from __future__ import annotations

from typing import Any

from lark import Token
from lark import Tree as ParseTree
from lark.exceptions import UnexpectedInput

from htdbu.grammar import scan
from htdbu.grammar.builder import Builder
from htdbu.grammar.comments import doc_comments, ignores
from htdbu.grammar.depth import DEEPEST, too_deep_at
from htdbu.grammar.mistakes import too_deep
from htdbu.grammar.recovery import Recovery
from htdbu.grammar.source import Source, Span
from htdbu.grammar.syntax import DefDecl, ImportDecl, LookupDecl, Statement, SyntaxFinding, Tree
from htdbu.grammar.terminals import lark

_LONGEST = 500_000
"""A text of more characters is read piece by piece at once, so that its parse trees are never all in memory."""


def parse(source: Source) -> Tree:
    """All sound statements of a text, and a finding for every broken one."""
    reading = _Reading(source)
    statements = reading.whole()
    if statements is None:
        recovery = Recovery(source, lark().parse, reading.build)
        recovery.run()
        statements = recovery.statements
        reading.findings += recovery.findings
        reading.lost += recovery.lost
    return reading.tree(statements)


class _Reading:
    """What is gathered while a text is read."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._docs = doc_comments(source)
        self.findings: list[SyntaxFinding] = []
        self.lost: list[Span] = []
        self._suspect_calls = False

    def whole(self) -> list[Statement] | None:
        """The statements of a text without a mistake; None where it has one, or is better read in pieces."""
        text = self._source.text
        if len(text) > _LONGEST or scan.depth(text, 0, len(text), DEEPEST) is not None:
            return None
        try:
            parsed = lark().parse(text)
        except UnexpectedInput:
            return None
        statements = list(self.build(parsed, 0))
        if self._suspect_calls and not _declares_unique(statements):
            self.findings.clear()
            return None
        return statements

    def build(self, parsed: ParseTree[Token], offset: int) -> tuple[Statement, ...]:
        """The syntax tree of what was parsed; `offset` is where it begins in the source."""
        builder = Builder(self._source.name, self._docs, offset)
        statements: tuple[Statement, ...] = builder.transform(parsed)
        self.findings += builder.findings
        text = self._source.text
        self._suspect_calls |= any(scan.is_first_on_line(text, place) for place in builder.unique_calls)
        return statements

    def tree(self, statements: list[Statement]) -> Tree:
        """Everything read, without what is nested too deep."""
        sound: list[Statement] = []
        for statement in statements:
            deep = too_deep_at(statement)
            if deep is None:
                sound.append(statement)
            else:
                self.findings.append(too_deep(self._source, deep.start, DEEPEST))
                self.lost.append(statement.span)
        findings = sorted(self.findings, key=lambda finding: finding.span.start)
        return Tree(tuple(sound), ignores(self._source), tuple(findings), tuple(self.lost))


def _declares_unique(statements: list[Any]) -> bool:
    """Whether `unique(…)` may be the call of a definition: one at the beginning of a line else is a statement."""
    kinds = (DefDecl, LookupDecl)
    return any(isinstance(s, ImportDecl) or (isinstance(s, kinds) and s.name.value == "unique") for s in statements)

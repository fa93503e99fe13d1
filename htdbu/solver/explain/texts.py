"""What the rule file says where a reported name comes from: the text of the statement, its file and its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from htdbu.compiler.expressions import Node
from htdbu.compiler.files import read_text
from htdbu.compiler.program import Column, Program, Rule
from htdbu.compiler.writing import UnwritableError, statements, write_expression
from htdbu.compiler.writing.expressions import Writer
from htdbu.grammar.source import Source, Span


@dataclass(frozen=True)
class Stated:
    """A statement of a rule file on one line.

    Attributes:
        text: as it stands there; as `htdbu fmt` would write it where the file cannot be read any more.
        file: the name of the file; None for rules that come from no file.
        line: the line on which it begins, counted from 1.
        doc: its doc comment.
    """

    text: str
    file: str | None = None
    line: int | None = None
    doc: str | None = None

    @property
    def place(self) -> str:
        """`FILE:LINE`; empty where it has none."""
        return "" if self.line is None else f"{self.file}:{self.line}"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"text": self.text, "file": self.file, "line": self.line, "doc": self.doc}


class Texts:
    """The statements of a program, by the names that reports use."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._writer = Writer(statements.values_of(program.params))
        self._sources: dict[str, Source | None] = {}

    def of(self, name: str) -> Stated:
        """The statement of a rule, a domain, a null, a derivation, a fixed cell or a rule over several rows."""
        node, doc, write = self._nodes.get(name, (None, None, lambda: name))
        text = self._guarded(node) if isinstance(node, Rule) else None
        source = None if node is None or node.span is None else self._source(node.span.file)
        if source is None or node is None or node.span is None:
            return Stated(text or write(), doc=doc)
        return Stated(text or write(), source.name, source.position(node.span.start)[0], doc)

    @cached_property
    def _nodes(self) -> dict[str, tuple[Node, str | None, Callable[[], str]]]:
        """The declaration behind each name, its doc comment, and what writes it anew. Rules go before columns."""
        found: dict[str, tuple[Node, str | None, Callable[[], str]]] = {}
        for column in self._program.columns:
            names = [f"{column.name}{end}" for end in (".domain", ".null", ".derived", " fixed")]
            for name in (*names, f"key({column.name})"):
                found[name] = (column, column.doc, partial(self._column, column))
        for unique in self._program.uniques:
            found[unique.name] = (unique, unique.doc, partial(_written, statements.unique_lines, unique))
        for fd in self._program.dependencies:
            found[fd.name] = (fd, fd.doc, partial(_written, statements.dependency_lines, fd))
        for rule in self._program.rules:
            found[rule.name] = (rule, rule.doc, partial(self._rule, rule))
        return found

    def _column(self, column: Column) -> str:
        try:
            return _last(statements.column_lines(column, self._writer))
        except UnwritableError:
            return column.name

    def _rule(self, rule: Rule) -> str:
        """A rule as it would be written, its guard before it; one that a factor made as what it means."""
        try:
            if rule.origin == "factor":
                return f"{rule.name}: {write_expression(rule.outcome)}"
            text = _last(statements.rule_lines(rule, self._writer))
            return text if rule.guard is None else f"when {self._writer.write(rule.guard)} {{ {text} }}"
        except UnwritableError:
            return rule.name

    def _guarded(self, rule: Rule) -> str | None:
        """A rule as it stands in its file, its guard before it; None where that cannot be told."""
        own = self._raw(rule.span)
        if own is None or rule.origin == "factor" or rule.guard is None:
            return None if rule.origin == "factor" else own
        guard = self._writer.write(rule.guard)
        return f"when {guard} {{ {own} }}"

    def _raw(self, span: Span | None) -> str | None:
        """A stretch of a file on one line; None where comments would be lost in it, or there is no such file."""
        source = None if span is None else self._source(span.file)
        if source is None or span is None:
            return None
        text = source.text[span.start : span.end]
        return None if "#" in text and "\n" in text else " ".join(text.split())

    def _source(self, file: str) -> Source | None:
        if file not in self._sources:
            try:
                self._sources[file] = Source(file, read_text(file))
            except (OSError, ValueError):
                self._sources[file] = None
        return self._sources[file]


def _written(write: Callable[[Any], Iterator[str]], node: Node) -> str:
    """A statement written anew."""
    return _last(write(node))


def _last(lines: Iterator[str]) -> str:
    """The statement itself, without its doc comment."""
    return list(lines)[-1]

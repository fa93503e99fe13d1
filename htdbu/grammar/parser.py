"""From text to the syntax tree; never raises, whatever the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from lark import Token
from lark import Tree as ParseTree
from lark.exceptions import UnexpectedInput

from htdbu.grammar import scan
from htdbu.grammar.builder import Builder
from htdbu.grammar.comments import doc_comments, ignores
from htdbu.grammar.recovery import recover
from htdbu.grammar.source import Source, Span
from htdbu.grammar.syntax import Statement, SyntaxFinding, Tree
from htdbu.grammar.terminals import lark

DEEPEST = 200
"""Expressions and brackets may be nested so deep."""


def parse(source: Source) -> Tree:
    """All sound statements of a text and a finding for every broken one."""
    depth, place = scan.deepest(source.text)
    if depth > DEEPEST:
        return Tree((), (), (_too_deep(source.span(place, place + 1)),))
    docs = doc_comments(source)
    findings: list[SyntaxFinding] = []

    def build(tree: ParseTree[Token], offset: int) -> tuple[Statement, ...]:
        builder = Builder(source.name, docs, offset)
        statements = tuple(builder.transform(tree))
        findings.extend(builder.findings)
        return statements

    lost: list[tuple[int, int]] = []
    try:
        statements = build(lark().parse(source.text), 0)
    except UnexpectedInput:
        statements, mistakes, lost = recover(source, lark().parse, build)
        findings.extend(mistakes)
    shallow = []
    for statement in statements:
        deep = _deeper_than(statement, DEEPEST)
        if deep is None:
            shallow.append(statement)
        else:
            findings.append(_too_deep(deep))
    findings.sort(key=lambda finding: finding.span.start)
    return Tree(tuple(shallow), ignores(source), tuple(findings), tuple(source.span(a, b) for a, b in lost))


def _too_deep(span: Span) -> SyntaxFinding:
    help = "give parts of it names with `def`, or use `sum(…)`, `all(…)`, `any(…)`"
    return SyntaxFinding("HTR001", f"this is nested deeper than {DEEPEST} levels", span, help=help)


def _deeper_than(root: Any, most: int) -> Span | None:
    """The place of a node that lies deeper than allowed; None where there is none."""
    level: list[Any] = [root]
    for _ in range(most * 2):
        level = [child for node in level for child in _parts(node)]
        if not level:
            return None
    return next((node.span for node in level if hasattr(node, "span")), getattr(root, "span", None))


def _parts(node: Any) -> Iterator[Any]:
    if isinstance(node, tuple) and not isinstance(node, Span):
        yield from node
    elif is_dataclass(node):
        for entry in fields(node):
            value = getattr(node, entry.name)
            if isinstance(value, tuple) and not isinstance(value, Span):
                yield from value
            elif is_dataclass(value):
                yield value

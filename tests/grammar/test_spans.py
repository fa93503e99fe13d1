"""Spans: the text of a node's span is what the node was read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from tests.grammar.dump import shown

FIXTURES = Path(__file__).parent / "fixtures"
TEXTS = [
    (FIXTURES / "sample.htr").read_text("utf-8"),
    *(
        block.partition("\n")[2].partition("===\n")[0]
        for block in (FIXTURES / "sound.txt").read_text().split("--- ")[1:]
    ),
    "hard r: ((a) or (b)) and not (c + (d) * -(e) in (f) + 2..(g)) or x == if (p) then (1) else (2)",
    "hard r: a in b * 2 - 3..4 and a in 1..2 and a in -1..-2 or case { (a) -> (b); else -> (c) } > max((a), b)",
    "hard r: if (a) then (b) else (c)",
]
EXPRESSIONS = tuple(set(get_args(syntax.Expression)) - {syntax.Pattern})


def _nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, tuple):
        for part in node:
            yield from _nodes(part)
    elif is_dataclass(node):
        yield node
        for entry in fields(node):
            yield from _nodes(getattr(node, entry.name))


def _read(text: str) -> syntax.RuleDecl:
    tree = parse(Source("a.htr", text))
    assert () == tree.findings, text
    (rule,) = tree.statements
    assert isinstance(rule, syntax.RuleDecl)
    return rule


@pytest.mark.parametrize("text", TEXTS)
def test_the_slice_of_an_expression_reads_as_that_expression(text: str) -> None:
    tree = parse(Source("a.htr", text))
    assert () == tree.findings
    for node in _nodes(tree.statements):
        part = text[node.span.start : node.span.end]
        if isinstance(node, EXPRESSIONS) and f'"{getattr(node, "value", None)}"' != part:
            assert shown(node) == _shown_alone(part, node)
        elif isinstance(node, syntax.Range) and node.low is not None and node.high is not None:
            assert shown(node).replace("(- ", "-").replace(")", "") == _collection(part).replace("(- ", "-").replace(
                ")", ""
            )


def _shown_alone(part: str, node: Any) -> str:
    """The slice read as a rule's body; a negative literal, which an expression reads as a minus, as a param's."""
    if isinstance(node, syntax.Number):
        (param,) = parse(Source("a.htr", f"param p = {part}")).statements
        assert isinstance(param, syntax.ParamDecl)
        return shown(param.value)
    return shown(_read(f"hard r: {part}").body)


def _collection(part: str) -> str:
    body = _read(f"hard r: x in {part}").body
    assert isinstance(body, syntax.Membership)
    return shown(body.collection)


def _slices(text: str) -> list[tuple[str, str]]:
    tree = parse(Source("a.htr", text))
    assert () == tree.findings
    return [(type(n).__name__, text[n.span.start : n.span.end]) for n in _nodes(tree.statements)]


def test_the_spans_of_a_table() -> None:
    text = ' table t {\n  a : decimal(2) in -1..2 cost 3 as "A" = b + 1 # c\n  `x y` : category { "u", "v" } \n} '
    column = 'a : decimal(2) in -1..2 cost 3 as "A" = b + 1'
    assert [
        ("Table", text.strip()),
        ("Name", "t"),
        ("ColumnDecl", column),
        ("Name", "a"),
        ("TypeExpr", "decimal(2)"),
        ("Range", "-1..2"),
        ("Number", "-1"),
        ("Number", "2"),
        ("Number", "3"),
        ("Text", '"A"'),
        ("Binary", "b + 1"),
        ("Name", "b"),
        ("Number", "1"),
        ("ColumnDecl", '`x y` : category { "u", "v" }'),
        ("Name", "`x y`"),
        ("TypeExpr", 'category { "u", "v" }'),
        ("Text", '"u"'),
        ("Text", '"v"'),
    ] == _slices(text)


def test_the_spans_of_branches_and_brackets() -> None:
    text = "hard r: case { (a) -> (b); else -> (c) } == if (d) then (e) else (f)"
    assert [
        ("RuleDecl", text),
        ("Name", "r"),
        ("Comparison", text[8:]),
        ("Conditional", "case { (a) -> (b); else -> (c) }"),
        ("Arm", "(a) -> (b)"),
        ("Name", "a"),
        ("Name", "b"),
        ("Name", "c"),
        ("Conditional", "if (d) then (e) else (f)"),
        ("Arm", "(d) then (e)"),
        ("Name", "d"),
        ("Name", "e"),
        ("Name", "f"),
    ] == _slices(text)


def test_the_spans_of_a_factor() -> None:
    text = 'factor d ~ { true: 1%, } { 1..2 -> a in { 1 }, b ~ { (1, "x"): 5% }; }'
    assert [
        ("FactorDecl", text),
        ("Name", "d"),
        ("ShareItem", "true: 1%"),
        ("Boolean", "true"),
        ("Number", "1%"),
        ("FactorArm", '1..2 -> a in { 1 }, b ~ { (1, "x"): 5% }'),
        ("Range", "1..2"),
        ("Number", "1"),
        ("Number", "2"),
        ("AttributeDecl", "a in { 1 }"),
        ("Name", "a"),
        ("Set", "{ 1 }"),
        ("Number", "1"),
        ("AttributeDecl", 'b ~ { (1, "x"): 5% }'),
        ("Name", "b"),
        ("ShareItem", '(1, "x"): 5%'),
        ("Number", "1"),
        ("Text", '"x"'),
        ("Number", "5%"),
    ] == _slices(text)


def test_spans_count_from_the_beginning_of_the_file_in_recovered_statements_too() -> None:
    lines = ["\ufefftable t {", "  a : int in", "  b : int in 1..2", "}", "when x > {", "  hard r: é", "}", "when y {"]
    text = "\r\n".join([*lines, "  hard s: z", "  hard", "}"])
    tree = parse(Source("a.htr", text))
    marked = [(type(n).__name__, text[n.span.start : n.span.end]) for n in _nodes(tree.statements)]
    assert [("Table", text[1 : text.index("}") + 1]), ("Name", "t"), ("ColumnDecl", "b : int in 1..2")] == marked[:3]
    assert ("When", text[text.index("when y") :]) in marked
    assert ("RuleDecl", "hard s: z") in marked

"""Doc comments go to the next declaration; directives are kept with their place and reason."""

from __future__ import annotations

from typing import Any

import pytest

from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source

DECLARATIONS = {
    "table t { }": "Table",
    "param p = 1": "ParamDecl",
    "def d = 1": "DefDecl",
    "lookup l(a -> b) { }": "LookupDecl",
    "hard h: x": "RuleDecl",
    "soft(2) s: x": "RuleDecl",
    "forbid f: x": "RuleDecl",
    "factor c { }": "FactorDecl",
    "target t: mean(x) >= 1": "TargetDecl",
}


def _statements(text: str) -> tuple[Any, ...]:
    tree = parse(Source("a.htr", text))
    assert () == tree.findings
    return tree.statements


@pytest.mark.parametrize("declaration", DECLARATIONS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_declaration_takes_its_doc_comment(declaration: str, end: str) -> None:
    text = end.join(
        ["\ufeff# plain", "##  One.  ", "##", "\t## Two: # and `more`", "", f"  {declaration}", declaration]
    )
    first, second = _statements(text)
    assert (DECLARATIONS[declaration], " One.\n\nTwo: # and `more`", None) == (
        type(first).__name__,
        first.doc,
        second.doc,
    )


def test_columns_and_rules_inside_blocks_take_theirs() -> None:
    table, block = _statements("table t {\n## A.\na : int\n## B.\nb : int }\nwhen x {\n## C.\nhard c: y hard d: z }")
    assert ["A.", "B."] == [column.doc for column in table.columns]
    assert ["C.", None] == [rule.doc for rule in block.body]


def test_a_doc_comment_of_a_broken_declaration_goes_nowhere() -> None:
    tree = parse(Source("a.htr", "## A.\nhard a: x >\n## B.\nhard b: y\nhard c: z"))
    assert [("b", "B."), ("c", None)] == [(s.name.value, s.doc) for s in tree.statements]  # type: ignore[union-attr]


def test_two_sharp_signs_in_a_text_or_behind_something_are_no_doc_comment() -> None:
    first, second = _statements('param a = "## no"  ## nor this\nparam b = "\\"## no"')
    assert (None, None) == (first.doc, second.doc)


def test_an_ignore_is_kept_with_its_codes_its_reason_and_its_place() -> None:
    text = (
        "# htr: ignore[HTR503, HTR103] known\r\nhard r: x > 1\n  #htr:ignore[HTR401]\n# htr: ignored[HTR1]\n"
        'param p = "# htr: ignore[HTR2]" # htr: ignore[HTR3]\n# htr: ignore[] none'
    )
    ignores = parse(Source("a.htr", text)).ignores
    assert [(("HTR503", "HTR103"), "known"), (("HTR401",), ""), ((), "none")] == [(i.codes, i.reason) for i in ignores]
    expected = ["# htr: ignore[HTR503, HTR103] known", "#htr:ignore[HTR401]", "# htr: ignore[] none"]
    assert expected == [text[i.span.start : i.span.end] for i in ignores]


def test_ignores_are_kept_in_a_file_with_mistakes() -> None:
    tree = parse(Source("a.htr", "hard a: x >\n# htr: ignore[HTR503]\nhard b: y"))
    assert [("HTR503",)] == [ignore.codes for ignore in tree.ignores]
    assert 1 == len(tree.findings)

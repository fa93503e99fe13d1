"""Texts in, trees and findings out: every case of the fixture files.

A case begins with `--- title`; after `===` stand the expected lines (tests/grammar/dump.py says how they are written).
The cases of `sound.txt` expect a tree, those of the other files the findings and then, after `+++`, what is left.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from tests.grammar.dump import finding_lines, tree_lines

FIXTURES = Path(__file__).parent / "fixtures"


def _cases() -> list[tuple[str, str, list[str]]]:
    cases = []
    for path in sorted(FIXTURES.glob("*.txt")):
        for block in path.read_text("utf-8").split("--- ")[1:]:
            title, _, rest = block.partition("\n")
            text, _, expected = rest.partition("===\n")
            cases.append((f"{path.stem}: {title}", text, expected.rstrip("\n").split("\n")))
    return cases


def _outcome(text: str) -> list[str]:
    source = Source("a.htr", text)
    tree = parse(source)
    findings = finding_lines(tree, source)
    return [*findings, "+++", *tree_lines(tree)] if findings else tree_lines(tree)


@pytest.mark.parametrize(("title", "text", "expected"), _cases(), ids=lambda value: value if ":" in str(value) else "")
def test_a_text_gets_its_tree_and_its_findings(title: str, text: str, expected: list[str]) -> None:
    assert expected == _outcome(text)

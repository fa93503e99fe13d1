"""The page for language models is short, and its example is whole."""

from __future__ import annotations

import re

from docs.generating.blocks import DOCS, blocks
from docs.generating.rules import compiled
from htdbu.compiler.functions import written_names
from htdbu.grammar.words import RESERVED, STATEMENTS, TYPES

PAGE = DOCS / "language" / "for-llms.md"
TEXT = PAGE.read_text("utf-8")
MOST_TOKENS = 1_500
"""Tokens are estimated from above: every word of up to eight letters, every digit group and every sign is one."""


def tokens(text: str) -> int:
    words = re.findall(r"[A-Za-z]+|\d+|[^\w\s]+|_", text)
    return sum(1 + (len(word) - 1) // 8 for word in words)


def test_it_fits_into_a_prompt() -> None:
    assert tokens(TEXT) <= MOST_TOKENS


def test_the_example_has_no_finding() -> None:
    (example,) = [block for block in blocks(PAGE) if block.kind == "htr"]
    assert () == compiled(example)[0].diagnostics


def test_it_names_every_statement_type_and_function() -> None:
    assert [] == [word for word in (*STATEMENTS, *TYPES, *written_names()) if not re.search(rf"\b{word}\b", TEXT)]


def test_it_names_the_reserved_words() -> None:
    assert [] == [word for word in RESERVED if not re.search(rf"\b{word}\b", TEXT)]

"""How long a text of the rule language is to read."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<skipped>\#[^\n]*|[()]|\s+)"""
    r"""|(?P<marks>[{},;])"""
    r"""|(?P<turns>=>)"""
    r"""|(?P<tests>is\s+(?:not\s+)?null\b|(?:not\s+)?in\b)"""
    r"""|(?P<words>"(?:[^"\\]|\\.)*"|`[^`\n]*`|[^\W\d]\w*|[0-9]{4}-[0-9]{2}-[0-9]{2}[T0-9:]*"""
    r"""|[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?%?)"""
    r"""|(?P<signs><=>|->|\.\.|[<>=!]=|.)"""
)
_OPERATORS = frozenset({"and", "or", "not", "hard", "soft", "forbid", "when"})


class Size(NamedTuple):
    """Compared from left to right: words and signs without brackets and commas; turns of thought; letters of names.

    An implication after the first is a turn. What people read at once, as `is not null` and `not in`, is one word, so
    that a rule is not turned around to save a `not`.
    """

    words: int
    turns: int
    letters: int


def size(text: str) -> Size:
    """The size of a stretch of a rule file."""
    words = turns = letters = 0
    for found in _TOKEN.finditer(text):
        kind, token = found.lastgroup, found[0]
        words += kind not in ("skipped", "marks")
        turns += kind == "turns"
        letters += len(token) if kind in ("words", "marks") and token not in _OPERATORS else 0
    return Size(words, max(0, turns - 1), letters)

"""Where an expression that is too long for a line is broken: before the weakest operators that stand in no bracket."""

from __future__ import annotations

from typing import NamedTuple

from htdbu.grammar.formatting.tokens import Tokens

_LEVELS = (
    ("->",),
    ("given",),
    ("<=>",),
    ("=>",),
    ("or",),
    ("and",),
    ("==", "!=", "<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "/"),
)
_LEVEL = {word: level for level, words in enumerate(_LEVELS) for word in words}
COMPARISON = _LEVEL["=="]
"""The level of comparisons; stronger operators have higher ones."""


class Part(NamedTuple):
    """A part of an expression: the operator that it begins with ends where its operand begins."""

    start: int
    operand: int
    end: int


def weakest(tokens: Tokens, start: int, end: int) -> int | None:
    """The level of the weakest operator of a stretch; None where it has none."""
    levels = [level for _, level in _operators(tokens, start, end)]
    return min(levels, default=None)


def parts(tokens: Tokens, start: int, end: int) -> list[Part]:
    """What a stretch consists of when it is broken; it is one part where nothing in it can be."""
    if tokens.texts[start] == "if" and tokens.closes.get(start, end) < end:
        return _branches(tokens, start, end)
    operators = list(_operators(tokens, start, end))
    level = min((level for _, level in operators), default=None)
    places = [index for index, found in operators if found == level]
    bounds = [*places, end]
    return [Part(start, start, bounds[0]), *(Part(a, a + 1, b) for a, b in zip(places, bounds[1:], strict=True))]


def _operators(tokens: Tokens, start: int, end: int) -> list[tuple[int, int]]:
    """The outer operators of a stretch and their levels."""
    return [
        (index, level)
        for index in tokens.outer(start, end)
        if (level := _LEVEL.get(tokens.texts[index])) is not None and index > start and index not in tokens.unary
    ]


def _branches(tokens: Tokens, start: int, end: int) -> list[Part]:
    """`if c`, `then a`, `else if d`, `then b`, `else e`."""
    found = []
    operand = start + 1
    while True:
        other = tokens.closes[operand - 1]
        then = tokens.find("then", operand, other)
        if then is None:
            raise ValueError("an `if` without `then`")
        found += [Part(start, operand, then), Part(then, then + 1, other)]
        start, operand = other, other + 1
        if tokens.texts[operand] != "if" or tokens.closes.get(operand, end) >= end:
            return [*found, Part(start, operand, end)]
        operand += 1

"""The Lark parser of the grammar, and how its terminals are written."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from lark import Lark, Token
from lark.lexer import PatternStr


class _WholeWords:
    """Keeps glued words whole: a name is always possible, so `hardfoo` is never read as `hard` and `foo`."""

    always_accept = ("NAME",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Pass the tokens on."""
        return stream


@cache
def lark() -> Lark:
    """The parser, made once."""
    text = files("htdbu.grammar").joinpath("htr.lark").read_text("utf-8")
    return Lark(text, parser="lalr", postlex=_WholeWords(), propagate_positions=True, maybe_placeholders=True)


@cache
def spelling(terminal: str) -> str:
    """A word or sign as it is written; the terminal's own name for patterns."""
    definition = next((t for t in lark().terminals if t.name == terminal), None)
    if definition is not None and isinstance(definition.pattern, PatternStr):
        return definition.pattern.value
    return terminal.lower()

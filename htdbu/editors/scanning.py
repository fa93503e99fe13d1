"""A rule file in pieces: what a piece is by its spelling alone, in one pass over the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_PIECE = re.compile(
    r"""
    (?P<space>[ \t\r\n\f\v\ufeff]+)
  | (?P<comment>\#[^\n]*)
  | (?P<string>"(?:[^"\\\n]|\\.)*")
  | (?P<quoted>`[^`\n]+`)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<date>[0-9]{4,}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2})?)
  | (?P<number>[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?%?)
  | (?P<pattern>\[[A-Za-z0-9_*?]+\])
  | (?P<sign><=>|=>|->|==|!=|<=|>=|\.\.|[-+*/<>=~])
  | (?P<mark>[(){}:,;])
  | (?P<wrong>["`][^\n]*|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Piece(NamedTuple):
    """A stretch of a text and its kind, a group of the pattern above."""

    start: int
    kind: str
    text: str


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of any text; together they are the text."""
    for found in _PIECE.finditer(text):
        yield Piece(found.start(), str(found.lastgroup), found[0])

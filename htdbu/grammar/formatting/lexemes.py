"""What a text consists of besides space: its tokens, each with the comments that stand before and beside it.

The text has been parsed, so the language's contextual words need not be told apart here: reserved words are words of
the language everywhere, and every other word is laid out alike. An end of a range that the grammar takes together with
its dots (`0..`) is two tokens here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

_SPACE = r"[ \t\r\n\f\v\ufeff]+"
_DATE = r"[0-9]{4,}-[0-9]{2}-[0-9]{2}"
_NUMBER = r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?%?"
_LEXEME = re.compile(
    rf"(?P<space>{_SPACE})|(?P<comment>#[^\n]*)|(?P<token>{_DATE}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}|{_DATE}|{_NUMBER}"
    r'|[A-Za-z_][A-Za-z0-9_]*|`[^`\n]+`|"(?:[^"\\\n]|\\.)*"|\[[A-Za-z0-9_*?]+\]'
    r"|<=>|=>|<=|>=|==|!=|->|\.\.|[-+*/<>=~:;,(){}])"
)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a line of its own, and whether an empty line stands before it."""

    text: str
    blank_before: bool


@dataclass(slots=True)
class Lexeme:
    """A token as it was written; the last one of a text is empty and holds the comments at its end.

    Attributes:
        place: where it begins in the text.
        above: the comments on lines of their own that stand before it.
        beside: the comment behind it on its line.
        is_first: whether it is the first thing on its line.
        blank_before: whether an empty line stands right before it, after the comments above it.
    """

    text: str
    place: int
    above: list[Comment] = field(default_factory=list)
    beside: str | None = None
    is_first: bool = True
    blank_before: bool = False

    @property
    def keeps_group(self) -> bool:
        """Whether no empty line parts it, or the comments above it, from what stands before."""
        return not self.blank_before and not any(comment.blank_before for comment in self.above)


def lexemes(text: str) -> list[Lexeme]:
    """All tokens of a text that parses, in order, and one without text for its end.

    Raises:
        ValueError: where the text holds what is no token.
    """
    found: list[Lexeme] = []
    above: list[Comment] = []
    newlines = 1  # since the last token or comment; a text begins with a new line
    position = 0
    while position < len(text):
        match = _LEXEME.match(text, position)
        if match is None:
            raise ValueError(f"no token at {position}")
        position = match.end()
        written = match[0]
        if match.lastgroup == "space":
            newlines += written.count("\n")
        elif match.lastgroup == "token":
            found.append(Lexeme(written, match.start(), above, None, newlines > 0, newlines > 1))
            above, newlines = [], 0
        elif newlines or not found:
            above.append(Comment(written.rstrip(), newlines > 1))
            newlines = 0
        else:
            found[-1].beside = written.rstrip()
    found.append(Lexeme("", len(text), above, None, True, newlines > 1))
    _hand_to_separators(found)
    return found


def _hand_to_separators(found: list[Lexeme]) -> None:
    """Let a comment between a thing and the comma or semicolon behind it stand behind both."""
    for lexeme, following in pairwise(found):
        if lexeme.beside is not None and following.text in (",", ";") and not (following.above or following.beside):
            lexeme.beside, following.beside = None, lexeme.beside

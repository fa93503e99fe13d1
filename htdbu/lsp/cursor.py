"""Where in the language a cursor stands, from the text before it alone, since the file is often broken there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from htdbu.grammar.heads import statement_heads
from htdbu.grammar.words import STATEMENTS

_TOKEN = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\.)*"?|`[^`\n]*`?|[A-Za-z_]\w*|<=>|[-=<>!]=|[-=<]>|\.\.|[^\s\w]|\d[\w.%]*')
_BEGUN = re.compile(r"[ \t]*([a-z]+)[ \t]+(?![ \t:])")
"""A line that begins with a word; the parser sees no statement there before more of it is written."""
_OPEN = {"(": ")", "{": "}", "[": "]"}


@dataclass(frozen=True)
class Cursor:
    """What stands before a cursor.

    Attributes:
        head: the word that begins the statement; empty between statements.
        tokens: the tokens of the statement, without the word or text that is being written.
        opened: the positions in `tokens` of the brackets that are open.
        prefix: the part of a word or text that is written already; a text begins with its quote.
        is_comment: whether it stands in a comment.
    """

    head: str
    tokens: tuple[str, ...]
    opened: tuple[int, ...]
    prefix: str
    is_comment: bool = False

    @property
    def last(self) -> str:
        """The token before what is being written; empty at the beginning."""
        return self.tokens[-1] if self.tokens else ""

    @property
    def is_text(self) -> bool:
        """Whether a quoted text is being written."""
        return self.prefix.startswith('"')

    def before_bracket(self, back: int = 0) -> str:
        """The token before an open bracket, the innermost one for 0."""
        place = self.opened[-1 - back] if len(self.opened) > back else 0
        return self.tokens[place - 1] if place > 0 else ""


def cursor_at(text: str, offset: int) -> Cursor:
    """The cursor at a place."""
    heads = [head for head in _heads(text) if head[0] <= offset]
    start, word = heads[-1] if heads else (0, "")
    if heads and offset <= start + len(word):  # the word itself is being written
        start, word = heads[-2] if len(heads) > 1 else (0, "")
    line = text.rfind("\n", 0, offset) + 1
    begun = _BEGUN.match(text, line, offset)
    if begun is not None and begun[1] in STATEMENTS and line > start and word != "table":
        start, word = begun.start(1), begun[1]
    tokens: list[str] = []
    opened: list[int] = []
    prefix, is_comment = "", False
    for found in _TOKEN.finditer(text, start, offset):
        token = found[0]
        is_last = found.end() == offset
        if token.startswith("#"):
            is_comment = is_last and "\n" not in text[found.end() : offset]
            continue
        is_open_text = token.startswith('"') and (len(token) == 1 or not token.endswith('"'))
        if is_last and (is_open_text or re.fullmatch(r"[A-Za-z_]\w*|`[^`]*", token)):
            prefix = token
            break
        if token in _OPEN:
            opened.append(len(tokens))
        elif opened and token == _OPEN[tokens[opened[-1]]]:
            opened.pop()
        tokens.append(token)
    is_over = not opened and "\n" in text[start:offset] and _is_complete(word, tokens)
    return Cursor("" if is_over else word, tuple(tokens), tuple(opened), prefix, is_comment)


def tokens_of(text: str) -> Iterator[tuple[int, str]]:
    """All tokens of a text and where they begin."""
    return ((found.start(), found[0]) for found in _TOKEN.finditer(text))


def word_at(text: str, offset: int) -> tuple[int, str, str] | None:
    """The bare word that a place lies in: where it begins, the word, and the word that begins its statement."""
    heads = [head for head in _heads(text) if head[0] <= offset]
    start, head = heads[-1] if heads else (0, "")
    for found in _TOKEN.finditer(text, start, min(offset + 100, len(text))):
        if found.start() <= offset <= found.end() and found[0].isidentifier():
            return found.start(), found[0], head
    return None


def _is_complete(word: str, tokens: list[str]) -> bool:
    """Whether a statement ended: a block with its bracket, another with a value or a name."""
    if not tokens:
        return True
    if word in ("table", "factor", "lookup", "when", "test") and tokens[-1] == "}":
        return True
    return (
        word not in ("table", "when", "test")
        and re.fullmatch(r"[\w\")}`.%]+", tokens[-1][-1:]) is not None
        and (tokens[-1] not in ("and", "or", "not", "in", "is", "if", "then", "else", "by", "given", "within"))
    )


@lru_cache(maxsize=4)
def _heads(text: str) -> tuple[tuple[int, str], ...]:
    return tuple((head.start, head.word) for head in statement_heads(text))

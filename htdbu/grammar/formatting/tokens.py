"""A text's tokens with all that layout asks about a stretch of them: how wide it is on one line, and whether it may be.

Stretches are given as the index of their first token and of the one behind their last. Sums from the beginning of the
text answer every question about a stretch at once, so that layout takes time in proportion to the text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import accumulate
from unicodedata import east_asian_width

from htdbu.grammar.formatting.lexemes import Lexeme
from htdbu.grammar.formatting.spacing import partners, spaces, unary_signs


def width(text: str) -> int:
    """How many columns a text takes; wide letters take two."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


class Tokens:
    """The tokens of a text.

    Args:
        starts: the places where statements and the parts of blocks begin.

    Attributes:
        texts: how each is written.
        closes: the closing bracket of every opening one, and the `else` of every `if`.
        unary: the minus signs that belong to the operand behind them.
        spaced: whether a space stands before each, on one line.
        starts: the indices of what begins statements and parts of blocks.
    """

    def __init__(self, lexemes: list[Lexeme], starts: Collection[int]) -> None:
        self.lexemes = lexemes
        self.texts = [lexeme.text for lexeme in lexemes]
        self.index = {lexeme.place: index for index, lexeme in enumerate(lexemes)}
        self.starts = frozenset(self.index[place] for place in starts)
        self.closes = partners(self.texts)
        self.unary = unary_signs(self.texts, self.starts)
        self.spaced = spaces(self.texts, self.starts, self.unary, self.closes)
        self._widths = _sums([width(text) + space for text, space in zip(self.texts, self.spaced, strict=True)])
        self._above = _sums([bool(lexeme.above) for lexeme in lexemes])
        self._beside = _sums([lexeme.beside is not None for lexeme in lexemes])
        self._spread = _sums([self.is_spread(index) for index in range(len(lexemes))])

    def width(self, start: int, end: int) -> int:
        """How many columns a stretch takes on one line, without a space before it."""
        return self._widths[end] - self._widths[start] - self.spaced[start] if end > start else 0

    def is_flat(self, start: int, end: int) -> bool:
        """Whether a stretch may stand on one line: nothing in it is spread, and no comment parts it."""
        return end <= start or not (
            self._spread[end] - self._spread[start]
            or self._above[end] - self._above[start + 1]
            or self._beside[end - 1] - self._beside[start]
        )

    def is_spread(self, index: int) -> bool:
        """Whether a token is a brace whose content was written on lines of its own, or ends with a comma."""
        close = self.closes.get(index)
        if close is None or close == index + 1 or self.texts[index] != "{":
            return False
        return self.lexemes[index + 1].is_first or self.has_last_comma(index)

    def has_last_comma(self, index: int) -> bool:
        """Whether a comma stands before the bracket that closes one."""
        return self.texts[self.closes[index] - 1] == ","

    def outer(self, start: int, end: int) -> Iterator[int]:
        """The tokens of a stretch that stand in none of its brackets and in no `if … else`; these openers included."""
        index = start
        while index < end:
            yield index
            close = self.closes.get(index)
            index = index + 1 if close is None or close >= end else close + 1

    def find(self, text: str, start: int, end: int) -> int | None:
        """The first of the outer tokens of a stretch that is written so; None where there is none."""
        return next((index for index in self.outer(start, end) if self.texts[index] == text), None)

    def split(self, start: int, end: int, is_separator: Callable[[int], bool]) -> list[tuple[int, int]]:
        """The parts of a stretch between its outer separators; a part is never empty."""
        parts = []
        first = start
        for index in self.outer(start, end):
            if is_separator(index):
                parts.append((first, index))
                first = index + 1
        return [*parts, (first, end)] if first < end else parts


def _sums(values: list[int] | list[bool]) -> list[int]:
    return list(accumulate(values, initial=0))

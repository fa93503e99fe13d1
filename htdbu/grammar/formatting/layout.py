"""Stretches of tokens on lines: on one where they fit, else broken at the weakest operators, else inside brackets."""

from __future__ import annotations

from itertools import pairwise

from htdbu.grammar.formatting.operators import COMPARISON, parts, weakest
from htdbu.grammar.formatting.tokens import Tokens
from htdbu.grammar.formatting.writer import INDENT, WIDTH, Writer

_OPENERS = ("(", "{")


class Layout:
    """Writes stretches of a text's tokens.

    Every method takes the stretch and, as `indent`, the indentation of the lines that it may have to begin; `reserve`
    is how many columns the last line needs for what follows.
    """

    def __init__(self, tokens: Tokens, writer: Writer) -> None:
        self._tokens = tokens
        self._writer = writer

    def fits(self, start: int, end: int, indent: int, reserve: int = 0) -> bool:
        """Whether a stretch can stand on what is left of the line."""
        if not self._tokens.is_flat(start, end):
            return False
        column = self._writer.column(indent, self._tokens.lexemes[start], self._tokens.spaced[start])
        return column + self._tokens.width(start, end) + reserve <= WIDTH

    def flat(self, start: int, end: int, indent: int) -> None:
        """Write a stretch as it comes; only comments in it break it."""
        for index in range(start, end):
            self.token(index, indent)

    def token(self, index: int, indent: int) -> None:
        """Write a token."""
        self._writer.token(self._tokens.lexemes[index], self._tokens.spaced[index], indent)

    def body(self, start: int, end: int, indent: int) -> None:
        """Write what stands behind the head of a statement: beside it, or else on lines of its own."""
        below = indent + INDENT
        if self.fits(start, end, below):
            self.flat(start, end, below)
        elif self._hugs(start, end):
            self.run(start, end, below)
        else:
            self._writer.newline(below)
            self.expression(start, end, below)

    def _hugs(self, start: int, end: int) -> bool:
        """Whether a stretch that does not fit begins beside its head all the same, and goes on inside a bracket."""
        tokens = self._tokens
        if tokens.texts[start] == "if":
            return False
        level = weakest(tokens, start, end)
        openers = [index for index in tokens.outer(start, end) if tokens.texts[index] in _OPENERS]
        if not openers or tokens.lexemes[start].above or (level is not None and level < COMPARISON):
            return False
        last = openers[-1]
        if tokens.closes[last] != end - 1 or not self.fits(start, last, 0, reserve=2):
            return False
        is_short = tokens.is_flat(start, end) and self._writer.indent + INDENT + tokens.width(start, end) <= WIDTH
        return tokens.texts[last - 1] == "case" or (not is_short and (level is None or tokens.texts[last] == "{"))

    def expression(self, start: int, end: int, indent: int, reserve: int = 0) -> None:
        """Write an expression that begins where the line is now."""
        if self.fits(start, end, indent, reserve):
            self.flat(start, end, indent)
            return
        found = parts(self._tokens, start, end)
        if len(found) == 1:
            self.run(start, end, indent, reserve)
            return
        for part in found:
            if part.start > start:
                self._writer.newline(indent)
            self.flat(part.start, part.operand, indent)
            self.expression(part.operand, part.end, indent + INDENT, reserve if part.end == end else 0)

    def run(self, start: int, end: int, indent: int, reserve: int = 0) -> None:
        """Write a stretch that has no place to break but inside its brackets."""
        tokens = self._tokens
        pieces = list(tokens.outer(start, end))
        openers = [index for index in pieces if tokens.texts[index] in _OPENERS and tokens.closes[index] < end]
        tails = dict(pairwise([*openers, end]))
        for index in pieces:
            close = tokens.closes.get(index)
            if close is None or close >= end:
                self.token(index, indent)
            elif index not in tails:  # a choice of values
                self.expression(index, end, indent, reserve)
                return
            else:
                tail = self._width_of_tail(close + 1, tails[index]) + (reserve if tails[index] == end else 0)
                self._bracket(index, close, indent, tail)

    def _width_of_tail(self, start: int, end: int) -> int:
        return self._tokens.width(start, end) + self._tokens.spaced[start] if end > start else 0

    def _bracket(self, opener: int, closer: int, indent: int, tail: int) -> None:
        """Write a bracket on the line, or its content on lines of their own."""
        if self.fits(opener, closer + 1, indent, tail):
            self.flat(opener, closer + 1, indent)
            return
        self.token(opener, indent)
        outside = self._writer.indent
        inside = outside + INDENT
        self._writer.newline(inside)
        if opener + 1 < closer:
            self._content(opener, closer, inside)
        self.close(closer, inside, outside)

    def close(self, closer: int, inside: int, outside: int, blanks: bool = False) -> None:
        """Write a closing bracket on a line of its own; comments above it belong to what is inside."""
        lexeme = self._tokens.lexemes[closer]
        self._writer.comments(lexeme.above, inside, blanks)
        self._writer.newline(outside)
        self._writer.bare(lexeme)

    def _content(self, opener: int, closer: int, indent: int) -> None:
        """Write what stands in a bracket, from the beginning of a line.

        The items of a set stay on the lines that they were written on, and fill them where it had none of its own.
        """
        tokens = self._tokens
        separators = _separators(tokens.texts[opener - 1])
        items = tokens.split(opener + 1, closer, lambda index: tokens.texts[index] in separators)
        if len(items) == 1 and tokens.texts[opener] == "(":
            self.expression(opener + 1, closer, indent)
            return
        is_set = tokens.texts[opener] == "{" and tokens.texts[opener - 1] != "case"
        is_filled = is_set and not tokens.has_last_comma(opener)
        keeps = is_set and tokens.lexemes[opener + 1].is_first
        for start, end in items:
            behind = end + (end < closer)
            lexeme = tokens.lexemes[start]
            is_parted = lexeme.is_first if keeps else not is_filled
            is_parted = is_parted or self._writer.ends_before(lexeme) or not self.fits(start, behind, indent)
            if start > opener + 1 and is_parted:
                self._writer.newline(indent)
            reserve = tokens.width(end, behind)
            self.expression(start, end, indent + INDENT, reserve)
            self.flat(end, behind, indent)


def _separators(before: str) -> tuple[str, ...]:
    """What parts the items of a bracket, by what stands before it."""
    return (";",) if before == "case" else ("<",) if before == "ordered" else (",",)

"""Lines as they come into being: code, the comment beside it, comments on lines of their own, empty lines."""

from __future__ import annotations

from dataclasses import dataclass

from htdbu.grammar.formatting.lexemes import Comment, Lexeme
from htdbu.grammar.formatting.tokens import width

WIDTH = 100
"""No line is longer where it can be broken; comments are left as they are."""
INDENT = 2


@dataclass(slots=True)
class Line:
    """A line: its indentation and code, and the comment beside it. A comment of its own line has no code."""

    indent: int
    code: str = ""
    comment: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on it."""
        return not self.code and self.comment is None


class Writer:
    """Takes tokens one by one.

    Attributes:
        lines: the finished lines.
        indent: the indentation of the line that is being written.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.indent = 0
        self._parts: list[str] = []
        self._comment: str | None = None
        self._column = 0

    def ends_before(self, lexeme: Lexeme) -> bool:
        """Whether a comment makes a token begin a line."""
        return bool(lexeme.above) or self._comment is not None

    def column(self, indent: int, lexeme: Lexeme, space: bool) -> int:
        """Where a token would begin, were it written now; `indent` is that of a new line, where it needs one."""
        if self.ends_before(lexeme):
            return indent if self._parts else self.indent
        return self._column + space if self._parts else self.indent

    def newline(self, indent: int) -> None:
        """End the line, if anything stands on it, and begin another."""
        if self._parts:
            self.lines.append(Line(self.indent, "".join(self._parts), self._comment))
        self._parts, self._comment = [], None
        self.indent = self._column = indent

    def blank(self) -> None:
        """Leave one line empty, but not at the beginning of the text."""
        self.newline(self.indent)
        if self.lines and not self.lines[-1].is_blank:
            self.lines.append(Line(0))

    def comments(self, comments: list[Comment], indent: int, blanks: bool = False) -> None:
        """Write comments on lines of their own; with the empty lines before them, if `blanks`."""
        for comment in comments:
            self.newline(indent)
            if blanks and comment.blank_before:
                self.blank()
            self.lines.append(Line(indent, "", comment.text))

    def token(self, lexeme: Lexeme, space: bool, indent: int) -> None:
        """Write a token and its comments; `indent` is that of a new line, where a comment makes one needed."""
        if lexeme.above:
            indent = indent if self._parts else self.indent
            self.comments(lexeme.above, indent)
        if self.ends_before(lexeme):
            self.newline(indent)
        text = f" {lexeme.text}" if space and self._parts else lexeme.text
        self._parts.append(text)
        self._column += width(text)
        self._comment = lexeme.beside

    def bare(self, lexeme: Lexeme) -> None:
        """Write a token whose comments above it are written already, at the beginning of a line."""
        self._parts.append(lexeme.text)
        self._column += width(lexeme.text)
        self._comment = lexeme.beside

    def spaced(self, lexeme: Lexeme, indent: int) -> None:
        """Write a token with a space before it where there is none elsewhere: the colon of a column."""
        self.token(lexeme, True, indent)

    def pad(self, column: int) -> None:
        """Write spaces up to a column."""
        if self._column < column:
            self._parts.append(" " * (column - self._column))
            self._column = column

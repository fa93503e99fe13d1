"""A stretch of a source that is parsed by itself, and what the parser knows where it stops."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lark import Token
from lark import Tree as ParseTree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from htdbu.grammar.source import Source
from htdbu.grammar.terminals import lark, spelling

COLUMN_FRAME = ("table t {", "\n}")
"""Makes a whole text of some columns."""
OPENER_FRAME = ("", "\n}")
"""Makes a whole text of a block's opener."""


@dataclass(frozen=True)
class Stretch:
    """From `start` up to but without `end`, with what makes a whole text of it before and after."""

    source: Source
    start: int
    end: int
    frame: tuple[str, str] = ("", "")

    @property
    def text(self) -> str:
        """What is parsed."""
        return self.frame[0] + self.source.text[self.start : self.end] + self.frame[1]

    @property
    def offset(self) -> int:
        """What turns a place in the parsed text into one in the source."""
        return self.start - len(self.frame[0])

    def place(self, parsed: int) -> int:
        """The place in the source, inside the stretch, of a place in the parsed text."""
        return min(max(parsed + self.offset, self.start), self.end)


class Stop:
    """Where and why the parser stopped in a stretch.

    Attributes:
        place: where, in the source; the end of the stretch if something is missing there.
        is_cut: whether it stopped at the end.
        token: what was unexpected; None at the end, or where no token can be read at all.
    """

    def __init__(self, stretch: Stretch, error: UnexpectedInput) -> None:
        self.stretch = stretch
        token = error.token if isinstance(error, UnexpectedToken) else None
        parsed = len(stretch.text) if token is not None and token.type == "$END" else error.pos_in_stream or 0
        self.place = stretch.place(parsed)
        self.is_cut = self.place >= stretch.end
        self.token = None if self.is_cut else token
        self.is_unreadable = isinstance(error, UnexpectedCharacters)
        self._parsed = min(parsed, len(stretch.text) - len(stretch.frame[1]))

    @cached_property
    def _parser(self) -> InteractiveParser:
        """The parser right before the place: at an error it has already closed what the place seemed to end."""
        parser = lark().parse_interactive(self.stretch.text[: self._parsed])
        parser.exhaust_lexer()
        return parser

    @cached_property
    def accepts(self) -> frozenset[str]:
        """What the parser would have taken: words and signs as they are written, patterns by name, `$END`."""
        accepts: set[str] = self._parser.accepts()  # type: ignore[no-untyped-call]
        return frozenset(map(spelling, accepts))

    @property
    def is_complete(self) -> bool:
        """Whether all that stands before the place is sound."""
        return ("}" if self.stretch.frame[1] else "$END") in self.accepts

    @property
    def begun(self) -> int:
        """Where the statement or column begins that is being read."""
        inside = len(self.stretch.frame[0])
        for value in self._parser.parser_state.value_stack:
            if isinstance(value, Token):
                start = value.start_pos
            elif isinstance(value, ParseTree) and not value.meta.empty and not value.data.startswith("__"):
                start = value.meta.start_pos
            else:
                continue
            if start is not None and start >= inside:
                return self.stretch.place(start)
        return self.place

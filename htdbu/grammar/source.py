"""A source text and places in it: offsets, lines and columns counted in code points.

Places are counted from an anchor, the beginning of the stretch that was parsed by itself. When a text is edited, the
stretches behind the edit move by moving their anchors; what was made of them stays as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, cached_property


class Anchor:
    """Where a stretch begins: a file and an offset in it."""

    __slots__ = ("file", "offset")

    def __init__(self, file: str, offset: int = 0) -> None:
        self.file = file
        self.offset = offset


@cache
def _beginning(file: str) -> Anchor:
    return Anchor(file)


class Span:
    """A stretch of a file: from `start` up to but without `end`, in code points from 0.

    Spans are compared by where they are now: one whose anchor moves is not to be kept in a set or as a key.
    """

    __slots__ = ("_anchor", "_end", "_start")

    def __init__(self, place: str | Anchor, start: int, end: int) -> None:
        self._anchor = _beginning(place) if isinstance(place, str) else place
        self._start = start
        self._end = end

    @property
    def file(self) -> str:
        """The name of the file."""
        return self._anchor.file

    @property
    def start(self) -> int:
        """Where it begins in the file."""
        return self._start + self._anchor.offset

    @property
    def end(self) -> int:
        """Where it ends in the file."""
        return self._end + self._anchor.offset

    def to(self, other: Span) -> Span:
        """The stretch from the beginning of this one to the end of the other, or of this one where that is later."""
        return self.until(max(self.end, other.end))

    def until(self, end: int) -> Span:
        """The stretch from the beginning of this one up to another end."""
        return Span(self._anchor, self._start, end - self._anchor.offset)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span) and self._place() == other._place()

    def __lt__(self, other: Span) -> bool:
        return self._place() < other._place()

    def __hash__(self) -> int:
        return hash(self._place())

    def __repr__(self) -> str:
        return f"Span({self.file!r}, {self.start}, {self.end})"

    def _place(self) -> tuple[str, int, int]:
        return self.file, self.start, self.end


class Source:
    """A rule file's name and text.

    A carriage return before a newline counts as part of the line end.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of every line."""
        return [0, *(i + 1 for i, c in enumerate(self.text) if c == "\n")]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (counted from 1) without its end."""
        starts = self.line_starts
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        """A stretch of this source."""
        return Span(self.name, start, end)

"""From places in a text, in code points, to the lines and units that a client counts in, and back."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable

from lsprotocol import types

from htdbu.grammar.source import Span

_LINE_END = re.compile(r"\r\n|\n|\r")
"""What ends a line in the protocol; for Python many more signs do."""
_UNITS: dict[types.PositionEncodingKind, Callable[[str], int]] = {
    types.PositionEncodingKind.Utf8: lambda text: len(text.encode("utf-8", "surrogatepass")),
    types.PositionEncodingKind.Utf16: lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    types.PositionEncodingKind.Utf32: len,
}


class Positions:
    """Converts places of one text.

    Args:
        encoding: what the client counts columns in: UTF-8 bytes, UTF-16 units or code points.
    """

    def __init__(self, text: str, encoding: types.PositionEncodingKind) -> None:
        self._text = text
        self._units = _UNITS[encoding]
        self._is_plain = encoding is types.PositionEncodingKind.Utf32 or text.isascii()
        ends = [*_LINE_END.finditer(text)]
        self._starts = [0, *(end.end() for end in ends)]
        self._ends = [*(end.start() for end in ends), len(text)]

    def line(self, offset: int) -> int:
        """The line that an offset stands on, from 0."""
        return bisect_right(self._starts, offset) - 1

    def at(self, offset: int) -> types.Position:
        """The position of an offset."""
        offset = min(max(offset, 0), len(self._text))
        line = self.line(offset)
        start = self._starts[line]
        return types.Position(line, offset - start if self._is_plain else self._units(self._text[start:offset]))

    def range(self, span: Span) -> types.Range:
        """The range of a span."""
        return types.Range(self.at(span.start), self.at(span.end))

    def offset(self, position: types.Position) -> int:
        """The offset of a position; one beyond the end of its line is that end, one inside a sign is before it."""
        if position.line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[position.line], self._ends[position.line]
        if self._is_plain:
            return min(start + position.character, end)
        left = position.character
        for place in range(start, end):
            left -= self._units(self._text[place])
            if left < 0:
                return place
        return end


def edited(
    text: str, changes: Iterable[types.TextDocumentContentChangeEvent], encoding: types.PositionEncodingKind
) -> str:
    """A text after the changes that a client tells of, each counted in what the one before it left."""
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            positions = Positions(text, encoding)
            start, end = (positions.offset(place) for place in (change.range.start, change.range.end))
            text = text[:start] + change.text + text[max(start, end) :]
        else:
            text = change.text
    return text

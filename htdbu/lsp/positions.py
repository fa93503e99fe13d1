"""From places in a text, in code points, to the lines and units that a client counts in, and back."""

from __future__ import annotations

from collections.abc import Callable

from lsprotocol import types

from htdbu.grammar.source import Source, Span

_UNITS: dict[types.PositionEncodingKind, Callable[[str], int]] = {
    types.PositionEncodingKind.Utf8: lambda sign: len(sign.encode("utf-8", "surrogatepass")),
    types.PositionEncodingKind.Utf16: lambda sign: 2 if ord(sign) > 0xFFFF else 1,
    types.PositionEncodingKind.Utf32: lambda sign: 1,
}


class Positions:
    """Converts places of one text.

    Args:
        encoding: what the client counts columns in: UTF-8 bytes, UTF-16 units or code points.
    """

    def __init__(self, source: Source, encoding: types.PositionEncodingKind) -> None:
        self._source = source
        self._width = _UNITS[encoding]
        self._is_plain = encoding is types.PositionEncodingKind.Utf32 or source.text.isascii()

    def at(self, offset: int) -> types.Position:
        """The position of an offset."""
        line, column = self._source.position(min(max(offset, 0), len(self._source.text)))
        if self._is_plain:
            return types.Position(line - 1, column - 1)
        start = self._source.line_starts[line - 1]
        return types.Position(line - 1, sum(map(self._width, self._source.text[start : start + column - 1])))

    def range(self, span: Span) -> types.Range:
        """The range of a span."""
        return types.Range(self.at(span.start), self.at(span.end))

    def offset(self, position: types.Position) -> int:
        """The offset of a position; one beyond the end of its line is that end."""
        starts = self._source.line_starts
        if position.line >= len(starts):
            return len(self._source.text)
        place, left = starts[position.line], position.character
        end = place + len(self._source.line(position.line + 1))
        while left > 0 and place < end:
            left -= self._width(self._source.text[place])
            place += left >= 0
        return place

"""A line of a source as a terminal shows it: how many columns its characters take, and which part fits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from htdbu.compiler.diagnostics.colors import visible

_TAB = "    "
_JOINER, _AS_EMOJI = "\u200d", "\ufe0f"
WIDEST = 120
"""A line with more columns is cut around what is marked in it."""
_BEFORE = 40
"""So many columns stay before what is marked."""
_CUT = "…"


@dataclass(frozen=True)
class Shown:
    """What is shown of a line.

    Attributes:
        text: the text itself, tabs widened, with a sign where it was cut.
        starts: the column (from 0) at which every character of the whole line begins; one more for its end.
    """

    text: str
    starts: tuple[int, ...]

    def column(self, place: int) -> int:
        """The column of a character of the line, given by its place from 0; the end where it lies behind."""
        return self.starts[min(place, len(self.starts) - 1)]


class Line:
    """A line of a source."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _cells(self) -> list[tuple[str, int]]:
        """What stands for every character, and its columns; what joins the one before takes none."""
        from rich.cells import get_character_cell_size

        cells: list[tuple[str, int]] = []
        wide = 0  # the last character that takes columns
        for i, sign in enumerate(self._text):
            shown = _TAB if sign == "\t" else visible(sign)
            width = len(_TAB) if sign == "\t" else get_character_cell_size(shown)
            if i and (self._text[i - 1] == _JOINER or _is_tone(sign)):
                width = 0
            if sign == _AS_EMOJI and i and cells[wide][1] == 1 and cells[wide][0] > "\x7f":
                cells[wide] = (cells[wide][0], 2)
            cells.append((shown, width))
            wide = i if width else wide
        return cells

    def width(self, start: int, end: int) -> int:
        """The columns of a part."""
        return sum(width for _, width in self._cells[start:end])

    @cached_property
    def is_cut(self) -> bool:
        """Whether it is too wide to be shown whole."""
        return self.width(0, len(self._text)) > WIDEST

    def shown(self, start: int) -> Shown:
        """The line, or the part of it around a place."""
        cells = self._cells
        low, high = 0, len(cells)
        if self.is_cut:
            low, high = self._window(start)
        column = len(_CUT) if low else 0
        starts: list[int] = [0] * low
        for _, width in cells[low:high]:
            starts.append(column)
            column += width
        starts += [column] * (len(cells) - high + 1)
        text = "".join(shown for shown, _ in cells[low:high])
        return Shown(_CUT * bool(low) + text + _CUT * (high < len(cells)), tuple(starts))

    def _window(self, start: int) -> tuple[int, int]:
        """The part of the line that fits and has a place in its first half."""
        cells = self._cells
        low, before = min(start, len(cells)), 0
        room = max(_BEFORE, WIDEST - self.width(low, len(cells)))
        while low and before + cells[low - 1][1] <= room:
            low -= 1
            before += cells[low][1]
        high, total = low, 0
        while high < len(cells) and total + cells[high][1] <= WIDEST:
            total += cells[high][1]
            high += 1
        return low, high


def _is_tone(sign: str) -> bool:
    return "\U0001f3fb" <= sign <= "\U0001f3ff"

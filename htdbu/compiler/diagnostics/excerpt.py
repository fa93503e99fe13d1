"""Drawing places of a source: their lines, carets under them, labels beside the carets, brackets around blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from htdbu.compiler.diagnostics.colors import Painter, visible
from htdbu.compiler.diagnostics.widths import WIDEST, Line, Shown
from htdbu.grammar.source import Source, Span

_WHOLE = 7
"""A block of at most so many lines is shown whole."""
_HEAD, _TAIL = 3, 2
"""Lines that are shown of the beginning and of the end of a longer one."""


@dataclass(frozen=True)
class Mark:
    """A place to show: lines from 1, places in them from 0, the label, and the style of its carets."""

    line: int
    start: int
    last_line: int
    end: int
    label: str
    style: str

    @property
    def is_block(self) -> bool:
        """Whether it spans lines."""
        return self.line != self.last_line

    @property
    def sign(self) -> str:
        """What it is underlined with."""
        return "-" if self.style == "related" else "^"


def mark(span: Span, source: Source, label: str, style: str) -> Mark:
    """The mark of a span; one that ends with a line end stops before it."""
    end = span.end
    while end > span.start and source.text[end - 1 : end] in ("\n", "\r"):
        end -= 1
    (line, column), (last, stop) = source.position(span.start), source.position(end)
    return Mark(line, column - 1, last, stop - 1, visible(label), style)


def draw(source: Source, marks: Sequence[Mark], paint: Painter, gutter: int) -> list[str]:
    """The lines that the marks are in, with everything that is said about them.

    Args:
        gutter: the columns that line numbers get.
    """
    return _Excerpt(source, marks, paint, gutter).rows()


def last_line(marks: Sequence[Mark]) -> int:
    """The greatest line number that is shown."""
    return max(one.last_line for one in marks)


@lru_cache(maxsize=4)
def _measured(text: str) -> Line:
    """A line, kept, since the JSON form of a program may be one long line with all findings at its beginning."""
    return Line(text)


class _Excerpt:
    """The drawing of some marks of one source."""

    def __init__(self, source: Source, marks: Sequence[Mark], paint: Painter, gutter: int) -> None:
        self._source, self._paint, self._gutter = source, paint, gutter
        self._single = sorted((one for one in marks if not one.is_block), key=lambda one: (one.line, one.start))
        self._blocks = [one for one in marks if one.is_block]

    def rows(self) -> list[str]:
        """All rows from top to bottom."""
        rows = [self._row("", "")]
        before = 0
        for number in self._lines():
            if before and number == before + 2:
                rows += self._line(number - 1)
            elif before and number > before + 2:
                rows.append(self._paint("...", "place"))
            rows += self._line(number)
            before = number
        return rows

    def _lines(self) -> list[int]:
        lines = {one.line for one in self._single}
        for block in self._blocks:
            whole = range(block.line, block.last_line + 1)
            lines |= set(whole if len(whole) <= _WHOLE else [*whole[:_HEAD], *whole[-_TAIL:]])
        return sorted(lines)

    def _line(self, number: int) -> list[str]:
        """A line of the source and what stands under it."""
        line = _measured(self._source.line(number))
        rows: list[str] = []
        for group in _clusters(line, [one for one in self._single if one.line == number]):
            shown = line.shown(_focus(group, self._blocks, number))
            rows.append(self._row(str(number), self._brackets(number) + shown.text))
            rows += [self._row("", self._inside(number) + row) for row in _underlined(shown, group, self._paint)]
        for i, block in enumerate(self._blocks):
            if block.last_line == number:
                rows.append(self._row("", self._closing(number, i, shown.column(max(block.end - 1, 0)))))
            elif block.line == number and not self._begins_line(block):
                rows.append(self._row("", self._opening(number, i, shown.column(block.start))))
        return rows

    def _row(self, number: str, text: str) -> str:
        head = self._paint(f"{number:>{self._gutter}} |", "place")
        return f"{head} {text}".rstrip() if text.strip() else head

    # Brackets: two columns a block

    def _begins_line(self, block: Mark) -> bool:
        return not self._source.line(block.line)[: block.start].strip()

    def _brackets(self, number: int) -> str:
        """The brackets left of a line of the source."""
        signs = [
            "/" if b.line == number and self._begins_line(b) else "|" if b.line < number <= b.last_line else " "
            for b in self._blocks
        ]
        return self._joined(signs)

    def _inside(self, number: int) -> str:
        """The brackets left of what stands under a line."""
        return self._joined(
            [
                "|" if b.line <= number <= b.last_line and (b.line < number or self._begins_line(b)) else " "
                for b in self._blocks
            ]
        )

    def _joined(self, signs: Sequence[str]) -> str:
        return "".join(self._paint(sign, b.style) + " " for sign, b in zip(signs, self._blocks, strict=True))

    def _opening(self, number: int, index: int, column: int) -> str:
        """The row under the first line of a block that begins within it."""
        return self._elbow(number, index, column, " ", "")

    def _closing(self, number: int, index: int, column: int) -> str:
        """The row under the last line of a block."""
        label = self._blocks[index].label
        return self._elbow(number, index, column, "|", f" {label}" if label else "")

    def _elbow(self, number: int, index: int, column: int, corner: str, label: str) -> str:
        block = self._blocks[index]
        left = [self._paint(sign, b.style) + " " for sign, b in zip(self._under(number), self._blocks, strict=True)]
        reach = "_" * (2 * (len(self._blocks) - index) - 1 + column)
        return "".join(left[:index]) + self._paint(f"{corner}{reach}{block.sign}{label}", block.style)

    def _under(self, number: int) -> list[str]:
        """The brackets that go on under a line."""
        return ["|" if b.line <= number < b.last_line else " " for b in self._blocks]


def _clusters(line: Line, marks: Sequence[Mark]) -> list[list[Mark]]:
    """The marks of a line in groups that fit into one part of it each; one empty group where there are no marks."""
    groups: list[list[Mark]] = [[]]
    for one in marks:
        if groups[-1] and line.width(groups[-1][0].start, one.end) > WIDEST // 2 and line.is_cut:
            groups.append([])
        groups[-1].append(one)
    return groups


def _focus(group: Sequence[Mark], blocks: Sequence[Mark], number: int) -> int:
    """The place of a line that has to be seen."""
    if group:
        return group[0].start
    ends = [max(block.end - 1, 0) for block in blocks if block.last_line == number]
    starts = [block.start for block in blocks if block.line == number]
    return [*ends, *starts, 0][0]


def _underlined(shown: Shown, marks: Sequence[Mark], paint: Painter) -> list[str]:
    """The rows of carets and labels under a line."""
    if not marks:
        return []
    canvas = _Canvas(paint)
    for one in sorted(marks, key=lambda one: one.style != "related"):
        start, end = shown.column(one.start), shown.column(one.end)
        canvas.put(start, one.sign * max(1, end - start), one.style)
    labelled = sorted((one for one in marks if one.label), key=lambda one: (one.start, one.end))
    if labelled and labelled[-1].end >= max(one.end for one in marks):
        last = labelled.pop()
        canvas.put(canvas.width + 1, last.label, last.style)
    rows = [canvas.text()]
    hanging = [(shown.column(one.start), one) for one in labelled]
    if hanging:
        rows.append(_pipes(hanging, paint).text())
    while hanging:
        column, one = hanging.pop()
        row = _pipes([(start, other) for start, other in hanging if start != column], paint)
        row.put(column, one.label, one.style)
        rows.append(row.text())
    return rows


def _pipes(hanging: Sequence[tuple[int, Mark]], paint: Painter) -> _Canvas:
    row = _Canvas(paint)
    for column, one in hanging:
        row.put(column, "|", one.style)
    return row


class _Canvas:
    """A row that is drawn sign by sign, later ones over earlier ones."""

    def __init__(self, paint: Painter) -> None:
        self._paint = paint
        self._signs: list[tuple[str, str]] = []

    @property
    def width(self) -> int:
        """How far it is drawn."""
        return len(self._signs)

    def put(self, column: int, text: str, style: str) -> None:
        """Write a text from a column on."""
        self._signs += [(" ", "")] * (column + len(text) - len(self._signs))
        self._signs[column : column + len(text)] = [(sign, style) for sign in text]

    def text(self) -> str:
        """The row, in its colours."""
        parts = [(style, "".join(s for s, _ in group)) for style, group in groupby(self._signs, key=lambda s: s[1])]
        return "".join(self._paint(text, style) if style else text for style, text in parts)

"""A light look at a text that does not parse: its brackets, its lines, and where things end in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from htdbu.grammar.words import RESERVED

_COMMENT = r"#[^\n]*"
_QUOTED = r'"(?:[^"\\\n]|\\.)*"?|`[^`\n]*`?'  # one that is never closed goes on to the end of its line
_MARK = re.compile(rf"{_COMMENT}|{_QUOTED}|[(){{}}]")
_SKIPPED = re.compile(rf"{_COMMENT}|{_QUOTED}")
_BLANK = re.compile(rf"(?:[ \t\r\n\f\v\ufeff]+|{_COMMENT})*")
_AFTER = re.compile(r"[ \t\r\f\v]*(?:$|[#}\n]|([A-Za-z_]\w*))")
_PAIRS = {")": "(", "}": "{"}
_CLOSING_LINE = re.compile(r"^[ \t]*\}", re.MULTILINE)


class Unclosed(NamedTuple):
    """A bracket that is never closed: its place, and where it stops being open since an outer one is closed."""

    place: int
    until: int


def _brackets(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    for found in _MARK.finditer(text, start, end):
        if found[0] in "(){}":
            yield found[0], found.start()


def unclosed(text: str, start: int, end: int) -> list[Unclosed]:
    """The brackets of a stretch that nothing in it closes, in the order in which that shows; innermost last."""
    stack: list[int] = []
    lost: list[Unclosed] = []
    for sign, place in _brackets(text, start, end):
        if sign in "({":
            stack.append(place)
        elif any(text[opened] == _PAIRS[sign] for opened in stack):
            while text[opened := stack.pop()] != _PAIRS[sign]:
                lost.append(Unclosed(opened, place))
    return lost + [Unclosed(place, end) for place in stack]


def closing_brace(text: str, start: int, end: int) -> int | None:
    """The first brace of a stretch that ends a block opened before it; None where there is none."""
    depth = 0
    for sign, place in _brackets(text, start, end):
        if sign == "{":
            depth += 1
        elif sign == "}" and depth:
            depth -= 1
        elif sign == "}" and ends_something(text, place):
            return place
    return None


def ends_something(text: str, place: int) -> bool:
    """Whether nothing follows a sign on its line, or something new: a word that is no operator, or another brace."""
    found = _AFTER.match(text, place + 1)
    return found is not None and found[1] not in RESERVED


class Braces:
    """Which braces of a text belong together."""

    def __init__(self, text: str) -> None:
        self._opens: list[int] = []
        self._closes: dict[int, int] = {}
        stack: list[int] = []
        for sign, place in _brackets(text, 0, len(text)):
            if sign == "{":
                self._opens.append(place)
                stack.append(place)
            elif sign == "}" and stack:
                self._closes[stack.pop()] = place

    def groups(self, start: int) -> Iterator[tuple[int, int]]:
        """The outermost pairs from a place on, up to a brace that is never closed."""
        index = bisect_left(self._opens, start)
        while index < len(self._opens):
            opened = self._opens[index]
            closed = self._closes.get(opened)
            if closed is None:
                return
            yield opened, closed
            index = bisect_left(self._opens, closed)


def depth(text: str, start: int, end: int, most: int) -> int | None:
    """Where brackets are first nested deeper than `most`; None where they never are."""
    level = 0
    for sign, place in _brackets(text, start, end):
        level = level + 1 if sign in "({" else max(level - 1, 0)
        if level > most:
            return place
    return None


def closing_line(text: str, start: int, end: int, indent: int) -> int | None:
    """The brace of the first line that begins with one and is not indented deeper than `indent`."""
    for found in _CLOSING_LINE.finditer(text, start, end):
        if indent_at(text, found.end() - 1) <= indent:
            return found.end() - 1
    return None


def line_start(text: str, place: int) -> int:
    """Where the line of a place begins."""
    return text.rfind("\n", 0, place) + 1


def indent_at(text: str, place: int) -> int:
    """How far the line of a place is indented; a tab counts as eight."""
    line = text[line_start(text, place) : place]
    return len(line[: len(line) - len(line.lstrip())].expandtabs(8))


def is_first_on_line(text: str, place: int) -> bool:
    """Whether only space stands before a place on its line."""
    return not text[line_start(text, place) : place].strip(" \t\r\f\v\ufeff")


def is_blank(text: str, start: int, end: int) -> bool:
    """Whether a stretch holds only space and comments."""
    found = _BLANK.match(text, start, end)
    return found is not None and found.end() == end


def last_token_end(text: str, start: int, end: int) -> int:
    """Where the last thing of a stretch ends that is neither space nor comment; `start` where there is none."""
    last = position = start
    for found in _SKIPPED.finditer(text, start, end):
        before = text[position : found.start()].rstrip(" \t\r\n\f\v\ufeff")
        if before:
            last = position + len(before)
        if not found[0].startswith("#"):
            last = found.end()
        position = found.end()
    rest = text[position:end].rstrip(" \t\r\n\f\v\ufeff")
    return position + len(rest) if rest else last


def comments(text: str) -> Iterator[tuple[int, int]]:
    """The comments of a text: where each begins and ends, without the line end."""
    for found in _SKIPPED.finditer(text):
        if found[0].startswith("#"):
            yield found.start(), found.start() + len(found[0].rstrip("\r"))


def string_before(text: str, place: int) -> int | None:
    """Where the text begins whose closing quote stands right before a place; None where there is none."""
    start = line_start(text, place)
    for found in _SKIPPED.finditer(text, start):
        if found.start() >= place:
            return None
        if found.end() == place and found[0].startswith('"'):
            return found.start()
    return None


def has_open_string(text: str, place: int) -> bool:
    """Whether a text that begins on the line of a place, at or after it, is never closed."""
    end = text.find("\n", place)
    line = text[place : end if end >= 0 else len(text)]
    return any(found[0].startswith('"') and not _is_closed(found[0]) for found in _SKIPPED.finditer(line))


def _is_closed(quoted: str) -> bool:
    return re.fullmatch(r'"(?:[^"\\]|\\.)*"', quoted) is not None

"""Comments beside code, aligned among neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from htdbu.grammar.formatting.tokens import width
from htdbu.grammar.formatting.writer import Line

GAP = 2
"""Columns between code and the comment beside it."""
_OPENING = frozenset("({")
_CLOSING = frozenset(")}")
WIDEST_CODE = 80
"""A longer line does not push the comments of its neighbours to the right."""


def rendered(lines: Sequence[Line]) -> str:
    """The text of some lines."""
    texts = [text for group in _groups(lines) for text in _texts(group)]
    return "".join(f"{text}\n" for text in texts)


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Neighbouring lines of one indentation, with no empty line between them; those with brackets stand alone."""
    group: list[Line] = []
    for line in lines:
        if group and (line.is_blank or line.indent != group[-1].indent or _parts(line) or _parts(group[-1])):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _parts(line: Line) -> bool:
    """Whether a line ends with an opening bracket or begins with a closing one."""
    return line.code[-1:] in _OPENING or line.code[:1] in _CLOSING


def _texts(group: Sequence[Line]) -> Iterator[str]:
    codes = [" " * line.indent + line.code for line in group]
    widths = [width(code) for code, line in zip(codes, group, strict=True) if line.code and line.comment is not None]
    column = max((found for found in widths if found <= WIDEST_CODE), default=0) + GAP
    for code, line in zip(codes, group, strict=True):
        if line.comment is None:
            yield code.rstrip()
        elif not line.code:
            yield code + line.comment
        else:
            yield code + " " * max(column - width(code), GAP) + line.comment

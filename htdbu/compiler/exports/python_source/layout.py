"""Laying out generated Python as a formatter would: on one line where it fits, else one item a line."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

WIDTH = 120
"""How long a line may be; the helpers are as wide."""


@dataclass(frozen=True)
class Group:
    """Items in brackets, with what stands before and after them."""

    head: str
    items: tuple[Piece, ...]
    tail: str = ")"


Piece = Union[str, Group]  # noqa: UP007


def group(head: str, items: Sequence[Piece], tail: str = ")") -> Group:
    """A group of any sequence."""
    return Group(head, tuple(items), tail)


def tuple_of(items: Sequence[Piece]) -> Group:
    """A tuple, with the comma that one of a single item needs."""
    return group("(", items, ",)" if len(items) == 1 else ")")


def flat(piece: Piece) -> str:
    """A piece on one line."""
    if isinstance(piece, str):
        return piece
    return piece.head + ", ".join(map(flat, piece.items)) + piece.tail


def laid_out(piece: Piece, indent: int = 0, before: str = "", after: str = "") -> str:
    """A piece at an indentation, with what stands before and after it on its first and last line."""
    line = " " * indent + before + flat(piece) + after
    if len(line) <= WIDTH or isinstance(piece, str) or not piece.items:
        return line
    inner = "\n".join(laid_out(item, indent + 4, "", ",") for item in piece.items)
    tail = piece.tail.removeprefix(",")
    return f"{' ' * indent}{before}{piece.head}\n{inner}\n{' ' * indent}{tail}{after}"


def quoted(text: str) -> str:
    """A text as a Python literal, in the quotes that formatters prefer."""
    body = json.dumps(text, ensure_ascii=False)[1:-1]
    if text.count('"') <= text.count("'"):
        return f'"{body}"'
    return "'" + body.replace('\\"', '"').replace("'", "\\'") + "'"


def docstring(text: str, indent: int) -> str:
    """A docstring."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if escaped.endswith('"'):
        escaped = escaped[:-1] + '\\"'
    space = " " * indent
    paragraphs = [" ".join(part.split()) for part in escaped.strip().split("\n\n")]
    room = WIDTH - indent
    if len(paragraphs) == 1 and len(paragraphs[0]) <= room - 6:
        return f'{space}"""{paragraphs[0]}"""'
    wrapped = [textwrap.wrap('"""' * (i == 0) + part, room) for i, part in enumerate(paragraphs)]
    lines = "\n\n".join("\n".join(space + line for line in part) for part in wrapped)
    return f'{lines}\n{space}"""'

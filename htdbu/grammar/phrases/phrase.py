"""What a phrase of another language is here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from htdbu.grammar.context import Context
from htdbu.grammar.words import OTHER_TYPES, TYPES

NUMBER = r"-?\d[\d_]*(?:\.\d+)?%?"
LITERAL = rf"(?:\d{{4}}-\d\d-\d\d(?:T\d\d:\d\d:\d\d)?|{NUMBER})"
"""A number or a date."""
TYPE = rf"(?:{'|'.join(sorted({*TYPES, *OTHER_TYPES}, key=len, reverse=True))})\b"
OPERAND = rf"(?:{LITERAL}|[A-Za-z_]\w*|`[^`\n]+`)"
"""A number, a date or a name."""

_BACK = 400
"""How much of what stands before the place may tell what was meant."""


class Phrase(NamedTuple):
    """A help and the same as edits.

    Attributes:
        edits: (first, end, text), counted from the place where the parser stopped; none where a program cannot tell.
        is_certain: whether nothing else can have been meant.
    """

    help: str
    edits: tuple[tuple[int, int, str], ...] = ()
    is_certain: bool = False


Look = Callable[[Context], Phrase | None]
"""Whether a phrase fits."""


def replaced(before: str, after: str, text: str, is_certain: bool = False) -> Phrase:
    """The help and the edit that put a text in place of what stands right before and after the place."""
    return Phrase(f"did you mean `{text}`?", ((-len(before), len(after), text),), is_certain)


def ends(context: Context, pattern: str) -> re.Match[str] | None:
    """How a pattern fits what stands right before the place, whatever the case of its letters."""
    whole = re.compile(rf"(?:{pattern})\Z", re.IGNORECASE)
    return whole.search(context.before, max(0, len(context.before) - _BACK))


def begins(context: Context, pattern: str) -> re.Match[str] | None:
    """How a pattern fits what stands from the place on, whatever the case of its letters."""
    return re.match(pattern, context.after, re.IGNORECASE)


def arguments(text: str) -> tuple[list[str], int] | None:
    """The arguments that stand before a closing bracket, and where it stands; None where it does not."""
    found: list[str] = []
    depth = start = 0
    for sign in re.finditer(r'"(?:[^"\\\n]|\\.)*"|`[^`\n]*`|[(\[{]|[)\]}]|,|#|\n', text):
        if sign[0] in "#\n":
            return None
        if sign[0] in "([{":
            depth += 1
        elif sign[0] in ")]}":
            depth -= 1
        if depth < 0 or (sign[0] == "," and not depth):
            found.append(text[start : sign.start()].strip())
            start = sign.end()
        if depth < 0:
            return (found, sign.start()) if sign[0] == ")" and all(found) else None
    return None

"""A light look at a text that does not parse: its brackets, and the lines that begin statements or columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SKIPPED = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\.)*"|`[^`\n]*`')
_BRACKETS = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\.)*"|`[^`\n]*`|[(){}]')
_NAME = r"(?:[A-Za-z_][A-Za-z0-9_]*|`[^`\n]+`)"
STATEMENT = re.compile(
    rf"""^[ \t]*(?:
        (?:hard|forbid|target)\s+{_NAME}\s*:
      | soft\s*(?:\([^)\n]*\))?\s*{_NAME}\s*:
      | (?:table|param|def|lookup|factor)\s+{_NAME}
      | when\s+(?!:)[^\s:]
      | unique\s*\(
      | fd\s+{_NAME}
      | (?:import|test)\s*"
      | (?:ref|group|order|prev|next|sum_over|count_over)\s+{_NAME}(?!\s*:)
    )""",
    re.MULTILINE | re.VERBOSE,
)
"""A line that begins a statement; the match is its head."""
COLUMN = re.compile(rf"^[ \t]*{_NAME}[ \t]*:", re.MULTILINE)
"""A line that begins a column."""
BLOCK_END = re.compile(r"^[ \t]*\}", re.MULTILINE)
_PAIRS = {")": "(", "}": "{"}


def open_brackets(text: str, start: int, end: int) -> list[int]:
    """Offsets of the brackets between two places that are not closed there, outermost first."""
    stack: list[int] = []
    for found in _BRACKETS.finditer(text, start, end):
        sign = found[0]
        if sign in "({":
            stack.append(found.start())
        elif sign in _PAIRS:
            while stack and text[stack[-1]] != _PAIRS[sign]:
                stack.pop()
            if stack:
                stack.pop()
    return stack


def deepest(text: str) -> tuple[int, int]:
    """The greatest bracket depth of a text, and where it is first reached."""
    depth = most = place = 0
    for found in _BRACKETS.finditer(text):
        depth += 1 if found[0] in "({" else -1 if found[0] in ")}" else 0
        if depth > most:
            most, place = depth, found.start()
    return most, place


def block_close(text: str, begin: int, end: int) -> int | None:
    """Where the first brace that opens between two places is closed; None where it is not, or none opens."""
    depth = 0
    for found in _BRACKETS.finditer(text, begin, end):
        depth += 1 if found[0] == "{" else -1 if found[0] == "}" else 0
        if found[0] == "}" and depth <= 0:
            return found.start() if depth == 0 else None
    return None


def last_token_end(text: str, start: int, end: int) -> int:
    """Where the last thing before `end` that is neither space nor comment ends; `start` where there is none."""
    last = start
    position = start
    for found in _SKIPPED.finditer(text, start, end):
        before = text[position : found.start()].rstrip()
        if before:
            last = position + len(before)
        if not found[0].startswith("#"):
            last = found.end()
        position = found.end()
    rest = text[position:end].rstrip()
    return position + len(rest) if rest else last


def units(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text that hold one outermost statement each; the first may hold what stands before any."""
    starts = [found.start() for found in STATEMENT.finditer(text)]
    begin = 0
    while begin < len(text):
        following = [start for start in starts if start > begin]
        end = next((s for s in following if not _inside_block(text, begin, s)), None)
        if end is None:
            end = following[0] if following and _inside_block(text, begin, len(text)) else len(text)
        yield begin, end
        begin = end


def _inside_block(text: str, begin: int, end: int) -> bool:
    """Whether a brace that opens a block of rules between two places is still open at the second."""
    if not re.match(r"\s*(?:#[^\n]*\s*)*when\b", text[begin:end]):
        return False
    return any(text[place] == "{" for place in open_brackets(text, begin, end))

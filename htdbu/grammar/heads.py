"""The lines of a text that begin a statement or a column, also where what they begin is broken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from htdbu.grammar import scan
from htdbu.grammar.words import LATER, OTHER_TYPES, RESERVED, STATEMENTS, TYPES, meant_statement

_NAME = r"(?:[A-Za-z_][A-Za-z0-9_]*|`[^`\n]+`)"
_STRICT = re.compile(
    rf"""(?:hard|forbid|target)\s+{_NAME}\s*:
      | soft\s*(?:\([^()\n]*\))?\s*{_NAME}\s*:
      | table\s+{_NAME}\s*\{{
      | param\s+{_NAME}\s*=
      | def\s+{_NAME}\s*[(=]
      | lookup\s+{_NAME}\s*\(
      | factor\s+{_NAME}\s*[~{{]
      | when\b(?!\s*[:.,)}}])[^\n]*\{{
      | unique\s*\(
      | fd\s+{_NAME}\s*(?:,|->)
      | (?:import|test)\s*"
    """,
    re.VERBOSE,
)
"""What a sound statement begins with."""
_LINE = re.compile(r"^[ \t\r\f\v\ufeff]*([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE)
_FOLLOWING = re.compile(r"[ \t]*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*|`[^`\n]+`)|(?P<sign>==|=>|[^\s]))")
_AFTER_STATEMENT = frozenset('"={~0123456789')
_TYPE_WORDS = "|".join(sorted({*TYPES, *OTHER_TYPES}, key=len, reverse=True))
_COLUMN = re.compile(
    rf"^[ \t\r\f\v]*(?:(?P<name>{_NAME})(?:[ \t\r\n]*:|(?:[ \t]+|[ \t]*=[ \t]*)(?:{_TYPE_WORDS})\b(?![ \t]*:))"
    rf"|(?P<broken>[^\s:#{{}}()][^:#{{}}()\n]*|):[ \t]*(?:{_TYPE_WORDS})\b)",
    re.MULTILINE,
)
_FOREIGN_COMMENT = re.compile(r"^[ \t]*(?://|--|/\*)", re.MULTILINE)


@dataclass(frozen=True)
class Head:
    """The beginning of a statement: the place of its first word, that word, its indentation, whether it is sound."""

    start: int
    word: str
    indent: int
    is_sound: bool


def statement_heads(text: str) -> list[Head]:
    """The lines that begin a statement, sound, broken or misspelt, in order."""
    heads: list[Head] = []
    for found in _LINE.finditer(text):
        head = Head(found.start(1), found[1], scan.indent_at(text, found.start(1)), False)
        if _STRICT.match(text, head.start):
            heads.append(Head(head.start, head.word, head.indent, True))
        elif _begins_broken(text, head, found.end(), heads[-1] if heads else Head(0, "", 0, True)):
            heads.append(head)
    foreign = [Head(f.end() - 2, "//", 0, False) for f in _FOREIGN_COMMENT.finditer(text)]
    return sorted([*heads, *foreign], key=lambda head: head.start)


def _begins_broken(text: str, head: Head, end: int, last: Head) -> bool:
    """Whether a line that begins no sound statement yet seems to begin a broken or a misspelt one."""
    after = _FOLLOWING.match(text, end)
    if after is None:
        return False
    name, sign = after["name"], after["sign"]
    if sign in (":", "="):  # a statement without its first word or its name; in a table a column, in a test a cell
        return last.word not in ("table", "test") and head.word not in RESERVED
    if head.word in STATEMENTS:
        if name is not None:
            return name not in RESERVED or text[after.end() :].lstrip()[:1] in (":", "=")
        return sign in _AFTER_STATEMENT or (sign == "(" and head.word in ("def", "lookup", "soft"))
    if head.word in LATER:
        return name is not None and (name == "by" or name not in RESERVED)
    if head.word in RESERVED or head.word == "real":
        return False
    if name is not None or sign == '"':
        return name not in RESERVED and (head.indent <= last.indent or meant_statement(head.word) is not None)
    return sign in ("(", "{") and head.indent <= last.indent and meant_statement(head.word) is not None


def column_heads(text: str, start: int, end: int) -> list[int]:
    """The places in a table where a line begins a column, also where it lacks its name or its colon."""
    return [max(found.start("name"), found.start("broken")) for found in _COLUMN.finditer(text, start, end)]

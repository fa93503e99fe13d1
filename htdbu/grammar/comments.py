"""Comments: doc comments that belong to the next declaration, and directives that silence findings."""

from __future__ import annotations

import re

from htdbu.grammar.source import Source
from htdbu.grammar.syntax import Ignore

_DOC = re.compile(r"[ \t]*## ?([^\n]*?)[ \t\r]*$")
_IGNORE = re.compile(r"[ \t]*#[ \t]*htr:[ \t]*ignore\[([^\]\n]*)\][ \t]*([^\n]*?)[ \t\r]*$")


def doc_comments(source: Source) -> dict[int, str]:
    """Doc comments by the offset of the first character after them that is neither space nor comment."""
    docs: dict[int, str] = {}
    block: list[str] = []
    offset = 0
    for line in source.text.splitlines(keepends=True):
        found = _DOC.match(line.rstrip("\n"))
        stripped = line.strip()
        if found is not None:
            block.append(found[1])
        elif stripped and not stripped.startswith("#"):
            if block:
                docs[offset + len(line) - len(line.lstrip())] = "\n".join(block)
            block = []
        elif not stripped:
            block = []
        offset += len(line)
    return docs


def ignores(source: Source) -> tuple[Ignore, ...]:
    """The `# htr: ignore[…]` lines, in order."""
    found = []
    offset = 0
    for line in source.text.splitlines(keepends=True):
        match = _IGNORE.match(line.rstrip("\n"))
        if match is not None:
            codes = tuple(code.strip() for code in match[1].split(",") if code.strip())
            start = offset + line.index("#")
            found.append(Ignore(codes, match[2], source.span(start, start + len(line.strip()))))
        offset += len(line)
    return tuple(found)

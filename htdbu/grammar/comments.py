"""Comments: doc comments that belong to the next declaration, and directives that silence findings."""

from __future__ import annotations

import re

from htdbu.grammar import scan
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import Ignore

_IGNORE = re.compile(r"#[ \t]*htr:[ \t]*ignore\[([^\]]*)\][ \t]*(.*)")


def doc_comments(source: Source) -> dict[int, str]:
    """Doc comments by the place of the first thing after them; only those on lines of their own count."""
    text = source.text
    docs: dict[int, str] = {}
    block: list[str] = []
    end = 0
    for start, stop in [*scan.comments(text), (len(text), len(text))]:
        between = text[end:start].strip(" \t\r\n\f\v\ufeff")
        if between:
            if block:
                docs[text.index(between, end)] = "\n".join(block)
            block = []
        if text.startswith("##", start) and scan.is_first_on_line(text, start):
            block.append(text[start + 2 : stop].removeprefix(" ").rstrip())
        end = stop
    return docs


def ignores(source: Source) -> tuple[Ignore, ...]:
    """The `# htr: ignore[…]` lines, in order."""
    found = []
    for start, end in scan.comments(source.text):
        directive = _IGNORE.match(source.text, start, end)
        if directive is not None and scan.is_first_on_line(source.text, start):
            codes = tuple(code.strip() for code in directive[1].split(",") if code.strip())
            found.append(Ignore(codes, directive[2].rstrip(), source.span(start, end)))
    return tuple(found)

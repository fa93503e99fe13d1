"""The Lark dialect of llguidance: lower case for the parser, upper case for the lexer, nothing ignored."""

from __future__ import annotations

import json
from collections.abc import Sequence

from htdbu.compiler.constrained.productions import Chars, Choice, Joined, Node, Production, Ref, Repeat, Text, times

_HEAD = "%llguidance {}\n"
"""Servers that take several dialects know by this line which one it is."""
_IN_CLASS = "\\]^-[&~/"


def write(productions: Sequence[Production]) -> str:
    """The grammar as text; the first production is what a whole output has to be."""
    terminals = {production.name for production in productions if production.is_terminal}

    def name(production: str) -> str:
        return production.upper() if production in terminals else production

    def written(node: Node, inner: bool = True) -> str:
        match node:
            case Text(text):
                return json.dumps(text, ensure_ascii=False)
            case Chars(ranges):
                return f"/[{''.join(_range(*ends) for ends in ranges)}]/"
            case Ref(target):
                return name(target)
            case Repeat(item, least, most):
                return f"{_bracketed(written(item), isinstance(item, Repeat))}{times(least, most)}"
            case Joined(()):
                return '""'
            case Joined(parts):
                return _bracketed(" ".join(written(part) for part in parts), inner)
            case Choice(options):
                return _bracketed(" | ".join(written(option, False) for option in options), inner)

    first = f"start: {name(productions[0].name)}\n"
    return _HEAD + first + "".join(f"{name(each.name)}: {written(each.body, False)}\n" for each in productions)


def _bracketed(text: str, inner: bool) -> str:
    return f"({text})" if inner else text


def _range(low: str, high: str) -> str:
    ends = [f"\\{end}" if end in _IN_CLASS else end for end in (low, high)]
    return ends[0] if low == high else f"{ends[0]}-{ends[1]}"

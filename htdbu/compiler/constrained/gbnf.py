"""GBNF, the dialect of llama.cpp: one production a line, names with hyphens, no lexer."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.constrained.productions import Chars, Choice, Joined, Node, Production, Ref, Repeat, Text, times

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


def write(productions: Sequence[Production]) -> str:
    """The grammar as text; the first production is what a whole output has to be."""
    first = f"root ::= {_name(productions[0].name)}\n"
    return first + "".join(f"{_name(each.name)} ::= {_written(each.body, False)}\n" for each in productions)


def _name(production: str) -> str:
    return production.replace("_", "-")


def _written(node: Node, inner: bool = True) -> str:
    match node:
        case Text(text):
            return f'"{"".join(_character(each, chr(34)) for each in text)}"'
        case Chars(ranges):
            return f"[{''.join(_range(*ends) for ends in ranges)}]"
        case Ref(target):
            return _name(target)
        case Repeat(item, least, most):
            repeated = f"({_written(item)})" if isinstance(item, Repeat) else _written(item)
            return f"{repeated}{times(least, most)}"
        case Joined(()):
            return '""'
        case Joined(parts):
            text = " ".join(_written(part) for part in parts)
        case Choice(options):
            text = " | ".join(_written(option, False) for option in options)
    return f"({text})" if inner else text


def _range(low: str, high: str) -> str:
    ends = [_character(end, "[]^-") for end in (low, high)]
    return ends[0] if low == high else f"{ends[0]}-{ends[1]}"


def _character(character: str, special: str) -> str:
    """A character as it stands in quotes or brackets; those that do not print, and `special` ones, as their code."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() and character not in special:
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"

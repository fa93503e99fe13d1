"""Names of columns that need back-ticks, and columns without a colon between name and type."""

from __future__ import annotations

import re

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import TYPE, Look, Phrase, begins, ends, replaced
from htdbu.grammar.words import TYPES

_SIGNS = r"[\w%$&@#/.+*-]"
_LINE = r"(?:^|(?<=\n))[ \t]*"


def _quoted(context: Context) -> Phrase | None:
    """A name in quotes, or one that begins with a digit."""
    if context.head != "column" or "NAME" not in context.accepts or "NUMBER" in context.accepts:
        return None
    whole = begins(context, rf"""["']([^"'`\n]+)["']\s*:\s*{TYPE}""")
    if whole is not None:
        name = whole[1] if re.fullmatch(r"[A-Za-z_]\w*", whole[1]) else f"`{whole[1]}`"
        help = f"a name stands without quotes: `{name}`" if name == whole[1] else "a name stands in back-ticks"
        return Phrase(help, ((0, len(whole[1]) + 2, name),), is_certain=True)
    digits = begins(context, rf"(\d\w*)\s*:\s*{TYPE}")
    if digits is None:
        return None
    help = "a name begins with a letter or `_`; others need back-ticks"
    return Phrase(help, ((0, len(digits[1]), f"`{digits[1]}`"),), is_certain=True)


def _colon(context: Context) -> Phrase | None:
    """`c -> int`, `int c`, `c, d : int`."""
    if context.head != "column" or context.accepts != {":"}:
        return None
    if begins(context, rf"(?:->|=>|→|as\b)\s*{TYPE}"):
        return replaced("", context.found, ":", is_certain=True)
    turned = None if context.is_behind else ends(context, rf"{_LINE}({TYPE})[ \t]+")
    if turned is not None and context.is_word and not begins(context, r"\w+\s*:"):
        edit = (turned.start(1) - len(context.before), len(context.found), f"{context.found} : {turned[1]}")
        return Phrase("the name comes first: `NAME : TYPE`", (edit,))
    if context.found == "," and ends(context, rf"{_LINE}\w+\s*"):
        return Phrase("every column has a declaration of its own")
    return None


def _odd_name(context: Context) -> Phrase | None:
    """A name with a sign or a space in it."""
    if context.head != "column" or context.accepts != {":"} or context.found in (":", "=") or context.is_behind:
        return None
    first = ends(context, rf"{_LINE}(\w+)([ \t]*)")
    rest = begins(context, rf"{_SIGNS}+(?:[ \t]+\w+)*(?=[ \t]*:[ \t]*{TYPE})")
    if first is None or rest is None or not context.found.isascii() or context.found.lower() in TYPES:
        return None
    name = f"`{first[1]}{first[2]}{rest[0]}`"
    what = "with a space" if re.fullmatch(r"[\w ]+", name[1:-1]) else "with such signs"
    edit = (first.start(1) - len(context.before), rest.end(), name)
    return Phrase(f"a name {what} needs back-ticks: `` {name} ``", (edit,), is_certain=True)


PHRASES: tuple[Look, ...] = (_quoted, _colon, _odd_name)

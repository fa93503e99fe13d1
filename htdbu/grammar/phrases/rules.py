"""Names and weights of rules and other statements."""

from __future__ import annotations

import re

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import Look, Phrase, begins, ends
from htdbu.grammar.words import RESERVED

_RULES = ("hard", "soft", "forbid")
_NUMBER = r"\d+(?:\.\d+)?"
_OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">=", "+", "*", "/", "=>", "<=>", "in", "is", "and", "or", "not"})


def _no_name(context: Context) -> Phrase | None:
    """A rule or a table without a name."""
    if context.head == "table" and context.found == "{" and context.expects_name:
        return Phrase("give it a name, as in `table NAME {`")
    if context.head not in (*_RULES, "target", "def"):
        return None
    if context.found == ":" and context.expects_name:
        return Phrase(f"give it a name, as in `{context.head} NAME{' =' if context.head == 'def' else ':'} …`")
    if context.found == "(" and context.expects_name and context.head in ("hard", "forbid"):
        return Phrase("only `soft` has a weight")
    if context.head in _RULES and context.accepts == {":"} and context.found in _OPERATORS:
        return Phrase(f"give it a name, as in `{context.head} NAME: …`")
    return None


def _odd_name(context: Context) -> Phrase | None:
    """A name in quotes, or of several words."""
    if context.head not in (*_RULES, "target", "param", "def", "table"):
        return None
    quoted = begins(context, r'"([^"`\n]+)"')
    if quoted is not None and context.expects_name:
        name = _joined(quoted[1])
        name = name if re.match(r"[A-Za-z_]", name) else f"`{quoted[1]}`"
        return Phrase(f"a name stands without quotes: `{name}`", ((0, quoted.end(), name),))
    whole = begins(context, r"([A-Za-z_]\w*(?:(?:-|[ \t]+)\w+)+)[ \t]*:")
    if whole is not None and context.expects_name and context.found in RESERVED:
        return _one_word(_joined(whole[1]), 0, len(whole[1]))
    named = ends(context, r"\b(?:hard|soft|forbid|target)\b(?:\s*\([^()]*\))?\s+([A-Za-z_]\w*[ \t]*)")
    rest = begins(context, r"([\w'-][\w' \t-]*)(?<=\S)[ \t]*:(?!:)")
    if context.accepts != {":"} or named is None or rest is None:
        return None
    return _one_word(_joined(named[1] + rest[1]), named.start(1) - len(context.before), len(rest[1]))


def _joined(words: str) -> str:
    return re.sub(r"\W+", "_", words).strip("_")


def _one_word(name: str, first: int, end: int) -> Phrase:
    return Phrase(f"a name is one word: `{name}`", ((first, end, name),))


def _weight(context: Context) -> Phrase | None:
    """`soft 3 x:`, `soft x(3):`, `soft[3] x:`, `soft(w=3) x:`."""
    if context.head != "soft":
        return None
    name, behind = ends(context, r"(\s+)([A-Za-z_]\w*)\s*"), begins(context, rf"\(\s*({_NUMBER})\s*\)(?=\s*:)")
    if context.accepts == {":"} and name is not None and behind is not None:
        text = f"({behind[1]}) {name[2]}"
        return Phrase(f"the weight comes before the name: `soft{text}`", ((-len(name[0]), behind.end(), text),), True)
    number = begins(context, _NUMBER) or begins(context, rf"\[\s*{_NUMBER}\s*\]")
    if number is not None and "(" in context.accepts and "*" not in context.accepts:
        text = f"({number[0].strip('[ ]')})"
        return Phrase(f"the weight stands in brackets: `soft{text}`", ((0, number.end(), text),), is_certain=True)
    named = begins(context, rf"[A-Za-z]\w*\s*[=:]\s*({_NUMBER})(?=\s*\))")
    if named is None or "NUMBER" not in context.accepts or not ends(context, r"\(\s*"):
        return None
    return Phrase(f"the weight stands alone: `soft({named[1]})`", ((0, named.end(), named[1]),), is_certain=True)


PHRASES: tuple[Look, ...] = (_no_name, _odd_name, _weight)

"""Beginnings of statements as other languages write them."""

from __future__ import annotations

import re

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import Look, Phrase, begins, ends, replaced
from htdbu.grammar.words import OTHER_TYPES, TYPES

_TYPE_WORDS = "|".join(sorted({*TYPES, *OTHER_TYPES}, key=len, reverse=True))
_RULES = ("hard", "soft", "forbid")


def _column_alone(context: Context) -> Phrase | None:
    """A column outside of a table."""
    column = begins(context, rf"(?:\w+|`[^`\n]+`)\s*:\s*(?:{_TYPE_WORDS})\b")
    if not context.is_new or column is None:
        return None
    return Phrase("columns stand in a table: write `table NAME {` before the first and `}` after the last")


def _block_end(context: Context) -> Phrase | None:
    """`end`, `else` and the like, and `create table`."""
    if not context.is_new:
        return None
    if context.found.lower() in ("end", "begin", "done", "fi", "endif", "endwhen"):
        return Phrase("a block stands in `{ … }`")
    if context.found.lower() in ("else", "elif", "elsif"):
        return Phrase("a `when` has no `else`; write `when not (condition) { … }`")
    created = begins(context, r"create\s+(?=table\b)")
    if created is not None:
        return Phrase("did you mean `table`?", ((0, created.end(), ""),), is_certain=True)
    return None


def _definition(context: Context) -> Phrase | None:
    """`def f(x): x + 1`, `param p: 5`, `param p 5`."""
    if context.head not in ("def", "param"):
        return None
    typed = begins(context, rf":\s*(?:{_TYPE_WORDS})\b(?:\(\d+\))?\s*(?=[=,)])")
    if typed is not None:
        what = "a param has no type" if context.head == "param" else "an argument has no type"
        return Phrase(f"{what}: leave it out", ((0, typed.end(), " " if context.head == "param" else ""),))
    if context.found == ">" and ends(context, "="):
        return Phrase("did you mean `=`?", ((0, 1, ""),), is_certain=True)
    if "=" not in context.accepts or {"+", "=="} & context.accepts:
        return None
    sign = begins(context, r":=|->|→|:|<-|←|\bas\b|\bis\b")
    if sign is not None:
        return replaced("", sign[0], "=", is_certain=True)._replace(edits=((0, sign.end(), _padded(context, "=")),))
    if context.found == "{":
        return Phrase("did you mean `=`? A definition is an expression without braces")
    named = ends(context, rf"\bparam\s+(?:{_TYPE_WORDS})\s+")
    if named is not None and context.is_word and not context.found[:1].isdigit():
        return Phrase("a param has no type: `param NAME = VALUE`")
    if context.head == "param" and begins(context, r'[-\d"]|true\b|false\b'):
        return Phrase("put a `=` here", ((0, 0, "= "),), is_certain=True)
    return None


def _padded(context: Context, sign: str) -> str:
    before = "" if context.before[-1:].isspace() else " "
    return before + sign


def _rule_name(context: Context) -> Phrase | None:
    """A rule without a name, or with one in quotes or with spaces."""
    if context.head not in (*_RULES, "target", "param", "def"):
        return None
    quoted = begins(context, r'"([^"`\n]+)"')
    if quoted is not None and context.expects_name:
        name = re.sub(r"\W+", "_", quoted[1]).strip("_")
        name = name if re.match(r"[A-Za-z_]", name) else f"`{quoted[1]}`"
        return Phrase(f"a name stands without quotes: `{name}`", ((0, quoted.end(), name),))
    if context.found == ":" and context.expects_name and context.head != "param":
        return Phrase(f"give it a name, as in `{context.head} NAME: …`")
    if context.found == "(" and context.expects_name and context.head in ("hard", "forbid"):
        return Phrase("only `soft` has a weight")
    if context.accepts != {":"}:
        return None
    named = ends(context, r"\b(?:hard|soft|forbid|target)\b(?:\s*\([^()]*\))?\s+([A-Za-z_]\w*)([ \t]*)")
    rest = begins(context, r"((?:[ \t]*[\w'-]+)+?)[ \t]*:(?!:)")
    if named is None or rest is None:
        return None
    name = re.sub(r"\W+", "_", f"{named[1]}{named[2]}{rest[1]}")
    return Phrase(f"a name is one word: `{name}`", ((named.start(1) - len(context.before), len(rest[1]), name),))


def _weight(context: Context) -> Phrase | None:
    """`soft 3 x:`."""
    number = begins(context, r"\d+(?:\.\d+)?")
    if context.head != "soft" or number is None or "(" not in context.accepts or "*" in context.accepts:
        return None
    return Phrase(f"the weight stands in brackets: `soft({number[0]})`", ((0, number.end(), f"({number[0]})"),), True)


def _block(context: Context) -> Phrase | None:
    """`when x: …`, `table t (…)`, `table t:`."""
    if context.head == "when" and context.found in (":", "then", "=>", "->") and "{" in context.accepts:
        return Phrase("the rules of a `when` stand in `{ … }`")
    if context.head == "table" and "{" in context.accepts and context.found in (":", "=", "(", "as"):
        return Phrase("open the block with `{`, and close it with `}`")
    return None


def _target(context: Context) -> Phrase | None:
    """What a target measures and asks for."""
    if context.head != "target":
        return None
    if context.found == "(" and context.accepts == {":"}:
        return Phrase("give it a name, as in `target NAME: share(condition) in 1%..2%`")
    if context.found in ("<", ">") and {"<=", ">="} <= context.accepts and "+" not in context.accepts:
        return replaced("", context.found, f"{context.found}=")
    if context.found == "~" and {"<=", ">="} <= context.accepts:
        return Phrase("write `== VALUE within DEVIATION`, or `in LOW..HIGH`")
    if "within" in context.accepts and (said := begins(context, r"\+\s*/?\s*-|±|\+-")):
        return replaced("", said[0], "within", is_certain=True)
    if {"share", "mean"} <= context.accepts:
        if begins(context, r"(?:count|prob|probability|proportion|percentage|fraction|rate|pct|percent|ratio)\s*\("):
            return replaced("", context.found, "share")
        if context.is_word and not begins(context, r"(?:avg|average|median)\b"):
            return Phrase("say what is measured, as in `share(condition)` or `mean(column)`")
    return None


def _attribute(context: Context) -> Phrase | None:
    """`true -> job == "clerk"` in a factor."""
    if context.head != "factor" or not {"in", "~"} <= context.accepts:
        return None
    said = begins(context, r'={1,2}\s*("[^"\n]*"|[\w.-]+)')
    if said is None:
        return None
    return replaced("", said[0], f"in {{ {said[1]} }}")


PHRASES: tuple[Look, ...] = (
    _column_alone,
    _block_end,
    _definition,
    _rule_name,
    _weight,
    _block,
    _target,
    _attribute,
)

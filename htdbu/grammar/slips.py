"""What to put in place of a common slip: an ordered list of guesses, the first that fits is taken.

Each guess is the edit that carries out the hint for the same mistake (`hints.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from htdbu.grammar.context import Context
from htdbu.grammar.messages import COMPARISONS
from htdbu.grammar.nearness import one_slip_away
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import Repair
from htdbu.grammar.words import OTHER_TYPES, RESERVED, STATEMENTS, TYPES, did_you_mean, meant_statement, meant_type

Edits = tuple[tuple[int, int, str], ...]
"""Edits as (first, end, text), counted from the place where the parser stopped."""


class Slip(NamedTuple):
    """What to put in, and whether nothing else can have been meant."""

    edits: Edits
    is_certain: bool = True


Guess = Callable[[Context], "Slip | None"]

_SIGNS = {
    "<>": "!=", "=<": "<=", "≠": "!=", "≤": "<=", "≥": ">=", "⇒": "=>", "→": "->", "…": "..", "–": "-", "−": "-",
    "×": "*", "÷": "/", "\xa0": " ", "&&": "and", "&": "and", "||": "or", "|": "or",
}  # fmt: skip
_WORDS = {
    "implies": "=>", "iff": "<=>", "equals": "==", "where": "given", "otherwise": "else", "avg": "mean",
    "average": "mean", "optional": "null", "nullable": "null", "unique": "key", "primary": "key",
}  # fmt: skip
_OTHER_OPERATORS = frozenset({"xor", "nor", "nand", "xnor"})
"""Words that look like a misspelt operator and are another one."""
_SAME_TYPES = frozenset({"integer", "bigint", "smallint", "boolean", "enum"})
_QUOTES = "'“”„‘’"
_QUOTED = re.compile(rf'[{_QUOTES}]([^{_QUOTES}"\\]*)[{_QUOTES}]')
_RULES = ("hard", "soft", "forbid", "target")
_MODIFIERS = ("null", "key", "fixed", "cost", "as", "format", "in")
_BETWEEN = re.compile(r"between\s+(-?[\d._-]*\d)\s+and\s+(-?[\d._-]*\d)\b", re.IGNORECASE)


def repair(context: Context, source: Source, place: int) -> Repair | None:
    """The edits for what was probably meant where the parser stopped; None where a program cannot tell."""
    slip = next((found for guess in _GUESSES if (found := guess(context)) is not None), None)
    return None if slip is None else edited(slip.edits, slip.is_certain, source, place)


def edited(edits: Edits, is_certain: bool, source: Source, place: int) -> Repair | None:
    """Edits that are counted from a place, as edits of a source; None where there are none."""
    spans = tuple((source.span(place + first, place + end), text) for first, end, text in edits)
    return Repair(spans, is_certain) if spans else None


def _instead(context: Context, text: str, is_certain: bool = True, length: int | None = None) -> Slip:
    """Put a text in place of what was found; a word is kept apart from its neighbours."""
    end = len(context.found) if length is None else length
    behind = r"[\w(`\"]" if text in ("and", "or", "not") else r"\w"
    if text.isalpha():
        before = " " if re.search(r"[\w)`\"}]$", context.before) else ""
        text = before + text + (" " if re.match(behind, context.after[end:]) else "")
    return Slip(((0, end, text),), is_certain)


def _behind(context: Context) -> int:
    """Where the last thing ends that stands before the place."""
    return len(context.before.rstrip()) - len(context.before)


def _line(context: Context) -> str:
    """The rest of the line, without its comment."""
    return re.split(r"[\n#]", context.after, maxsplit=1)[0]


def _case_of_letters(context: Context) -> Slip | None:
    lower = context.found.lower()
    return _instead(context, lower) if lower != context.found and lower in context.accepts else None


def _odd_name(context: Context) -> Slip | None:
    """A name with dots, or with other letters than a-z, gets back-ticks."""
    is_dotted = context.found == "." and re.match(r"\.\w", context.after) is not None
    if not is_dotted and (context.found.isascii() or not context.found[:1].isalpha()):
        return None
    before, after = re.search(r"[\w.]*$", context.before), re.match(r"[\w.]*", context.after)
    if before is None or after is None or (is_dotted and not before[0]) or ".." in before[0] + after[0]:
        return None
    is_certain = not is_dotted or context.is_declaring  # elsewhere it may be a table's column, or a function's call
    return Slip(((-len(before[0]), after.end(), f"`{before[0]}{after[0]}`"),), is_certain)


def _single_equals(context: Context) -> Slip | None:
    if context.found != "=":
        return None
    if context.before.endswith(("==", ":")):
        return Slip(((0, 1, ""),))
    return _instead(context, "==") if COMPARISONS & context.accepts else None


def _statement(context: Context) -> Slip | None:
    if not context.is_new or not context.is_word or re.match(r"\w+\s*:", context.after):
        return None
    best = meant_statement(context.found)
    return None if best not in STATEMENTS else _near(context, best, STATEMENTS)


def _type(context: Context) -> Slip | None:
    if not {"int", "bool"} <= context.accepts or not context.is_word:
        return None
    best = meant_type(context.found)
    if best is None or (best != "category" and context.after[len(context.found) :].lstrip()[:1] == "("):
        return None
    is_certain = context.found.lower() in _SAME_TYPES or one_slip_away(context.found, TYPES) == best
    return Slip(((0, len(context.found), best),), is_certain)


def _colon(context: Context) -> Slip | None:
    if context.accepts != {":"}:
        return None
    if context.found in ("=", ":="):
        return _instead(context, ":")
    if context.head in _RULES:
        if not re.match(r"[\w(`\"]", context.found) or context.found in ("in", "is", "and", "or"):
            return None  # what is missing is the name
        return Slip(((_behind(context), _behind(context), ":"),))
    if context.head != "column":
        return None
    if context.found in TYPES or context.found.lower() in OTHER_TYPES:
        return Slip(((_behind(context), _behind(context), " :"),))
    return _modifier(context)


def _modifier(context: Context) -> Slip | None:
    """A misspelt modifier, which reads as the name of the next column."""
    line = context.before.rstrip().rpartition("\n")[2]
    word = re.search(r"\w+$", line)
    is_first = context.is_first or line != context.before.rstrip()
    if word is None or (is_first and not line[: word.start()].strip()):
        return None  # on a line of its own it may begin a column
    end = _behind(context)
    if (word[0].lower(), context.found.lower()) == ("not", "null"):
        return Slip(((end - len(word[0]), len(context.found), ""),))
    if word[0].lower() == "primary" and context.found == "key":
        return Slip(((end - len(word[0]), len("key"), "key"),))
    best = _WORDS.get(word[0].lower()) or did_you_mean(word[0], _MODIFIERS)
    if best not in _MODIFIERS:
        return None
    is_certain = word[0].lower() in _WORDS or one_slip_away(word[0], _MODIFIERS) == best
    return Slip(((end - len(word[0]), end, best),), is_certain)


def _reserved_name(context: Context) -> Slip | None:
    if not context.expects_name or context.found not in RESERVED:
        return None
    return Slip(((0, len(context.found), f"`{context.found}`"),))


def _levels(context: Context) -> Slip | None:
    """Levels without quotes; commas in an ordered category; `<` in one that does not say so."""
    rest = re.split(r"[}\n]", context.after, maxsplit=1)[0]
    if context.accepts == {"STRING"} and context.is_word:
        bare = [*re.finditer(r'[^\s,<|;"#][^,<|;"#]*(?<!\s)', rest)]
        is_certain = not any(re.search(r"\s", word[0]) for word in bare)  # else a comma may be missing
        return Slip(tuple((word.start(), word.end(), f'"{word[0]}"') for word in bare), is_certain)
    if context.found == "," and {"<", "}"} <= context.accepts and "ordered" in context.before and '\\"' not in rest:
        commas = re.finditer(r'"[^"]*"|(,)', rest)
        edits = tuple((sign.start(), sign.end(), " <") for sign in commas if sign[1])
        return Slip(edits, is_certain=False)  # whether the first level is the least is not said
    if context.found == "<" and {",", "}"} <= context.accepts:
        place = context.before.rfind("category")
        at = place + len("category") - len(context.before)
        return Slip(((at, at, " ordered"),)) if place >= 0 else None
    return None


def _after_column(context: Context) -> Slip | None:
    """A comma between columns, and SQL's `not null`."""
    if context.head != "column" or "fixed" not in context.accepts:
        return None
    if context.found == ",":
        return Slip(((0, 1, ""),))
    said = re.match(r"not\s+null\b", context.after, re.IGNORECASE)
    return None if said is None else Slip(((_behind(context), said.end(), ""),))


def _set(context: Context) -> Slip | None:
    """A set in square or round brackets, or one without commas."""
    if context.found in ("|", ";") and {",", "}"} <= context.accepts:
        return Slip(((_behind(context), 1, ","),))
    listed = re.match(r"\[([^\[\]\n]*)\]", context.after)
    if listed is not None and "{" in context.accepts:
        return Slip(((0, 1, "{ "), (listed.end() - 1, listed.end(), " }")))
    opened = re.search(r"\bin\s*\([^()]*$", context.before)
    closed = re.match(r"[^()\n]*\)", context.after)
    if context.found != "," or ")" not in context.accepts or opened is None or closed is None:
        return None
    start = opened.start() + opened[0].index("(") - len(context.before)
    return Slip(((start, start + 1, "{ "), (closed.end() - 1, closed.end(), " }")))


def _quotes(context: Context) -> Slip | None:
    if context.found not in _QUOTES or not context.found:
        return None
    texts = [*_QUOTED.finditer(_line(context))]
    if not texts or texts[0].start() != 0:
        return None
    return Slip(tuple((text.start(), text.end(), f'"{text[1]}"') for text in texts))


def _comment(context: Context) -> Slip | None:
    """A comment of another language; behind a statement, `--` and `//` may be meant as signs."""
    is_alone = not context.before.rpartition("\n")[2].strip()
    if context.found in ("//", "--"):
        return Slip(((0, 2, "#"),), is_alone)
    whole = re.match(r"/\*+([^\n]*?)\s*\*+/[ \t]*(?=\n|\Z)", context.after)
    return None if whole is None else Slip(((0, whole.end(), f"#{whole[1]}"),), is_alone)


def _foreign_sign(context: Context) -> Slip | None:
    if context.found == "!" and re.match(r"!\s*[\w(`]", context.after):
        return Slip(((0, 1, "not "),))
    if context.found == ";":
        return Slip(((0, 1, ""),)) if ";" not in context.accepts else None
    put = _SIGNS.get(context.found)
    return _instead(context, put) if put is not None and (put in context.accepts or put == " ") else None


def _foreign_word(context: Context) -> Slip | None:
    span = _BETWEEN.match(context.after)
    if span is not None and "in" in context.accepts:
        return _instead(context, f"in {span[1]}..{span[2]}", length=span.end())
    if context.found == "to" and ".." in context.accepts:
        to = re.match(r"to\s*", context.after)
        return Slip(((_behind(context), to.end() if to else 2, ".."),))
    put = _WORDS.get(context.found.lower())
    if put is None or put not in context.accepts:
        return None
    whole = re.match(r"primary\s+key\b", context.after, re.IGNORECASE)
    return _instead(context, put, length=None if whole is None else whole.end())


def _misspelt(context: Context) -> Slip | None:
    known = tuple(sorted(word for word in context.accepts if word.isalpha() and word.islower()))
    if not known or not context.is_word or context.found in RESERVED | _OTHER_OPERATORS:
        return None
    best = did_you_mean(context.found, known)
    return None if best is None else _near(context, best, known)


def _near(context: Context, best: str, known: tuple[str, ...]) -> Slip:
    return _instead(context, best, one_slip_away(context.found, known) == best)


def _separator(context: Context) -> Slip | None:
    """The `->` and `;` of a `case`, and the `->` of a `factor` or `lookup`."""
    if context.accepts == {"->"} and context.found in (":", "=>", "="):
        return _instead(context, "->")
    if ";" in context.accepts and "case" in context.before:
        if context.found == ",":
            return _instead(context, ";")
        if context.before.rstrip(" \t").endswith("\n"):
            return Slip(((_behind(context), _behind(context), ";"),))
    return None


_GUESSES: tuple[Guess, ...] = (
    _case_of_letters,
    _odd_name,
    _single_equals,
    _statement,
    _type,
    _colon,
    _reserved_name,
    _levels,
    _after_column,
    _set,
    _quotes,
    _comment,
    _foreign_sign,
    _foreign_word,
    _separator,
    _misspelt,
)

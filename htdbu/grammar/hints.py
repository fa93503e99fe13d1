"""What was probably meant where the parser stopped: an ordered list of guesses, the first that fits speaks."""

from __future__ import annotations

import re
from collections.abc import Callable

from htdbu.grammar.context import Context
from htdbu.grammar.messages import COMPARISONS
from htdbu.grammar.words import OTHER_TYPES, RESERVED, STATEMENTS, TYPES, did_you_mean, meant_statement, meant_type

_SIGNS = {
    "&&": "did you mean `and`?",
    "&": "did you mean `and`?",
    "||": "did you mean `or`?",
    "|": "did you mean `or`?",
    "!": "did you mean `not`?",
    "<>": "did you mean `!=`?",
    "=<": "did you mean `<=`?",
    "≠": "did you mean `!=`?",
    "≤": "did you mean `<=`?",
    "≥": "did you mean `>=`?",
    "⇒": "did you mean `=>`?",
    "→": "did you mean `->`?",
    "…": "did you mean `..`?",
    "–": "did you mean `-`?",
    "−": "did you mean `-`?",
    "×": "did you mean `*`?",
    "÷": "did you mean `/`?",
    "'": 'did you mean `"`? A text stands in double quotes',
    "“": 'did you mean `"`? A text stands in plain double quotes',
    "”": 'did you mean `"`? A text stands in plain double quotes',
    "„": 'did you mean `"`? A text stands in plain double quotes',
    "‘": 'did you mean `"`? A text stands in plain double quotes',
    "’": 'did you mean `"`? A text stands in plain double quotes',
    "\xa0": "this is a no-break space; write a plain one",
    "^": "there is no power; write the product out, as in `x * x`",
    "**": "there is no power; write the product out, as in `x * x`",
    "//": "a comment begins with `#`",
    "/*": "a comment begins with `#`",
    "--": "a comment begins with `#`; to take off a negative number, write `- -x`",
    "%": "the remainder is `mod(x, y)`",
    "[": "a set stands in `{ … }`",
    "@": "a name with such signs needs back-ticks",
    "$": "a name with such signs needs back-ticks",
    "?": "did you mean `if … then … else …`?",
}
"""Signs of other languages, and what they are here."""
_WORDS = {
    "elif": "write `case { condition -> value; …; else -> value }` for more than two branches",
    "elseif": "write `case { condition -> value; …; else -> value }` for more than two branches",
    "elsif": "write `case { condition -> value; …; else -> value }` for more than two branches",
    "between": "did you mean `in LOW..HIGH`?",
    "like": 'did you mean `matches(column, "…")`?',
    "implies": "did you mean `=>`?",
    "iff": "did you mean `<=>`?",
    "xor": "did you mean `!=`? `<=>` is its opposite",
    "equals": "did you mean `==`?",
    "where": "did you mean `given`?",
    "unless": "did you mean `=>`? `a unless b` is `not b => a`",
    "to": "did you mean `..`?",
    "unique": "did you mean `key`?",
    "primary": "did you mean `key`?",
    "optional": "did you mean `null`?",
    "nullable": "did you mean `null`?",
    "default": "a column has no default; `= expression` makes a derived one",
    "otherwise": "did you mean `else`?",
    "avg": "did you mean `mean`?",
    "average": "did you mean `mean`?",
    "median": "did you mean `quantile(column, 0.5)`?",
    "required": "a column is never null unless it says `null`",
}
"""Words of other languages, and what they are here."""


_IN_BRACKETS = {
    "unique": "the columns stand in brackets, as in `unique (a, b)`",
    "column": "say how many digits stand after the point, as in `decimal(2)`",
    "lookup": "write `lookup NAME(key -> value)`",
}
_BY = {
    "test": "say which rule must fail, as in `by NAME`",
    "column": "say which column labels the pool, as in `text from POOL by COLUMN`",
}
_NOT_NULL = "a column is never null unless it says `null`; leave the `not null` out"
_NEED_LEFT = ("and", "or", "in", "is", "then", "else", "given")
_MODIFIERS = ("null", "key", "fixed", "cost", "as", "format", "in")

Guess = Callable[[Context], "str | None"]


def hint(context: Context) -> str | None:
    """What to do about it; None where nothing comes to mind."""
    return next((said for guess in _GUESSES if (said := guess(context)) is not None), None)


def _statement(context: Context) -> str | None:
    if not context.is_new or not context.is_word:
        return None
    if re.match(r"\w+\s*:", context.after):
        return "a rule begins with `hard`, `soft` or `forbid`"
    best = meant_statement(context.found) or did_you_mean(context.found, ("and", "or"))
    return f"did you mean `{best}`?" if best else "every statement begins with one of " + ", ".join(STATEMENTS)


def _rule(context: Context) -> str | None:
    if not {"hard", "forbid"} <= context.accepts or "table" in context.accepts or not context.is_word:
        return None
    if context.found in STATEMENTS:
        return f"only rules may stand inside `when`; put the `{context.found}` outside of it"
    best = did_you_mean(context.found, ("hard", "soft", "forbid", "when"))
    return f"did you mean `{best}`?" if best else "a rule begins with `hard NAME:`, `soft NAME:` or `forbid NAME:`"


def _type(context: Context) -> str | None:
    if not {"int", "bool"} <= context.accepts:
        return None
    best = meant_type(context.found) if context.is_word else None
    if best is None and context.is_word:
        return "write one of these types"
    return f"did you mean `{best}`?" if best else "write the type after the colon, as in `age : int`"


def _colon(context: Context) -> str | None:
    if context.accepts != {":"}:
        return None
    if context.found in ("=", ":="):
        return "did you mean `:`?"
    word = re.search(r"\w*\s*$", context.before)
    if context.head == "column" and word is not None:  # a word after a column reads as the next column's name
        if (word[0].strip().lower(), context.found.lower()) == ("not", "null"):
            return _NOT_NULL
        if context.found.lower() in TYPES or context.found.lower() in OTHER_TYPES:
            return "put a `:` after the name of the column"
        best = _WORDS.get(word[0].strip()) or did_you_mean(word[0].strip() or "-", _MODIFIERS)
        if best in _MODIFIERS:
            return f"did you mean `{best}`?"
        if best is not None:
            return best
    what = "column" if context.head == "column" else "rule"
    return f"put a `:` after the name of the {what}" if context.head != "target" else "put a `:` after the name"


def _name(context: Context) -> str | None:
    if not context.expects_name:
        return None
    if context.found in RESERVED:
        return f"write it in back-ticks to use it as a name: `` `{context.found}` ``"
    needs_name = context.head in ("hard", "soft", "forbid", "target")
    if context.found in (":", "{", "=", "~") or (not context.found and needs_name):
        return "give it a name"
    if needs_name and context.found[:1].isdigit():
        return "a name begins with a letter or `_`"
    return None


def _operand(context: Context) -> str | None:
    if context.found in COMPARISONS and context.expects_value and re.search(r"\b(?:and|or|not)\s*$", context.before):
        return f"write what is compared again, as in `x > 1 and x {context.found} 9`, or a range, as in `x in 1..9`"
    return "did you mean `null`?" if context.found == "None" and "null" in context.accepts else None


def _reserved(context: Context) -> str | None:
    if context.found not in RESERVED or not context.expects_value:
        return None
    if context.found in ("if", "not"):
        return f"put the `{context.found}` in brackets"
    if context.found in _NEED_LEFT:
        return f"something is missing before `{context.found}`"
    return f"write it in back-ticks to use it as a name: `` `{context.found}` ``"


def _branches(context: Context) -> str | None:
    if context.found in ("elif", "elseif", "elsif"):
        return _WORDS[context.found]
    if "else" in context.accepts and "then" not in context.accepts:
        return "`case` needs an `else -> …` at its end" if "->" in context.before else "an `if` needs its `else`"
    if "then" in context.accepts:
        return "an `if` needs its `then`"
    return None


def _single_equals(context: Context) -> str | None:
    if context.found != "=":
        return None
    if context.before.endswith(("==", ":")):
        return f"did you mean `{'==' if context.before.endswith('=') else ':'}`?"
    if COMPARISONS & context.accepts:
        return "did you mean `==`?"
    return None


def _case_of_letters(context: Context) -> str | None:
    lower = context.found.lower()
    return f"words are written small: `{lower}`" if lower != context.found and lower in context.accepts else None


def _level(context: Context) -> str | None:
    if context.accepts == {"STRING"} and context.is_word:
        word = re.match(r"[^\s,{}<]+", context.after)
        return f'put it in quotes: `"{word[0] if word else context.found}"`'
    if context.found == "," and {"<", "}"} <= context.accepts and "ordered" in context.before:
        return "the levels of an ordered category are separated by `<`"
    if context.found == "<" and {",", "}"} <= context.accepts and "category" in context.before:
        return "an ordered category is written `category ordered { … < … }`"
    return None


def _after_column(context: Context) -> str | None:
    """What SQL writes behind a column."""
    if context.head != "column" or "fixed" not in context.accepts:
        return None
    if context.found == ",":
        return "columns are not separated by commas"
    if context.found.lower() == "not" and re.match(r"not\s+null\b", context.after, re.IGNORECASE):
        return _NOT_NULL
    return None


def _set(context: Context) -> str | None:
    if context.found in ("|", ";") and {",", "}"} <= context.accepts:
        return "put a `,` here"
    if context.found == "," and ")" in context.accepts and re.search(r"\bin\s*\([^()]*$", context.before):
        return "a set stands in `{ … }`"
    return None


def _dotted(context: Context) -> str | None:
    if context.found in (".", "/") and re.search(r"\d[./]\d+$|\b\d+$", context.before):
        whole = re.search(r"[\d./]+$", context.before + re.split(r"[^\d./]", context.after, maxsplit=1)[0])
        if whole is not None and re.fullmatch(r"\d+[./]\d+[./]\d+", whole[0]):
            return "a date is written year, month, day, as 2024-05-01"
    if context.found == "." and re.search(r"[A-Za-z0-9_]$", context.before) and re.match(r"\.\w", context.after):
        return "a name with dots needs back-ticks: `` `a.b` ``"
    if context.found[:1].isalpha() and not context.found.isascii():
        return "a name with other letters than a-z needs back-ticks"
    return None


def _param(context: Context) -> str | None:
    if context.head == "param" and "$END" in context.accepts and not context.is_word:
        return "a `param` is one literal; use `def` for an expression"
    return None


def _needed(context: Context) -> str | None:
    wanted = {
        "{": "open the block with `{`",
        "->": "put a `->` here",
        "within": "say `within` how much",
        "(": _IN_BRACKETS.get(context.head, "put it in brackets"),
        "..": "a range is written `LOW..HIGH`, a set `{ x, y }`",
        "by": _BY.get(context.head, "say by what"),
    }
    if ";" in context.accepts and "case" in context.before:
        return "every branch of a `case` but the last ends with `;`"
    if "{" in context.accepts and context.head == "when" and not context.found:
        return wanted["{"]
    return next((said for sign, said in wanted.items() if {sign} == context.accepts), None)


def _foreign(context: Context) -> str | None:
    if context.found == "}":
        return "it closes nothing" if "$END" in context.accepts else None
    if context.found == ";":
        return "nothing ends with `;` here" if ";" not in context.accepts else None
    return _SIGNS.get(context.found) or _WORDS.get(context.found.lower())


def _misspelt(context: Context) -> str | None:
    known = tuple(sorted(word for word in context.accepts if word.isalpha() and word.islower()))
    if not known or not context.is_word or context.found in RESERVED:
        return None
    best = did_you_mean(context.found, known)
    return f"did you mean `{best}`?" if best else None


_GUESSES: tuple[Guess, ...] = (
    _case_of_letters,
    _dotted,
    _branches,
    _single_equals,
    _param,
    _statement,
    _rule,
    _type,
    _colon,
    _name,
    _operand,
    _reserved,
    _level,
    _after_column,
    _set,
    _foreign,
    _misspelt,
    _needed,
)

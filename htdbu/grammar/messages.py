"""Syntax errors in a user's words: what was found, what was expected, and what was probably meant."""

from __future__ import annotations

from collections.abc import Collection

from htdbu.grammar.terminals import spelling
from htdbu.grammar.words import RESERVED, STATEMENTS, did_you_mean, meant_type, meant_word

_PATTERNS = {
    "PATTERN": "a column pattern",
    "NUMBER": "a number",
    "NUMBER_RANGE": "a range",
    "STRING": "a quoted text",
    "DATE": "a date",
    "DATETIME": "a datetime",
}
_NAMES = frozenset({"NAME", "QUOTED_NAME"})
_TYPES = frozenset({"INT", "DECIMAL", "BOOL", "CATEGORY"})
_OPERATORS = frozenset({"PLUS", "STAR", "SLASH"})
_LITERALS = frozenset({"NUMBER", "STRING", "DATE", "DATETIME", "TRUE", "FALSE", "NULL"})


_GROUPS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    (
        "an expression",
        frozenset({"NAME", "NUMBER", "LPAR"}),
        _NAMES | _LITERALS | {"LPAR", "MINUS", "NOT", "CASE", "IF", "PATTERN", "NUMBER_RANGE"},
    ),
    ("a type (int, decimal(…), bool, category, date, datetime, text)", _TYPES, _TYPES | {"TEXT", "DATE", "DATETIME"}),
    ("a range or a set", frozenset({"NUMBER_RANGE", "LBRACE"}), _LITERALS | {"NUMBER_RANGE", "LBRACE", "MINUS"}),
    ("a literal", frozenset({"STRING", "TRUE"}), _LITERALS | {"MINUS", "NUMBER_RANGE"}),
    (
        "an operator",
        _OPERATORS,
        _OPERATORS | {"MINUS", "AND", "OR", "IN", "IS", "NOT", "LESSTHAN", "MORETHAN", "LPAR"},
    ),
    ("a statement", frozenset({"HARD", "TABLE"}), frozenset(word.upper() for word in STATEMENTS)),
    ("a rule", frozenset({"HARD", "FORBID"}), frozenset({"HARD", "SOFT", "FORBID", "WHEN"})),
    ("a name", frozenset({"NAME"}), _NAMES),
)
"""What groups of terminals are called: a name, the terminals that show the group, and all that belong to it."""


def expected_words(accepted: Collection[str]) -> str:
    """The terminals that the parser would take, summed up."""
    left = set(accepted) - {"$END"}
    words: list[str] = []
    for word, needed, members in _GROUPS:
        if needed <= left:
            words.append(word)
            left -= members
            if needed in (_OPERATORS, _TYPES):
                left = {term for term in left if not term.startswith("__ANON")}
    words += sorted(_PATTERNS.get(term) or f"`{spelling(term)}`" for term in left)
    return _listed(words[:5]) or "something else"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1] if words else ""


def guess(found: str, accepted: Collection[str], at_start: bool) -> str | None:
    """What was probably meant by an unexpected word or sign; None where nothing comes to mind."""
    if at_start and {"HARD", "TABLE"} <= set(accepted):
        best = meant_word(found) or did_you_mean(found, STATEMENTS)
        return f"did you mean `{best}`?" if best else "every statement begins with one of " + ", ".join(STATEMENTS)
    if set(accepted) >= _TYPES:
        best = meant_type(found)
        return f"did you mean `{best}`?" if best else None
    if found in RESERVED and set(accepted) & _NAMES:
        return f"`{found}` is a reserved word; write it in back-ticks to use it as a name"
    if "ELSE" in accepted and "PLUS" in accepted:
        return "an `if` needs its `else`" if found != "else" else None
    if "THEN" in accepted and "PLUS" in accepted:
        return "an `if` needs its `then`"
    best = meant_word(found)
    return f"did you mean `{best}`?" if best else None

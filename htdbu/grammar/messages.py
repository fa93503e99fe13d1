"""What the parser would have taken, in a user's words."""

from __future__ import annotations

from collections.abc import Collection

from htdbu.grammar.words import STATEMENTS, TYPES

NAMES = frozenset({"NAME", "QUOTED_NAME"})
LITERALS = frozenset({"NUMBER", "STRING", "DATE", "DATETIME", "true", "false", "null"})
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_ARITHMETIC = frozenset({"+", "-", "*", "/"})
_LOGIC = frozenset({"and", "or", "=>", "<=>"})
_TESTS = frozenset({"in", "is", "not"})
_MEASURES = ("share", "mean", "min", "max", "sum", "quantile", "dist")
_MODIFIERS = frozenset({"in", "null", "key", "fixed", "cost", "as", "format", "="})

_COLUMN_WORDS = frozenset({*STATEMENTS, "accept", "reject", "within"})

_GROUPS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    ("a column", _COLUMN_WORDS, _COLUMN_WORDS | NAMES),
    ("a new statement", frozenset({"hard", "table"}), frozenset(STATEMENTS)),
    ("a measure (" + ", ".join(_MEASURES) + ")", frozenset(_MEASURES), frozenset(_MEASURES)),
    ("a rule", frozenset({"hard", "forbid"}), frozenset({"hard", "soft", "forbid", "when"})),
    ("a type (" + ", ".join(TYPES) + ")", frozenset({"int", "bool"}), frozenset(TYPES)),
    (
        "an expression",
        frozenset({"NAME", "NUMBER", "("}),
        NAMES | LITERALS | {"(", "-", "not", "case", "if", "PATTERN", "NUMBER_RANGE"},
    ),
    ("a range or a set", frozenset({"NUMBER_RANGE", "{"}), LITERALS | {"NUMBER_RANGE", "{", "-", ".."}),
    ("a literal", frozenset({"STRING", "true"}), LITERALS | {"-", "NUMBER_RANGE"}),
    ("a literal", frozenset({"STRING", "NUMBER"}), LITERALS | {"-"}),
    ("a number", frozenset({"NUMBER"}), frozenset({"NUMBER", "-"})),
    ("an operator", frozenset({"+", "and", "<"}), _ARITHMETIC | _LOGIC | _TESTS | COMPARISONS),
    ("an operator", frozenset({"+", "and"}), _ARITHMETIC | _LOGIC | _TESTS | COMPARISONS),
    ("an operator", frozenset({"+", "*"}), _ARITHMETIC | COMPARISONS | _LOGIC),
    ("a comparison", frozenset({"==", "<"}), COMPARISONS),
    ("`and` or `or`", frozenset({"and", "or"}), _LOGIC),
    ("more about the column", frozenset({"key", "fixed"}), _MODIFIERS),
    ("a comparison", frozenset({"in", ">="}), frozenset({"in", ">=", "<=", "=="})),
)
"""What groups of terminals are called: a name, the terminals that show the group, and all that belong to it."""
_PATTERNS = {
    "PATTERN": "a column pattern",
    "NUMBER_RANGE": "a range",
    "STRING": "a quoted text",
    "DATE": "a date",
    "DATETIME": "a datetime",
}
_MOST = 5


def expected_words(accepts: Collection[str], is_cut: bool = False) -> str:
    """What the parser would take, summed up; at the end of a piece, what it still needs."""
    left = set(accepts) - {"$END"}
    words: list[str] = []
    for word, needed, members in _GROUPS:
        if needed <= left:
            words.append(word)
            left -= members
    if "an operator" in words:
        left -= {"("}  # a name that stands last might also be a function's
    if left & NAMES:
        words.append("a name")
        left -= NAMES
    words += sorted({_PATTERNS.get(term) or f"`{term}`" for term in left})
    words.sort(key=lambda word: word in ("a new statement", "a column"))
    shown = words[:_MOST] if len(words) <= _MOST else [*words[: _MOST - 1], "something else"]
    return _listed(shown) or "the end of the file"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1] if words else ""

"""The words of the language, and what a mistake may have meant."""

from __future__ import annotations

from difflib import get_close_matches

STATEMENTS = (
    "table", "param", "def", "lookup", "hard", "soft", "forbid", "when", "unique", "fd", "factor", "target",
    "import", "test",
)  # fmt: skip
TYPES = ("int", "decimal", "bool", "category", "date", "datetime", "text")
RESERVED = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "true",
        "false",
        "if",
        "then",
        "else",
        "case",
        "given",
        "key",
        "fixed",
        "cost",
        "as",
        "format",
        "from",
        "by",
        "ordered",
    ]
)
"""Names that need back-ticks everywhere."""
LATER = frozenset(["ref", "group", "order", "prev", "next", "sum_over", "count_over"])
"""Words of later versions, reserved as statements and functions only."""

_OTHER_LANGUAGES = {
    "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "<>": "!=", "=<": "<=", "=": "==", "elif": "case { … }",
    "'": '"', "^": "multiply instead", "let": "def", "const": "param", "rule": "hard", "enum": "category",
    "must": "hard", "should": "soft", "never": "forbid", "column": "name : type",
}  # fmt: skip
_OTHER_TYPES = {
    "integer": "int", "number": "decimal(2)", "float": "decimal(2)", "double": "decimal(2)", "numeric": "decimal(2)",
    "money": "decimal(2)", "string": "text", "str": "text", "varchar": "text", "boolean": "bool", "enum": "category",
    "timestamp": "datetime", "time": "datetime",
}  # fmt: skip


def did_you_mean(word: str, known: tuple[str, ...]) -> str | None:
    """The closest of some words, or None."""
    found = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return found[0] if found else None


def meant_type(word: str) -> str | None:
    """The type that another language's word stands for, or that is closest."""
    return _OTHER_TYPES.get(word.lower()) or did_you_mean(word, TYPES)


def meant_word(word: str) -> str | None:
    """What a word or sign of another language is called here."""
    return _OTHER_LANGUAGES.get(word)

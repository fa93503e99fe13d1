"""The words of the language, and what a mistake may have meant."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

from htdbu.grammar.nearness import looks_like

STATEMENTS = (
    "table", "param", "def", "lookup", "hard", "soft", "forbid", "when", "unique", "fd", "factor", "target",
    "import", "test",
)  # fmt: skip
TYPES = ("int", "decimal", "bool", "category", "date", "datetime", "text")
RESERVED = frozenset({
    "and", "or", "not", "in", "is", "null", "true", "false", "if", "then", "else", "case", "given",
    "key", "fixed", "cost", "as", "format", "from", "by", "ordered",
})  # fmt: skip
"""Names that need back-ticks everywhere."""
LATER = frozenset({"ref", "group", "order", "prev", "next", "sum_over", "count_over"})
"""Words of later versions, reserved as statements and functions only."""
LATER_NOTE = "rules over several tables and over ordered groups are planned"

OTHER_STATEMENTS = {
    "let": "def", "const": "param", "constant": "param", "parameter": "param", "var": "param", "define": "def",
    "function": "def", "fn": "def", "func": "def", "rule": "hard", "require": "hard", "assert": "hard",
    "constraint": "hard", "check": "hard", "must": "hard", "should": "soft", "prefer": "soft", "never": "forbid",
    "deny": "forbid", "schema": "table", "create": "table", "columns": "table", "fields": "table",
    "entity": "table", "model": "table", "class": "table", "struct": "table",
    "invariant": "hard", "ensure": "hard", "validate": "hard", "want": "soft",
    "forall": "when", "include": "import", "if": "when", "foreach": "when",
    "goal": "target", "map": "lookup", "enum": "category", "depends": "fd", "distinct": "unique",
}  # fmt: skip
"""Statement words of other languages."""
OTHER_TYPES = {
    "integer": "int", "number": "decimal(2)", "float": "decimal(2)", "double": "decimal(2)", "numeric": "decimal(2)",
    "money": "decimal(2)", "real": "decimal(2)", "string": "text", "str": "text", "varchar": "text", "char": "text",
    "boolean": "bool", "enum": "category", "levels": "category", "factor": "category", "timestamp": "datetime",
    "time": "datetime", "year": "int", "bigint": "int", "smallint": "int",
}  # fmt: skip
"""Types of other languages."""


@lru_cache(maxsize=4096)
def did_you_mean(word: str, known: tuple[str, ...]) -> str | None:
    """The closest of some words, or None."""
    if len(word) > 2 * max(map(len, known)):
        return None
    found = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return found[0] if found and looks_like(word, found[0]) else None


def meant_type(word: str) -> str | None:
    """The type that another language's word stands for, or that is closest."""
    return OTHER_TYPES.get(word.lower()) or did_you_mean(word, TYPES)


def meant_statement(word: str) -> str | None:
    """The statement that another language's word stands for, or that is closest."""
    return OTHER_STATEMENTS.get(word.lower()) or (did_you_mean(word, STATEMENTS) if len(word) > 2 else None)

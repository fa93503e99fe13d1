"""The words that highlighting tells apart, by what they do; taken from the grammar and the registry of functions."""

from __future__ import annotations

from functools import cache

from htdbu.grammar.words import LATER, RESERVED, STATEMENTS, TYPES

CONSTANTS = frozenset({"true", "false", "null"})
OPERATORS = frozenset({"and", "or", "not", "in", "is"})
BRANCHES = frozenset({"if", "then", "else", "case", "given"})
MODIFIERS = RESERVED - CONSTANTS - OPERATORS - BRANCHES
"""Words that may follow a type, or name where something comes from."""
MEASURES = frozenset({"share", "mean", "min", "max", "sum", "quantile", "dist"})
"""Words that begin a target's measure, before `(`."""
EXAMPLES = frozenset({"accept", "reject"})
"""Words that begin the rows of a test."""
BOUNDS = frozenset({"within", "real"})
"""Words of a target's bound."""
KEYWORDS = frozenset({*STATEMENTS, *TYPES, *RESERVED, *LATER, *MEASURES, *EXAMPLES, *BOUNDS})
"""Every word that has a meaning somewhere."""


@cache
def function_names() -> frozenset[str]:
    """The functions that an expression may use."""
    from htdbu.compiler.functions import written_names

    return frozenset(written_names())

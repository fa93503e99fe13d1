"""Beginnings of statements and blocks as other languages write them."""

from __future__ import annotations

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import TYPE, Look, Phrase, begins
from htdbu.grammar.words import did_you_mean

_ENDS = ("end", "begin", "done", "fi", "endif", "endwhen")


def _column_alone(context: Context) -> Phrase | None:
    """A column outside of a table."""
    if not context.is_new or not begins(context, rf"(?:\w+|`[^`\n]+`)\s*:\s*{TYPE}"):
        return None
    return Phrase("columns stand in a table: write `table NAME {` before the first and `}` after the last")


def _new(context: Context) -> Phrase | None:
    """What begins no statement here, or lacks its word."""
    if not context.is_new:
        return None
    created = begins(context, r"create\s+(?=table\b)")
    if created is not None:
        return Phrase("did you mean `table`?", ((0, created.end(), ""),), is_certain=True)
    key = begins(context, r"(?:primary\s+)?key\s*(?=\()")
    if key is not None:
        return Phrase("did you mean `unique`?", ((0, key.end(), "unique "),))
    if begins(context, r"[A-Za-z_]\w*\s*\([^()\n]*\)\s*=(?!=)"):
        return Phrase("did you mean `def`?", ((0, 0, "def "),))
    if begins(context, r'[A-Za-z_]\w*\s*=\s*[-\d"]'):
        return Phrase("did you mean `param`?", ((0, 0, "param "),))
    return next((Phrase(help) for pattern, help in _HELPS.items() if begins(context, pattern)), None)


_HELPS = {
    r"if\b[^\n{]*\bthen\b": "did you mean `hard NAME: condition => consequence`?",
    r"from\b[^\n]*\bimport\b": 'did you mean `import "FILE.htr"`?',
    r'\{\s*"': "rules in their JSON form are read from a file that ends with `.json`",
    rf"(?:{'|'.join(_ENDS)})\b": "a block stands in `{ … }`",
    r"(?:else|elif|elsif)\b": "a `when` has no `else`; write `when not (condition) { … }`",
}


def _block(context: Context) -> Phrase | None:
    """`when x: …`, `table t (…)`, `table t:`."""
    if "{" not in context.accepts:
        return None
    if context.head == "when" and context.found in (":", "then", "=>", "->"):
        return Phrase("the rules of a `when` stand in `{ … }`")
    if context.head == "table" and context.found in (":", "=", "(", "as"):
        return Phrase("open the block with `{`, and close it with `}`")
    return None


def _bare_text(context: Context) -> Phrase | None:
    """A text without quotes where only literals may stand."""
    is_literal = {"STRING", "NUMBER", "true"} <= context.accepts and "NAME" not in context.accepts
    if not is_literal or not context.is_word or context.found[:1].isdigit() or context.head == "param":
        return None
    known = tuple(sorted(word for word in context.accepts if word.isalpha() and word.islower()))
    if context.found.lower() in known or did_you_mean(context.found, known) is not None:
        return None
    return Phrase(f'put it in quotes: `"{context.found}"`', ((0, len(context.found), f'"{context.found}"'),))


PHRASES: tuple[Look, ...] = (_column_alone, _new, _block, _bare_text)

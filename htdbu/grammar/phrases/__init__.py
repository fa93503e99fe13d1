"""Whole phrases of other languages, and what they are here: each with its help and, where there are any, the edits."""

from __future__ import annotations

import re

from htdbu.grammar.context import Context
from htdbu.grammar.phrases import (
    bounds,
    branches,
    column_names,
    columns,
    conditions,
    definitions,
    levels,
    numbers,
    rules,
    skeleton,
    statements,
)
from htdbu.grammar.phrases.phrase import Phrase

_PHRASES = (
    *statements.PHRASES,
    *definitions.PHRASES,
    *rules.PHRASES,
    *skeleton.PHRASES,
    *column_names.PHRASES,
    *levels.PHRASES,
    *bounds.PHRASES,
    *columns.PHRASES,
    *numbers.PHRASES,
    *branches.PHRASES,
    *conditions.PHRASES,
)
_WORD, _WORD_END = re.compile(r"\w|`"), re.compile(r"[\w`)}\"]")


def meant(context: Context) -> Phrase | None:
    """The first phrase that fits the place where the parser stopped."""
    found = next((found for look in _PHRASES if (found := look(context)) is not None), None)
    return None if found is None else found._replace(edits=tuple(_apart(edit, context) for edit in found.edits))


def _apart(edit: tuple[int, int, str], context: Context) -> tuple[int, int, str]:
    """An edit whose words do not grow together with their neighbours."""
    first, end, text = edit
    around, place = context.before + context.after, len(context.before)
    before, behind = around[: place + first][-1:], around[place + end :][:1]
    if _WORD.match(text) and _WORD_END.match(before):
        text = f" {text}"
    return first, end, f"{text} " if _WORD.match(text[-1:]) and _WORD.match(behind) else text

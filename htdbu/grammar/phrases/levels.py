"""Categories as other languages declare them."""

from __future__ import annotations

import re

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import LITERAL, Look, Phrase, begins, ends, replaced

_HELP = 'the levels stand in `{ … }`, as in `category { "a", "b" }`'
_LEVEL = re.compile(r"""("[^"\n]*"|'[^'"\n]*'|[\w -]+)""")


def _brackets(context: Context) -> Phrase | None:
    """`category(a, b)`, `category "a", "b"`, `category in { … }`."""
    if not ends(context, r"\bcategory\s*") or "ordered" not in context.accepts or context.found == "{":
        return None
    word = begins(context, r"(?:in|of|=|:)\s*(?=\{)")
    if word is not None:
        return Phrase("the levels follow at once: `category { … }`", ((0, word.end(), ""),), is_certain=True)
    listed = begins(context, r"([(\[])\s*([^()\[\]{}\n]+?)\s*([)\]])") or begins(context, r'()("[^{}\n]*")()')
    levels = [] if listed is None else [level.strip() for level in listed[2].split(",")]
    if listed is None or not all(map(_LEVEL.fullmatch, levels)):
        return Phrase(_HELP)
    quoted = ", ".join('"' + level.strip("'\"") + '"' for level in levels)
    space = "" if context.before[-1:].isspace() else " "
    return Phrase(_HELP, ((0, listed.end(), f"{space}{{ {quoted} }}"),), is_certain=True)


def _between(context: Context) -> Phrase | None:
    """Levels without commas, or from the greatest to the least."""
    if context.found == ">" and {"<", "}"} == context.accepts:
        return Phrase("the least level comes first, and `<` stands between them")
    if context.found[:1] == '"' and {",", "}"} == context.accepts:
        return Phrase("put a `,` here", ((_gap(context), 0, ", "),))
    return None


def _gap(context: Context) -> int:
    return len(context.before.rstrip()) - len(context.before)


def _no_word(context: Context) -> Phrase | None:
    """Levels or a range where a type has to stand, and `ordered { … }`."""
    if not {"int", "bool"} <= context.accepts:
        return None
    ordered = begins(context, r"ordered\s+(?:category\s*)?(?=\{)")
    if ordered is not None:
        made = replaced("", ordered[0], "category ordered ", is_certain=True)
        return made._replace(help="did you mean `category ordered { … }`?")
    if begins(context, r'\{\s*"'):
        return Phrase("did you mean `category { … }`?", ((0, 0, "category "),), is_certain=True)
    if context.found[:1] in ('"', "'"):
        return Phrase('levels stand in a category: `category { "a", "b" }`')
    if begins(context, rf"{LITERAL}\s*\.\."):
        return Phrase("write the type before the range, as in `int in 0..9`")
    return None


PHRASES: tuple[Look, ...] = (_brackets, _between, _no_word)

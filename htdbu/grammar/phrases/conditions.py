"""Conditions as other languages write them."""

from __future__ import annotations

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import OPERAND, Look, Phrase, begins, ends, replaced
from htdbu.grammar.words import STATEMENTS, did_you_mean

_NULLS = ("none", "nil", "nan", "na", "missing", "empty", "blank", "unknown")
_SURE_NULLS = ("none", "nil", "null")
_ARROWS = {
    "->": "=>", "→": "=>", "⟹": "=>", "⟶": "=>", "⇔": "<=>", "↔": "<=>", "⟺": "<=>", "≡": "<=>", "∧": "and",
    "∨": "or", "¬": "not", "∈": "in", "∉": "not in", "<->": "<=>", "==>": "=>", "-->": "=>", "<==>": "<=>",
    "!==": "!=", "=!=": "!=", "=!": "!=", "=>=": ">=", ">>": ">", "<<": "<", "≈": "==", "⩾": ">=", "⩽": "<=",
}  # fmt: skip
"""Signs that can only mean one operator where that operator may stand."""
_MEMBERS = {"year": "year", "month": "month", "day": "day", "weekday": "weekday", "dayofweek": "weekday"}
_NULL_MEMBERS = {"isnull": "is null", "isna": "is null", "notnull": "is not null", "notna": "is not null"}
_TEXT_MEMBERS = {"startswith": "starts_with", "endswith": "ends_with", "contains": "contains", "match": "matches"}


def _capitals(context: Context) -> Phrase | None:
    """`NOT x` and `IF x`, of which the word reads as a name."""
    word = ends(context, r"\b(not|if|case)\s+")
    if word is None or word[1].islower() or context.found in (":", "=", ",", ")") or context.is_declaring:
        return None
    edit = (-len(word[0]), len(word[1]) - len(word[0]), word[1].lower())
    return Phrase(f"words are written small: `{word[1].lower()}`", (edit,), is_certain=True)


def _null(context: Context) -> Phrase | None:
    """`x = null`, `x <> NULL`, `x is None`."""
    said = begins(context, r"(=|<>)\s*(?:null|none|nil|na|nan)\b")
    if said is not None and "is" in context.accepts:
        test = "is null" if said[1] == "=" else "is not null"
        edit = (0, said.end(), test)
        return Phrase(f"did you mean `{test}`? What is compared with null is unknown", (edit,))
    if "null" not in context.accepts or {"NUMBER", "key"} & context.accepts or not ends(context, r"\bis(\s+not)?\s+"):
        return None
    if context.found.lower() in context.accepts:
        return None
    if context.found.lower() in _NULLS:
        return replaced("", context.found, "null", context.found.lower() in _SURE_NULLS)
    if did_you_mean(context.found, ("null", "not")) is not None:
        return None
    if context.found in ("true", "false"):
        return Phrase("a bool is a condition by itself: write `x` or `not x`")
    verb = ends(context, r"\bis(\s+not)?\s+")
    if verb is None or not (context.is_word or context.found[:1] in '"-('):
        return None
    sign = "!=" if verb[1] else "=="
    return Phrase(f"did you mean `{sign}`? `is` only tests for `null`", ((-len(verb[0]), 0, f"{sign} "),))


def _arrow(context: Context) -> Phrase | None:
    """Signs of logic, and arrows of other lengths."""
    tail = ends(context, r"[=<!>-]*")
    for size in range(len(tail[0]) if tail else 0, -1, -1):
        before = context.before[len(context.before) - size :]
        for length in range(min(3, len(context.after)), 0, -1):
            sign = _ARROWS.get(before + context.after[:length])
            if sign is not None and _may_stand(context, sign, before):
                return _put(context, before, length, sign)
    return None


def _may_stand(context: Context, sign: str, before: str) -> bool:
    first = sign.split()[0]
    taken = first in context.accepts or bool(before.strip("-") and "(" in context.accepts)
    return taken and not (sign == "=>" and "->" in context.accepts)


def _put(context: Context, before: str, length: int, sign: str) -> Phrase:
    after = context.after[:length]
    is_certain = sign in ("=>", "<=>", "and", "or", "not", "in", "not in", "!=") and before + after not in ("->", "-->")
    return Phrase(f"did you mean `{sign}`?", ((-len(before), length, sign),), is_certain)


def _member(context: Context) -> Phrase | None:
    """`dep.year`, `x.isnull()`, `t.age`."""
    owner, member = ends(context, r"(?<![\w.`])([A-Za-z_]\w*)"), begins(context, r"\.([A-Za-z_]\w*)(?![\w.])")
    if context.found != "." or owner is None or member is None or context.is_declaring:
        return None
    name, call = member[1].lower().replace("_", ""), begins(context, r"\.\w+\s*\(\s*\)")
    whole = member[0] if call is None else call[0]
    if name in _MEMBERS:
        return replaced(owner[0], whole, f"{_MEMBERS[name]}({owner[1]})")
    if name in _NULL_MEMBERS:
        return replaced(owner[0], whole, f"{owner[1]} {_NULL_MEMBERS[name]}")
    if name in _TEXT_MEMBERS:
        return Phrase(f'write `{_TEXT_MEMBERS[name]}({owner[1]}, "…")`')
    if name == "isin":
        return Phrase(f"write `{owner[1]} in {{ … }}`")
    if begins(context, r"\.\w+\s*\("):
        return Phrase(f"a function takes its arguments in brackets: `{member[1]}({owner[1]}, …)`")
    help = f"a column is called by its name alone: `{member[1]}`; a name with dots needs back-ticks"
    return Phrase(help, ((-len(owner[0]), member.end(), f"`{owner[0]}{member[0]}`"),))


def _r_test(context: Context) -> Phrase | None:
    """R's `is.na(x)`."""
    said = begins(context, rf"is\.(?:na|null)\(\s*({OPERAND})\s*\)")
    return None if said is None else replaced("", said[0], f"{said[1]} is null", is_certain=False)


def _column_in_brackets(context: Context) -> Phrase | None:
    """`[age]`, `@age`, `$age`, `{age}`."""
    said = begins(context, r"(?:[@$]|\$?\{\{?)([A-Za-z_]\w*)\}{0,2}") or begins(context, r"\[([A-Za-z_]\w*)\]")
    if said is None or not context.expects_value or ends(context, r"\bin\s*"):
        return None
    if said[0].count("{") != said[0].count("}"):
        return None
    return Phrase(f"a column is called by its name alone: `{said[1]}`", ((0, said.end(), said[1]),))


def _joined(context: Context) -> Phrase | None:
    """A comma behind a condition: the end of it, or one more condition."""
    if context.found != "," or not {"and", "=>"} <= context.accepts or {")", "}", ";"} & context.accepts:
        return None
    rest = begins(context, r",[ \t]*(?:#[^\n]*)?(?:\Z|\n(?:\s|#[^\n]*\n)*(\w*))")
    if rest is not None and (not rest[1] or rest[1] in STATEMENTS):
        return Phrase("nothing ends with `,` here", ((0, 1, ""),), is_certain=True)
    return Phrase("did you mean `and`?", ((0, 1, " and"),))


def _regex(context: Context) -> Phrase | None:
    """`x =~ "…"`, `x like "…"`."""
    if context.found == "~" and (ends(context, "=") or "==" in context.accepts):
        return Phrase('did you mean `matches(column, "…")`?')
    return None


PHRASES: tuple[Look, ...] = (
    _capitals,
    _null,
    _arrow,
    _member,
    _r_test,
    _column_in_brackets,
    _joined,
    _regex,
)

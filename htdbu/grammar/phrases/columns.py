"""What other languages write behind a column's name: sizes, bounds, modifiers."""

from __future__ import annotations

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import LITERAL, Look, Phrase, begins, ends, replaced
from htdbu.grammar.words import meant_type

_SCALED = ("numeric", "decimal", "number", "dec", "money")
_NO_SIZE = "A column has no size, but bounds: `in LOW..HIGH`"
_BOUNDS = "bounds are written `in LOW..HIGH`, `in LOW..` or `in ..HIGH`"
_SAID = {
    "check": "bounds are written `in LOW..HIGH`; every other rule is a `hard NAME: …` behind the table",
    "constraint": "bounds are written `in LOW..HIGH`; every other rule is a `hard NAME: …` behind the table",
    "min": _BOUNDS,
    "max": _BOUNDS,
    "comment": "a doc comment stands on the line above and begins with `##`",
    "references": "rules over several tables are planned",
}


def _sized(context: Context) -> Phrase | None:
    """`varchar(10)`, `numeric(10,2)`, `int(11)`."""
    said = begins(context, r"(\w+)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")
    if {"int", "bool"} <= context.accepts and said is not None:
        best = _without_size(said[1].lower(), said[3])
        return None if best is None else Phrase(f"did you mean `{best}`? {_NO_SIZE}", ((0, said.end(), best),))
    scale, second = ends(context, r"\bdecimal\s*\(\s*\d+\s*"), begins(context, r",\s*(\d+)\s*\)")
    if scale is not None and second is not None:
        best = f"decimal({second[1]})"
        help = f"did you mean `{best}`? Only the digits after the point are said; the size is bounded by `in LOW..HIGH`"
        return Phrase(help, ((-len(scale[0]), second.end(), best),))
    size = begins(context, r"\(\s*\d+\s*\)")
    if size is not None and context.head == "column" and "fixed" in context.accepts:
        return Phrase(f"leave it out: {_NO_SIZE[0].lower()}{_NO_SIZE[1:]}", ((0, size.end(), ""),))
    return None


def _without_size(word: str, scale: str | None) -> str | None:
    if word not in _SCALED:
        return meant_type(word)
    if scale is None:
        return None if word == "decimal" else "int"
    return f"decimal({scale})"


def _bound(context: Context) -> Phrase | None:
    """`int 1..5`, `int from 1 to 5`, `int { 1, 2 }`."""
    if context.head != "column" or not {"in", "fixed"} <= context.accepts:
        return None
    whole = begins(context, rf"(from\s+)?({LITERAL})\s*(?:\.\.|-|to)\s*({LITERAL})")
    if whole is not None:
        is_certain = whole[1] is not None or ".." in whole[0]
        return replaced("", whole[0], f"in {whole[2]}..{whole[3]}", is_certain)
    listed = begins(context, r"\{[^{}\n]*\}")
    return None if listed is None else Phrase(f"did you mean `in {listed[0]}`?", ((0, 0, "in "),), is_certain=True)


def _side(context: Context) -> Phrase | None:
    """`int >= 0`, `int >= 0 and <= 9`."""
    if context.head != "column" or not {"in", "fixed"} <= context.accepts:
        return None
    both = begins(context, rf"(?:>=|≥)\s*({LITERAL})\s*(?:and|,|&&?)?\s*(?:<=|≤)\s*({LITERAL})")
    if both is not None:
        return replaced("", both[0], f"in {both[1]}..{both[2]}", is_certain=True)
    side = begins(context, rf"(>=|<=|>|<|≥|≤)\s*({LITERAL})(?!\s*(?:and\b|,\s*[<>]|[<>&]))")
    if side is None:
        return Phrase(_BOUNDS) if context.found in (">=", "<=", ">", "<", "≥", "≤", "[", "(") else None
    if side[1] in (">", "<"):
        return Phrase(f"{_BOUNDS}; they belong to it")
    return replaced("", side[0], f"in {side[2]}.." if side[1] in (">=", "≥") else f"in ..{side[2]}", is_certain=True)


def _null(context: Context) -> Phrase | None:
    """`int?`, `int | null`, and modifiers that stand before the type."""
    help = "did you mean `null`?"
    if {"null", "fixed"} <= context.accepts and context.found == "?":
        return Phrase(help, ((0, 1, " null"),), is_certain=True)
    if {"null", "fixed"} <= context.accepts and begins(context, r"(?:\||or)\s+null\b"):
        return Phrase(help, ((0, len(context.found) + 1, ""),), is_certain=True)
    if not {"int", "bool"} <= context.accepts:
        return None
    first = begins(context, r"(not\s+null|required|optional|nullable|null|unique|primary\s+key|key|fixed)\s+(\w+)")
    if begins(context, r"(?:optional|nullable|maybe|option|not\s+null|null)\b"):
        return Phrase("the type comes first; what may be null says `null` behind it")
    if first is None or meant_type(first[2]) is None:
        return None
    return Phrase(f"the type comes first, as in `{meant_type(first[2])} key`")


def _text(context: Context) -> Phrase | None:
    """A text right behind the type."""
    if context.head != "column" or not {"in", "fixed"} <= context.accepts or context.found[:1] != '"':
        return None
    word = "format" if "%" in context.found else "as"
    help = f"did you mean `{word}`? `as` gives the header, `format` the spelling of a date"
    return Phrase(help, ((0, 0, f"{word} "),))


def _behind(context: Context) -> Phrase | None:
    """What may follow a bound."""
    if context.head != "column":
        return None
    if not context.is_declaring and context.found in ("null", "key", "fixed", "cost", "as", "format"):
        return Phrase(f"`= …` comes last: put `{context.found}` before it")
    if ends(context, r"\bcost\s*") and "NUMBER" in context.accepts:
        amount = begins(context, r"(?:\(|=|:)\s*(\d[\d_.]*)(?:\s*\))?")
        edits = () if amount is None else ((0, amount.end(), f" {amount[1]}"),)
        return Phrase("say how much a change costs, as in `cost 2`", edits, is_certain=True)
    if context.accepts != {":"} or not context.is_behind:
        return None
    ranged = ends(context, r"\b(?:range|values|within|bounds?|domain)\s+")
    if ranged is not None and begins(context, rf"{LITERAL}\s*\.\."):
        return Phrase("did you mean `in`?", ((-len(ranged[0]), 0, "in "),), is_certain=True)
    primary = ends(context, r"\bprimary\s+")
    if primary is not None and context.found.lower() == "key":
        return replaced(primary[0], context.found, "key", is_certain=True)
    word = ends(context, rf"\b({'|'.join(_SAID)})\s*")
    return None if word is None else Phrase(_SAID[word[1].lower()])


PHRASES: tuple[Look, ...] = (_sized, _bound, _side, _null, _text, _behind)

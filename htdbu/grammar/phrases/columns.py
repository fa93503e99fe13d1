"""Columns as other languages declare them."""

from __future__ import annotations

import re

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import LITERAL, Look, Phrase, begins, ends, replaced
from htdbu.grammar.words import OTHER_TYPES, TYPES, meant_type

_NAME_SIGNS = r"[\w%$&@#/.+*-]"
_SCALED = ("numeric", "decimal", "number", "dec", "money")
_TYPE_WORDS = "|".join(sorted({*TYPES, *OTHER_TYPES}, key=len, reverse=True))


def _name(context: Context) -> Phrase | None:
    """A column's name with a sign, a space or quotes in it."""
    if context.head != "column":
        return None
    whole = begins(context, rf'"([^"`\n]+)"\s*:\s*(?:{_TYPE_WORDS})\b')
    if whole is not None and "NAME" in context.accepts:
        name = whole[1] if re.fullmatch(r"[A-Za-z_]\w*", whole[1]) else f"`{whole[1]}`"
        return Phrase(
            f"a name stands without quotes: `{name}`" if name == whole[1] else "a name stands in back-ticks",
            ((0, len(whole[1]) + 2, name),),
            is_certain=True,
        )
    if (
        context.accepts != {":"}
        or context.found in (":", "=")
        or not context.found.isascii()
        or context.found.lower() in TYPES
    ):
        return None
    first = ends(context, r"(?:^|(?<=\n))[ \t]*(\w+)([ \t]*)")
    if first is None or first[1].lower() in ("not", "primary"):
        return None
    rest = begins(context, rf"{_NAME_SIGNS}+(?:[ \t]+\w+)*(?=[ \t]*:[ \t]*(?:{_TYPE_WORDS})\b)")
    if rest is None:
        return None
    name = f"`{first[1]}{first[2]}{rest[0]}`"
    what = "with a space" if re.fullmatch(r"[\w ]+", name[1:-1]) else "with such signs"
    edit = (first.start(1) - len(context.before), rest.end(), name)
    return Phrase(f"a name {what} needs back-ticks: `` {name} ``", (edit,), is_certain=True)


def _sized(context: Context) -> Phrase | None:
    """`varchar(10)`, `numeric(10,2)`, `int(11)`."""
    said = begins(context, r"(\w+)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")
    if {"int", "bool"} <= context.accepts and said is not None:
        best = meant_type(said[1])
        if said[1].lower() in _SCALED:
            best = f"decimal({said[3]})" if said[3] else "int"
        return None if best is None else Phrase(f"did you mean `{best}`? {_NO_SIZE}", ((0, said.end(), best),))
    scale = ends(context, r"\bdecimal\s*\(\s*\d+\s*")
    second = begins(context, r",\s*(\d+)\s*\)")
    if scale is not None and second is not None:
        best = f"decimal({second[1]})"
        help = f"did you mean `{best}`? Only the digits after the point are said; the size is bounded by `in LOW..HIGH`"
        return Phrase(help, ((-len(scale[0]), second.end(), best),))
    size = begins(context, r"\(\s*\d+\s*\)")
    if size is not None and context.head == "column" and "fixed" in context.accepts:
        return Phrase(f"leave it out: {_NO_SIZE[0].lower()}{_NO_SIZE[1:]}", ((0, size.end(), ""),))
    return None


_NO_SIZE = "A column has no size, but bounds: `in LOW..HIGH`"


def _bound(context: Context) -> Phrase | None:
    """`int 1..5`, `int >= 0`, `int range(1, 5)`."""
    if context.head != "column" or not {"in", "fixed"} <= context.accepts:
        return None
    whole = begins(context, rf"({LITERAL})\s*(?:\.\.|-|to)\s*({LITERAL})")
    if whole is not None:
        return replaced("", whole[0], f"in {whole[1]}..{whole[2]}", is_certain=whole[0] == f"{whole[1]}..{whole[2]}")
    listed = begins(context, r"\{[^{}\n]*\}")
    if listed is not None:
        return Phrase(f"did you mean `in {listed[0]}`?", ((0, 0, "in "),), is_certain=True)
    side = begins(context, rf"(>=|<=|>|<|≥|≤)\s*({LITERAL})(?!\s*(?:and|,|<|>)\b)")
    if side is None:
        return Phrase(_BOUNDS) if context.found in (">=", "<=", ">", "<", "≥", "≤", "[", "(") else None
    if side[1] in (">", "<"):
        return Phrase(f"{_BOUNDS}; they belong to it")
    text = f"in {side[2]}.." if side[1] in (">=", "≥") else f"in ..{side[2]}"
    return replaced("", side[0], text, is_certain=True)


_BOUNDS = "bounds are written `in LOW..HIGH`, `in LOW..` or `in ..HIGH`"


def _levels(context: Context) -> Phrase | None:
    """`category(a, b)`, `category "a", "b"`, `category: a, b`."""
    if not ends(context, r"\bcategory\s+|\bcategory") or "ordered" not in context.accepts:
        return None
    listed = begins(context, r"([(\[])\s*([^()\[\]{}\n]+?)\s*([)\]])") or begins(context, r'()("[^{}\n]*")()')
    help = 'the levels stand in `{ … }`, as in `category { "a", "b" }`'
    if listed is None:
        return None if context.found == "{" else Phrase(help)
    levels = [level.strip() for level in listed[2].split(",")]
    if not all(re.fullmatch(r'"[^"\n]*"|\'[^\'"\n]*\'|[\w -]+', level) for level in levels):
        return Phrase(help)
    quoted = ", ".join('"' + level.strip("'\"") + '"' for level in levels)
    space = "" if context.before[-1:].isspace() else " "
    return Phrase(help, ((0, listed.end(), f"{space}{{ {quoted} }}"),), is_certain=True)


def _optional(context: Context) -> Phrase | None:
    """`int?`, and modifiers that stand before the type."""
    if context.found == "?" and {"null", "fixed"} <= context.accepts:
        return replaced("", "?", " null", is_certain=True)._replace(help="did you mean `null`?")
    if not {"int", "bool"} <= context.accepts:
        return None
    first = begins(context, r"(not null|required|optional|nullable|null|unique|primary key|key|fixed)\s+(\w+)")
    if first is None or meant_type(first[2]) is None:
        return None
    return Phrase(
        f"the type comes first, as in `{meant_type(first[2])} null`"
        if "null" not in first[1]
        else "the type comes first; what may be null says `null` behind it"
    )


def _behind(context: Context) -> Phrase | None:
    """What other languages write behind a column."""
    if context.head != "column" or context.accepts != {":"}:
        return None
    word = ends(context, r"\b(default|check|references|comment|constraint|auto_increment|identity|min|max|required)\s*")
    said = "" if word is None else word[1].lower()
    if said in ("check", "constraint"):
        return Phrase("bounds are written `in LOW..HIGH`; every other rule is a `hard NAME: …` behind the table")
    if said in ("min", "max"):
        return Phrase(_BOUNDS)
    if said == "comment":
        return Phrase("a doc comment stands on the line above and begins with `##`")
    if said == "references":
        return Phrase("rules over several tables are planned")
    return None


PHRASES: tuple[Look, ...] = (_name, _sized, _bound, _levels, _optional, _behind)

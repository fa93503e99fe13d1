"""Ranges and sets as other languages write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import LITERAL, OPERAND, Look, Phrase, begins, ends, replaced

_DASH = "[-–—:]"
_ENDLESS = r"(?:inf(?:inity)?|infinite|∞|\*|max|maximum|none|unbounded)"
_CLOSERS = {"[": "]", "(": ")", "{": "}"}
_TO = rf"\s*(?:\.\.\.?|…|\bto\b|{_DASH}|:)\s*"


def _dash(context: Context) -> Phrase | None:
    """`in 18-65`, `in 18:65`: where a range may stand, the sign between two literals is no minus."""
    if ".." not in context.accepts:
        return None
    whole = ends(context, r"\bin\s+((\d[\d_.]*%?)\s*-\s*(\d[\d_.]*%?))\s*")
    if whole is not None:
        first, end = (place - len(context.before) for place in whole.span(1))
        text = f"{whole[2]}..{whole[3]}"
        return Phrase(f"did you mean `{text}`?", ((first, end, text),), is_certain=True)
    low, rest = ends(context, rf"\bin\s+({LITERAL})\s*"), begins(context, rf"{_DASH}\s*({LITERAL})(?![\w.:-])")
    if low is None or rest is None:
        return None
    return replaced(context.before[low.start(1) :], rest[0], f"{low[1]}..{rest[1]}", is_certain=rest[0][0] != ":")


def _endless(context: Context) -> Phrase | None:
    """`0..inf`: an end that is left out."""
    if context.head != "column":
        return None
    said = begins(context, rf"{_ENDLESS}(?![\w(])")
    if said is not None and ends(context, r"\.\.\s*"):
        edit = (0, said.end(), "")
    elif (word := ends(context, r"\b(inf|infinity|infinite|unbounded)\s*")) and context.accepts == {":"}:
        if not context.is_behind:
            return None
        edit = (word.start(1) - len(context.before), word.end(1) - len(context.before), "")
    else:
        return None
    return Phrase("an end that is open is left out, as in `0..`", (edit,), is_certain=True)


def _dots(context: Context) -> Phrase | None:
    """Three dots."""
    if context.found != "." or not context.before.endswith(".."):
        return None
    return Phrase("did you mean `..`?", ((0, 1, ""),), is_certain=True)


def _bracketed(context: Context) -> Phrase | None:
    """`[1..5]` and `(1..5)`, of which the second may leave its ends out elsewhere."""
    opened = begins(context, rf"[\[(]\s*({OPERAND}){_TO}({OPERAND})\s*[\])]")
    if opened is not None and ({"NUMBER_RANGE", "{"} <= context.accepts or "in" in context.accepts):
        word = "" if "in" not in context.accepts else "in "
        is_certain = opened[0][0] + opened[0][-1] == "[]"
        return _without(f"{opened[1]}..{opened[2]}", word, (0, opened.end()), is_certain)
    low = ends(context, rf"\bin\s*([({{])\s*({OPERAND})\s*")
    high = begins(context, rf"(?:\.\.|…|\bto\b)\s*({OPERAND})\s*([)}}])")
    if low is None or high is None or _CLOSERS[low[1]] != high[2]:
        return None
    first = low.start(1) - len(context.before)
    return _without(f"{low[2]}..{high[1]}", "", (first, high.end()), is_certain=low[1] == "{")


def _without(text: str, word: str, place: tuple[int, int], is_certain: bool) -> Phrase:
    return Phrase(f"a range stands without brackets: `{word}{text}`", ((*place, word + text),), is_certain)


def _pair(context: Context) -> Phrase | None:
    """Two numbers or dates in brackets of other languages: the ends of a range, or all the values there are."""
    opened = begins(context, rf"\[\s*({LITERAL})\s*,\s*({LITERAL})\s*\]")
    if opened is not None and "{" in context.accepts:
        return _either(context, "", opened.groups(), (0, opened.end()))
    bare = begins(context, rf"[\[(]\s*({LITERAL})\s*,\s*({LITERAL})\s*[\])]")
    if bare is not None and context.head == "column" and {"in", "{"} & context.accepts - {"ordered"}:
        return _either(context, "in " if "in" in context.accepts else "", bare.groups(), (0, bare.end()))
    low = ends(context, rf"\bin\s*(\()\s*({LITERAL})\s*")
    high = begins(context, rf",\s*({LITERAL})\s*\)")
    if low is None or high is None:
        return None
    return _either(context, "", (low[2], high[1]), (low.start(1) - len(context.before), high.end()))


def _comma(context: Context) -> Phrase | None:
    """`in 0, 9`, and `in "a", "b"`."""
    if context.found != "," or ".." not in context.accepts:
        return None
    low, high = ends(context, rf"\bin\s+({LITERAL})\s*"), begins(context, rf",\s*({LITERAL})(?![\w.,])")
    if low is not None and high is not None:
        return _either(context, "", (low[1], high[1]), (low.start(1) - len(context.before), high.end()))
    texts = r'"[^"\n]*"'
    first, rest = ends(context, rf"\bin\s+({texts})\s*"), begins(context, rf"(?:,\s*{texts})+")
    if first is None or rest is None:
        return Phrase("a set stands in `{ … }`")
    text = f"{{ {first[1]}{rest[0]} }}"
    edit = (first.start(1) - len(context.before), rest.end(), text)
    return Phrase("a set stands in `{ … }`", (edit,), is_certain=True)


def _either(context: Context, word: str, values: Sequence[str], place: tuple[int, int]) -> Phrase:
    both = "{ " + ", ".join(values) + " }", "..".join(values)
    help = f"a set is written `{word}{both[0]}`, a range `{word}{both[1]}`"
    return Phrase(help, ((*place, word + both[context.head == "column"]),))


def _between(context: Context) -> Phrase | None:
    """`between 1 and 5`, which has both ends in other languages too."""
    said = begins(context, rf"(not\s+)?between\s+({OPERAND})\s+and\s+({OPERAND})(?![\w(.])")
    if said is not None and ("in" in context.accepts or (context.head == "column" and ":" in context.accepts)):
        return replaced("", said[0], f"{'not ' if said[1] else ''}in {said[2]}..{said[3]}", is_certain=True)
    word = ends(context, r"\bbetween\s+") if context.accepts == {":"} and context.head == "column" else None
    rest = begins(context, rf"({LITERAL})\s+and\s+({LITERAL})(?![\w(.])")
    if word is None or rest is None:
        return None
    return replaced(word[0], rest[0], f"in {rest[1]}..{rest[2]}", is_certain=True)


def _listed(context: Context) -> Phrase | None:
    """`in { 1..5, 9 }`, and R's `c(1, 2)` and `%in%`."""
    if context.found == ".." and ends(context, rf"\bin\s*\{{[^{{}}]*{OPERAND}\s*"):
        return Phrase("a set lists its values; a range stands by itself, as in `x in 1..5 or x == 9`")
    if begins(context, r"%in%"):
        return replaced("", "%in%", "in", is_certain=True)
    if ".." in context.accepts and (made := ends(context, r"\bin\s+(c|list|set|tuple|range)\s*\(([^()\n]*)\)\s*")):
        values = f"{{ {made[2]} }}"
        gap = made[0][len(made[0].rstrip()) :]
        if made[1].lower() == "range":
            return Phrase("a range is written `LOW..HIGH`, with both ends in it")
        if re.match(r"\s*[\[{]", made[2]):
            return Phrase("a set stands in `{ … }`")
        return replaced(context.before[made.start(1) :], "", values + gap)
    return None


PHRASES: tuple[Look, ...] = (_dash, _endless, _dots, _bracketed, _pair, _comma, _between, _listed)

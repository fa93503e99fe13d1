"""Numbers as people write them elsewhere."""

from __future__ import annotations

import re

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import Look, Phrase, begins, ends, replaced

_START = r"(?<!\w)(?<!(?<!\.)\.)"
"""A number begins here: behind no other digit, and behind no point but those of a range."""
_FACTORS = {"k": "_000", "m": "_000_000", "mio": "_000_000", "mln": "_000_000", "million": "_000_000"}


def _thousands(context: Context) -> Phrase | None:
    """`1,000`, `1.000.000`, `1'000` and `1 000`; to some, the first is one."""
    is_spaced = context.found[:1].isdigit()
    sign = " " if is_spaced else context.found
    if sign not in (",", ".", "'", " "):
        return None
    first = ends(context, rf"{_START}\d{{1,3}}(?:{re.escape(sign)}\d{{3}})*{' ' if is_spaced else ''}")
    rest = begins(
        context, rf"(?:{'' if is_spaced else re.escape(sign)}\d{{3}})(?:{re.escape(sign)}\d{{3}})*(?![\w.]\d|\d)"
    )
    if first is None or rest is None or (sign == "." and "." not in first[0]):
        return None
    number = re.sub(r"[,.' ]", "_", first[0] + rest[0])
    return Phrase(f"digits are grouped by `_`: `{number}`", ((-len(first[0]), rest.end(), number),))


def _decimal_comma(context: Context) -> Phrase | None:
    whole, rest = ends(context, rf"{_START}\d[\d_]*"), begins(context, r",(\d+%?)(?![\w.,])")
    if whole is None or rest is None:
        return None
    number = f"{whole[0]}.{rest[1]}"
    return Phrase(f"the sign before decimals is a point: `{number}`", ((-len(whole[0]), rest.end(), number),))


def _bare_point(context: Context) -> Phrase | None:
    """`.5`, `5.` and `+5`."""
    digits = begins(context, r"\.(\d+%?)")
    if digits is not None and not ends(context, r"[\w.)]"):
        return replaced("", digits[0], f"0.{digits[1]}", is_certain=True)
    if context.found == "." and begins(context, r"\.(?![\w.])") and ends(context, r"(?<![\w.])\d[\d_]*"):
        return Phrase("a number does not end with a point", ((0, 1, ""),), is_certain=True)
    if (
        context.found == "+"
        and "-" in context.accepts
        and "*" not in context.accepts
        and begins(context, r"\+\s*[\w(]")
    ):
        return Phrase("leave the `+` out", ((0, 1, ""),), is_certain=True)
    return None


def _percent(context: Context) -> Phrase | None:
    """`20 %` with a space, and `20 percent`; a name that ends with the sign."""
    name = ends(context, r"(?<![\w.`])[A-Za-z_]\w*")
    if name is not None and begins(context, r"%\s*(?:[<>=!,)]|(?:and|or|in|is)\b|$)"):
        text = f"`{name[0]}%`"
        return Phrase(f"a name with such signs needs back-ticks: `` {text} ``", ((-len(name[0]), 1, text),))
    number = ends(context, r"(?<![\w.])(\d[\d_]*(?:\.\d+)?)(\s*)")
    sign = begins(context, r"(?:%|per\s?cent\b)(?!\s*[\w(`\"])") or begins(context, r"(?:per\s?cent|pct)\b")
    if number is None or sign is None:
        return None
    return replaced(number[0], sign[0], f"{number[1]}%", is_certain=True)


def _factor(context: Context) -> Phrase | None:
    """`5k`, `2 million`, `100€`."""
    number = ends(context, r"(?<![\w.])(\d[\d_]*)(\s?)")
    if number is None:
        return None
    unit = re.match(r"[A-Za-z]+\b", context.after)
    zeros = None if unit is None else _FACTORS.get(unit[0].lower())
    if unit is not None and zeros is not None and not begins(context, r"\w+\s*[:(]"):
        text = number[1] + zeros
        return Phrase(f"write the number out: `{text}`", ((-len(number[0]), unit.end(), text),))
    money = begins(context, r"(?:€|£|\$|eur|usd|chf|gbp)(?!\w|\s*[:(])")
    if money is None:
        return None
    return Phrase("a number has no unit", ((-len(number[2]), money.end(), ""),))


def _quoted(context: Context) -> Phrase | None:
    """A number in quotes where only a number can stand, as a share."""
    number = begins(context, r'"(-?\d[\d_]*(?:\.\d+)?)\s*(%?)"')
    if number is None or "NUMBER" not in context.accepts or "STRING" in context.accepts:
        return None
    share = bool(ends(context, r"~\s*\{[^{}]*:\s*")) and not number[2] and float(number[1].replace("_", "")) > 1
    return replaced("", number[0], f"{number[1]}{'%' if share else number[2]}", is_certain=not share)


PHRASES: tuple[Look, ...] = (_thousands, _decimal_comma, _bare_point, _percent, _factor, _quoted)

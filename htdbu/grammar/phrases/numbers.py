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
    whole, rest = ends(context, rf"{_START}\d[\d_]*(?:\.\d{{3}})*"), begins(context, r",(\d+%?)(?![\w.,])")
    if whole is None or rest is None:
        return None
    number = f"{whole[0].replace('.', '_')}.{rest[1]}"
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


def _date(context: Context) -> Phrase | None:
    """`31.12.2020`, of which nobody takes the month for the day, and `2024-01-01 12:30`."""
    day, year = ends(context, rf"{_START}(\d{{1,2}})\.(\d{{1,2}})"), begins(context, r"\.(\d{4})(?!\d)")
    if day is not None and year is not None and int(day[2]) <= 12:
        text = f"{year[1]}-{int(day[2]):02}-{int(day[1]):02}"
        return Phrase(f"a date is written year, month, day: `{text}`", ((-len(day[0]), year.end(), text),))
    short = ends(context, rf"{_START}(\d{{4}})"), begins(context, r"-(\d{1,2})-(\d{1,2})(?!\d)")
    if short[0] is not None and short[1] is not None:
        text = f"{short[0][1]}-{int(short[1][1]):02}-{int(short[1][2]):02}"
        edit = (-len(short[0][0]), short[1].end(), text)
        return Phrase(f"a date is written with all its digits: `{text}`", (edit,), is_certain=True)
    date, time = ends(context, r"(?<!\w)(\d{4}-\d\d-\d\d)\s+"), begins(context, r"(\d\d):(\d\d)(:\d\d)?(?!\d)")
    if date is None or time is None:
        return None
    text = f"{date[1]}T{time[1]}:{time[2]}{time[3] or ':00'}"
    return replaced(date[0], time[0], text, is_certain=True)


_UNITS = r"years?|yrs?|months?|weeks?|days?|hours?|minutes?|euros?|dollars?|eur|usd|chf|gbp|€|£|\$"


def _factor(context: Context) -> Phrase | None:
    """`5k`, `2 million`, `100€`, `18 years`, `20% of x`."""
    part = ends(context, r"(?<![\w.])(\d[\d_]*(?:\.\d+)?)\s*%?\s*")
    of = begins(context, r"%?\s*of\s+(?=[\w`(])")
    if part is not None and of is not None and "%" in part[0] + of[0]:
        return replaced(part[0], of[0], f"{part[1]}% * ", is_certain=True)._replace(help=f"write `{part[1]}% * …`")
    if begins(context, r"[$€£]\s*\d") and context.expects_value:
        return Phrase("a number has no unit", ((0, 1, ""),))
    number = ends(context, r"(?<![\w.])(\d[\d_]*)(\s?)")
    if number is None:
        return None
    unit = re.match(r"[A-Za-z]+\b", context.after)
    zeros = None if unit is None else _FACTORS.get(unit[0].lower())
    if unit is not None and zeros is not None and not begins(context, r"\w+\s*[:(]"):
        text = number[1] + zeros
        return Phrase(f"write the number out: `{text}`", ((-len(number[0]), unit.end(), text),))
    money = begins(context, rf"(?:{_UNITS})(?!\w|\s*[:(])")
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


PHRASES: tuple[Look, ...] = (_date, _thousands, _decimal_comma, _bare_point, _percent, _factor, _quoted)

"""Names and literals. What the lexer would not read back as the same is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from htdbu.compiler.expressions import Constant
from htdbu.compiler.literals import decimal_text
from htdbu.compiler.program import ColumnType, Interval
from htdbu.compiler.typing import digits_after_point
from htdbu.compiler.writing.errors import no_form, no_value
from htdbu.grammar.terminals import MOST_DIGITS, is_long
from htdbu.grammar.words import RESERVED

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(_DATE.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_ESCAPES = {'"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_ESCAPED = re.compile(r'["\n\t\r]|\\(?=["\\ntr\n\t\r]|$)')
"""A backslash needs another one only where it would begin an escape, so that `"\\d+"` stays as people write it."""
_GROUPED_FROM, _GROUPED_TO = 4, 30
"""Digits before the point of the numbers that are written in groups of three."""
_YEARS = range(1800, 2200)
"""These look like years, and stay whole."""


def write_name(name: str) -> str:
    """A name, in back-ticks where it needs them."""
    if _PLAIN_NAME.fullmatch(name) and name not in RESERVED:
        return name
    if not name or "`" in name or "\n" in name:
        raise no_form(f"{name!r} is no name: it is empty, or has a back-tick or a newline in it")
    return f"`{name}`"


def is_plain(name: str) -> bool:
    """Whether a name needs no back-ticks."""
    return write_name(name) == name


def write_names(names: tuple[str, ...]) -> str:
    """Names with commas between; there has to be one."""
    if not names:
        raise no_form("no column is named")
    return ", ".join(map(write_name, names))


def write_text(text: str) -> str:
    """A text in quotes."""
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES.get(found[0], "\\\\"), text) + '"'


def write_number(text: str) -> str:
    """A number, with underscores where it is long: `12_000`."""
    if not _NUMBER.fullmatch(text):
        raise no_value(f"`{text[:40]}` is no number; write it with a point and without exponent")
    if is_long(text.removeprefix("-")):
        raise no_value(f"`{text[:20]}…` has more than {MOST_DIGITS} digits before or after its point")
    whole, point, fraction = decimal_text(Decimal(text)).partition(".")
    if _GROUPED_FROM <= len(whole.removeprefix("-")) <= _GROUPED_TO and int(whole) not in _YEARS:
        whole = f"{int(whole):_}"
    return whole + point + fraction


def write_decimal(value: Decimal) -> str:
    """A number that is no literal of the program: a weight, a cost."""
    return write_number(_spelled(value))


def write_share(value: Decimal) -> str:
    """A share of the rows in percent."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise no_value(f"`{value}` is no number")
    return write_number(_spelled(Decimal((sign, digits, exponent + 2)))) + "%"


def _spelled(value: Decimal) -> str:
    """A decimal without exponent, unless that would take too many digits."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MOST_DIGITS or abs(value.adjusted()) > MOST_DIGITS:
        raise no_value(f"`{value!s:.40}` has more than {MOST_DIGITS} digits before or after its point, or is no number")
    return format(value, "f")


def write_literal(constant: Constant) -> str:
    """A literal, as it stands where no param may."""
    value = constant.value
    match constant.type:
        case "null" if value is None:
            return "null"
        case "bool" if isinstance(value, bool):
            return "true" if value else "false"
        case "number" if isinstance(value, str):
            return write_number(value)
        case "text" if isinstance(value, str):
            return write_text(value)
        case "date" | "datetime" if isinstance(value, str):
            return _moment(constant.type, value)
    raise no_value(f"{_shown(value)} is no {constant.type}")


def _moment(kind: str, text: str) -> str:
    if not (_DATE if kind == "date" else _DATETIME).fullmatch(text):
        raise no_value(f"`{text[:40]}` is no {kind}")
    return text


def _shown(value: str | bool | None) -> str:
    return f"`{value[:40]}`" if isinstance(value, str) else f"`{str(value).lower()}`"


def write_constant(constant: Constant, params: Mapping[str, Constant] | None) -> str:
    """A literal, or the param that it comes from: one of `params` with that very value; any where these are None."""
    if constant.param is not None:
        declared = None if params is None else params.get(constant.param)
        if params is None or (declared is not None and declared == constant.model_copy(update={"param": None})):
            return write_name(constant.param)
    return write_literal(constant)


def write_value(text: str, kind: ColumnType) -> str:
    """A value of a column, as the ends of intervals hold it."""
    match kind.kind:
        case "int" | "decimal":
            return write_number(text)
        case "date" | "datetime":
            return _moment(kind.kind, text)
        case "bool":
            if text not in ("true", "false"):
                raise no_value(f"`{text[:40]}` is no bool")
            return text
        case _:
            return write_text(text)


def is_point(part: Interval, kind: ColumnType) -> bool:
    """Whether an interval is one value, as a set holds it; a number finer than the scale stands in ranges only."""
    if part.low is None or part.low != part.high:
        return False
    is_number = kind.kind in ("int", "decimal") and _NUMBER.fullmatch(part.low) is not None
    return not is_number or digits_after_point(part.low) <= kind.scale


def write_interval(part: Interval, kind: ColumnType) -> str:
    """A value or a range, which may be open on one side."""
    if part.low is None and part.high is None:
        raise no_form("a range without ends says nothing")
    low, high = ("" if end is None else write_value(end, kind) for end in (part.low, part.high))
    return low if is_point(part, kind) else f"{low}..{high}"


def write_values(parts: tuple[Interval, ...], kind: ColumnType) -> str:
    """The values of a column as `in` takes them: a set of single values, or one range."""
    if parts and all(is_point(part, kind) for part in parts):
        return f"{{ {', '.join(write_interval(part, kind) for part in parts)} }}"
    if len(parts) != 1:
        raise no_form("`in` takes a set of single values, or one range" if parts else "an empty set allows no value")
    return write_interval(parts[0], kind)

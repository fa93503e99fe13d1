"""Functions of other languages, and what stands for them here."""

from __future__ import annotations

from typing import NamedTuple


class Other(NamedTuple):
    """What to write instead.

    Attributes:
        name: the word to put in place of the function's name, where that is all there is to do.
        is_same: whether that means the same, beyond doubt.
    """

    help: str
    name: str | None = None
    is_same: bool = False


_LENGTH = 'no function measures a text; of a category, `matches(c, "...+")` asks for three signs or more'
_TEXTS = "levels are exact, and so are texts: nothing changes them"
_DATE = "a date is written by itself, as 2024-05-01"
_SAME_TYPE = "nothing is converted: a column has one type"
_POWERS = "there are no powers, roots and logarithms; write products out, as in `x * x`"
_NULL = "write `x is null`"
_COALESCE = "write `coalesce(x, y)`"
_HELPS = {
    "len": _LENGTH, "length": _LENGTH, "nchar": _LENGTH, "strlen": _LENGTH, "char_length": _LENGTH,
    "isnull": _NULL, "is_null": _NULL, "isna": _NULL, "isblank": _NULL, "isempty": _NULL, "isnan": _NULL,
    "is_missing": _NULL, "missing": _NULL, "is_na": _NULL, "notnull": "write `x is not null`",
    "notna": "write `x is not null`", "exists": "write `x is not null`", "nullif": "write `x != y`",
    "iif": "write `if c then a else b`", "ifelse": "write `if c then a else b`", "if": "write `if c then a else b`",
    "if_else": "write `if c then a else b`", "case": "write `case { condition -> value; …; else -> value }`",
    "case_when": "write `case { condition -> value; …; else -> value }`",
    "switch": "write `case { condition -> value; …; else -> value }`",
    "datediff": "write `days_between(a, b)`, or `b - a`", "dateadd": "write `d + days`",
    "date_add": "write `d + days`", "timedelta": "write the number of days: `d + 30`",
    "interval": "write the number of days: `d + 30`", "extract": "write `year(d)`, `month(d)` or `day(d)`",
    "date_part": "write `year(d)`, `month(d)` or `day(d)`", "avg": "write `sum(x, y) / 2`; a target has `mean(column)`",
    "average": "write `sum(x, y) / 2`; a target has `mean(column)`",
    "mean": "write `sum(x, y) / 2`; a target has `mean(column)`",
    "lower": _TEXTS, "upper": _TEXTS, "trim": _TEXTS, "strip": _TEXTS, "concat": _TEXTS, "substr": _TEXTS,
    "substring": _TEXTS, "left": 'write `starts_with(x, "…")`', "right": 'write `ends_with(x, "…")`',
    "mid": _TEXTS, "replace": _TEXTS, "like": 'write `matches(x, "…")`',
    "date": _DATE, "to_date": _DATE, "todate": _DATE, "parse_date": _DATE, "strptime": _DATE, "datevalue": _DATE,
    "as_date": _DATE, "datetime": "a datetime is written by itself, as 2024-05-01T12:30:00", "timestamp": _DATE,
    "cast": _SAME_TYPE, "convert": _SAME_TYPE, "str": _SAME_TYPE, "int": "write `floor(x)` or `round(x, 0)`",
    "float": _SAME_TYPE, "to_number": _SAME_TYPE, "bool": _SAME_TYPE, "decimal": _SAME_TYPE,
    "sqrt": _POWERS, "pow": _POWERS, "power": _POWERS, "exp": _POWERS, "log": _POWERS, "ln": _POWERS,
    "between": "write `x in LOW..HIGH`", "isin": "write `x in { … }`", "is_in": "write `x in { … }`",
    "xor": "write `a != b`", "implies": "write `a => b`", "random": "a rule says what holds, and draws nothing",
    "rand": "a rule says what holds, and draws nothing", "unique": "write the statement `unique (column)`",
    "distinct": "write the statement `unique (column)`", "lag": "rules over several rows are planned",
    "lead": "rules over several rows are planned", "row_number": "rules over several rows are planned",
}  # fmt: skip
_SAME = {
    "ifnull": "coalesce", "nvl": "coalesce", "fillna": "coalesce", "greatest": "max", "least": "min",
    "maximum": "max", "minimum": "min", "ceiling": "ceil", "modulo": "mod", "startswith": "starts_with",
    "endswith": "ends_with", "regexp_like": "matches", "regex": "matches", "regexp": "matches", "match": "matches",
    "dayofweek": "weekday", "total": "sum",
}  # fmt: skip
_LOGIC = {"and": "all", "or": "any", "not": "not"}


def meant_function(name: str) -> Other | None:
    """What stands for a function of another language; None where it is none."""
    word = name.lower()
    if word in _LOGIC:
        return _logic(word)
    if name == "IF":
        return Other(_HELPS["if"], "if", is_same=True)
    if word in ("ifnull", "nvl"):
        return Other(_COALESCE, "coalesce")
    if word in _SAME:
        return Other(f"did you mean `{_SAME[word]}`?", _SAME[word])
    return Other(_HELPS[word]) if word in _HELPS else None


def _logic(word: str) -> Other:
    """`AND(a, b)` of spreadsheets; written small it would be the operator."""
    if word == "not":
        return Other("words are written small: `not`", "not", is_same=True)
    return Other(f"write `a {word} b`, or `{_LOGIC[word]}(a, b)`", _LOGIC[word], is_same=True)

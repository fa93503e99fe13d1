"""The table of functions, from the registry that the compiler uses."""

from __future__ import annotations

from htdbu.compiler.functions import functions
from htdbu.compiler.functions.model import Function

SAID = {
    "abs": ("abs(x)", "the number without its sign"),
    "all": ("all(c, …)", "whether every condition is true"),
    "any": ("any(c, …)", "whether some condition is true"),
    "ceil": ("ceil(x)", "the smallest whole number that is not below x"),
    "coalesce": ("coalesce(x, …)", "the first argument that is known"),
    "contains": ('contains(c, "…")', "whether the level contains the text"),
    "count": ("count(c, …)", "how many conditions are true"),
    "day": ("day(d)", "the day of the month, 1 to 31"),
    "days_between": ("days_between(a, b)", "b - a in days"),
    "ends_with": ('ends_with(c, "…")', "whether the level ends with the text"),
    "floor": ("floor(x)", "the greatest whole number that is not above x"),
    "matches": ('matches(c, "…")', "whether the whole level fits the regular expression"),
    "max": ("max(x, …)", "the greatest number or the latest date"),
    "min": ("min(x, …)", "the smallest number or the earliest date"),
    "mod": ("mod(x, y)", "the remainder of x / y, with the sign of y"),
    "month": ("month(d)", "the month, 1 to 12"),
    "round": ("round(x, digits)", "x with so many digits after the point (0 by default), halves to even"),
    "starts_with": ('starts_with(c, "…")', "whether the level begins with the text"),
    "sum": ("sum(x, …)", "the sum"),
    "weekday": ("weekday(d)", "1 for Monday to 7 for Sunday"),
    "year": ("year(d)", "the year"),
}
"""How a function is written and what its value is, where the registry itself does not say so."""


def function_table() -> str:
    """One line for every function that a file may write."""
    entries = [entry for entry in functions().values() if entry.written]
    rows = [_row(entry) for entry in sorted(entries, key=lambda entry: entry.name)]
    return "| function | arguments | value |\n|---|---|---|\n" + "".join(rows)


def _row(entry: Function) -> str:
    written, said = SAID.get(entry.name, ("", ""))
    signature = getattr(entry, "signature", None) or written
    doc = " ".join((getattr(entry, "doc", None) or said).split()).replace("|", "\\|")
    return f"| `{signature}` | {entry.arity().split(' argument')[0]} | {doc} |\n"

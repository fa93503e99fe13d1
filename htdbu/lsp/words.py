"""What the words of the language mean, in one line each, for hovers and completions."""

from __future__ import annotations

STATEMENTS = {
    "table": ("table NAME { columns }", "the schema; columns that are not declared pass through unchecked"),
    "param": ("param NAME = literal", "a constant that the command line may set with `--param`"),
    "def": ("def NAME(a, b) = expression", "a named expression, or a function of its arguments; no recursion"),
    "lookup": ("lookup NAME(k -> v) { … }", "a finite table; `NAME(x)` is its value, unknown where no key matches"),
    "hard": ("hard NAME: condition", "must hold in every row"),
    "soft": ("soft(W) NAME: condition", "should hold; breaking it costs W, 1 by default"),
    "forbid": ("forbid NAME: condition", "`hard NAME: not (condition)`"),
    "when": ("when condition { rules }", "every rule inside holds under that guard; guards nest"),
    "unique": ("unique (a, b)", "no two rows share the tuple; tuples with a null are left out"),
    "fd": ("fd a, b -> c", "rows that agree on the left agree on the right"),
    "factor": ("factor COL { value -> X in { … } }", "rows are planned from this column first"),
    "target": ("target NAME: measure in LO..HI", "a property of the whole table, never of one row"),
    "import": ('import "other.htr"', "its params, defs and lookups, relative to this file"),
    "test": ('test "title" { accept { … } reject { … } by RULE }', "example rows, judged by `htdbu test`"),
}
TYPES = {
    "int": ("int", "whole numbers"),
    "decimal": ("decimal(s)", "exact numbers with s digits after the point"),
    "bool": ("bool", "true or false"),
    "category": ('category { "a", "b" }', "one of some levels; `ordered { a < b }` gives them an order"),
    "date": ("date", "a day, like 2024-05-01"),
    "datetime": ("datetime", "a moment, like 2024-05-01T12:30:00"),
    "text": ("text", "free text; compared with `==`, `in` and `is null` only"),
}
MODIFIERS = {
    "null": ("null", "the column may be null; otherwise a null is a violation"),
    "key": ("key", "no two rows share the value"),
    "fixed": ("fixed", "a repair never changes the column"),
    "cost": ("cost W", "what changing a cell of the column costs, 1 by default"),
    "as": ('as "header"', "the column's header in files"),
    "format": ('format "%d/%m/%Y"', "how a date is written in files, ISO by default"),
    "from": ("text from POOL by COL", "texts are drawn from a pool, by the value of a column"),
    "ordered": ('category ordered { "a" < "b" }', "the levels have an order"),
}
OPERATORS = {
    "and": ("a and b", "false as soon as one is false; else unknown as soon as one is"),
    "or": ("a or b", "true as soon as one is true; else unknown as soon as one is"),
    "not": ("not a", "unknown of unknown"),
    "in": ("x in a..b, x in { a, b }", "ranges include their ends"),
    "is": ("x is null, x is not null", "never unknown"),
    "if": ("if c then a else b", "unknown where c is"),
    "case": ("case { c -> a; …; else -> b }", "the first true branch; `else` is obligatory"),
    "given": ("measure(… given c)", "only rows where c is true count; where it is unknown they are left out"),
    "by": ("reject { … } by RULE", "the rule that must fail on the row"),
    "within": ("within T", "how far from the aim is near enough"),
    "real": ("~ real", "the distribution of the real data"),
    "accept": ("accept { column: value, … }", "some completion of the row satisfies every hard rule"),
    "reject": ("reject { column: value, … } by RULE", "the rule fails in every completion of the row"),
}
MEASURES = {
    "share": ("share(condition)", "the share of the rows in which the condition is true"),
    "mean": ("mean(column)", "its mean over all rows"),
    "min": ("min(column)", "its least value"),
    "max": ("max(column)", "its greatest value"),
    "sum": ("sum(column)", "its sum over all rows"),
    "quantile": ("quantile(column, q)", "the value that the share q of the rows does not exceed"),
    "dist": ("dist(column, …)", "the distribution of its values, by total variation distance"),
}


def meaning(word: str, head: str) -> tuple[str, str] | None:
    """How a word is written and what it means, in the statement that `head` begins; None for other words."""
    if word == "null" and head != "table":
        return "null", "unknown: what compares or computes with it is unknown, except `is null`"
    tables = [TYPES, MODIFIERS, OPERATORS] if head == "table" else [OPERATORS]
    tables = [MEASURES, *tables] if head == "target" else tables
    tables = [STATEMENTS, *tables] if word == head else tables
    return next((table[word] for table in tables if word in table), None)

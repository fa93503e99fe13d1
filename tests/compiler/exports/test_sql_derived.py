"""Derived columns of every type in SQL: the CHECK takes what the definition gives and nothing else."""

from __future__ import annotations

from itertools import product

import pytest

import htdbu
from tests.compiler.exports.databases import expected, taken, valid, verdicts

DIALECTS = ("duckdb", "sqlite")
RULES = """
table t {
  n : int in -9..9 null
  m : int in 1..9 null
  d : decimal(2) in -9..9 null
  f : bool null
  o : category ordered { "low" < "mid" < "top" } null
  t : date in 2024-01-01..2024-12-31 null
  w : datetime in 2024-01-01T00:00:00..2024-12-31T00:00:00 null
  s : text null
  x : TYPE null = EXPR
}
"""
CASES = [
    ("int", "n + m", ["n", "m"], ["0", "5", "-2", ""]),
    ("int", "round(n / m)", ["n", "m"], ["0", "1", "-2", "2", ""]),
    ("int", "d", ["d"], ["0", "2", "1", "-2", ""]),
    ("int", "n / 2", ["n"], ["0", "1", "-2", "2", "-1", ""]),
    ("int", "10 * d", ["d"], ["3", "25", "15", "-5", ""]),
    ("decimal(1)", "d", ["d"], ["0.2", "0.3", "1.5", "-0.5", "-0.4", ""]),
    ("decimal(1)", "n / m + d", ["n", "m", "d"], ["0.8", "-1.5", "0.2", ""]),
    ("decimal(3)", "n * d", ["n", "d"], ["0.580", "-0.75", "0.87", ""]),
    ("decimal(1)", "case { n > 0 -> d; else -> m }", ["n", "d", "m"], ["0.2", "1.0", "3", ""]),
    ("bool", "n > m", ["n", "m"], ["true", "false", ""]),
    ("bool", "f", ["f"], ["true", "false", ""]),
    ("bool", "if f then n > 0 else f", ["f", "n"], ["true", "false", ""]),
    ('category ordered { "low" < "mid" < "top" }', "o", ["o"], ["low", "top", ""]),
    ('category ordered { "low" < "mid" < "top" }', 'if f then "low" else o', ["f", "o"], ["low", "mid", ""]),
    ('category { "a", "b" }', 'if n > 0 then "a" else "b"', ["n"], ["a", "b", ""]),
    ("date", "t", ["t"], ["2024-02-29", "2024-03-01", ""]),
    ("date", "t + n", ["t", "n"], ["2024-03-02", "2024-02-26", ""]),
    ("datetime", "w", ["w"], ["2024-05-01 12:30:00", ""]),
    ("datetime", "w + 0.5", ["w"], ["2024-05-02 00:30:00", "2024-05-01 12:30:00", ""]),
]
CELLS = {
    "n": ["-3", "0", "3", ""],
    "m": ["1", "2", ""],
    "d": ["-0.45", "0.25", "0.29", "1.5", "2.50", ""],
    "f": ["true", "false", ""],
    "o": ["low", "mid", ""],
    "t": ["2024-02-29", ""],
    "w": ["2024-05-01 12:30:00", ""],
    "s": ["a", ""],
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("kind", "expr", "varied", "stored"), CASES, ids=[f"{k} = {e}" for k, e, _, _ in CASES])
def test_derived(kind: str, expr: str, varied: list[str], stored: list[str], dialect: str) -> None:
    program = htdbu.compile_text(RULES.replace("TYPE", kind).replace("EXPR", expr))
    rows = [
        [*(row[varied.index(name)] if name in varied else cells[0] for name, cells in CELLS.items()), row[-1]]
        for row in product(*(CELLS[name] for name in varied), stored)
    ]
    wanted = expected(program, rows)["x.derived"]
    assert False in wanted
    assert True in wanted
    assert wanted == verdicts(program, rows, dialect)["x.derived"]
    some = rows[:: max(len(rows) // 10, 1)]
    assert valid(program, some) == taken(program, some, dialect)

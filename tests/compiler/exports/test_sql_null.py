"""Null in SQL: Kleene's tables exhaustively, and every function with every argument null, in real databases."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

import htdbu
from tests.compiler.exports.databases import Kleene, expected, verdicts
from tests.solver.test_kleene import NUMBERS, STRICT, THREE, TRUTHS

DIALECTS = ("duckdb", "sqlite")
WORDS = {True: "true", False: "false", None: ""}


def program_of(columns: str, exprs: Sequence[str]) -> htdbu.Program:
    rules = "\n".join(f"hard r{k}: {expr}" for k, expr in enumerate(exprs))
    return htdbu.compile_text(f"table t {{ {columns} }}\n{rules}")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_connectives_have_kleenes_tables(dialect: str) -> None:
    cells = list(product(TRUTHS, repeat=3))
    program = program_of("a: bool null b: bool null c: bool null", list(THREE))
    told = verdicts(program, [[WORDS[value] for value in row] for row in cells], dialect)
    wanted: dict[str, list[Kleene]] = {expr: [THREE[expr](*row) for row in cells] for expr in THREE}
    assert wanted == {expr: told[f"r{k}"] for k, expr in enumerate(THREE)}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_arithmetic_on_null_is_unknown(dialect: str) -> None:
    cells = list(product(NUMBERS, repeat=2))
    program = program_of("x: int in 1..9 null  y: int in 1..9 null", list(STRICT))
    told = verdicts(program, [["" if value is None else str(value) for value in row] for row in cells], dialect)
    wanted = {expr: [None if x is None or y is None else STRICT[expr](x, y) for x, y in cells] for expr in STRICT}
    assert wanted == {expr: told[f"r{k}"] for k, expr in enumerate(STRICT)}


MIXED = """
table t {
  n : int in -5..5 null
  m : int in 1..4 null
  d : decimal(2) in -2..2 null
  e : decimal(1) in -2..2 null
  f : bool null
  c : category { "ann", "bob", "al" } null
  o : category ordered { "low" < "mid" < "top" } null
  q : category ordered { "low" < "mid" < "top" } null
  t : date in 2023-12-30..2024-03-02 null
  u : date in 2023-12-30..2024-03-02 null
  w : datetime in 2023-12-31T00:00:00..2024-01-02T00:00:00 null
  x : datetime in 2023-12-31T00:00:00..2024-01-02T00:00:00 null
  s : text null
  z : text null
}
lookup rate(o, f -> r) { ("low", true) -> 0.5; ("low", false) -> 1; ("top", true) -> 2.25 }
lookup boss(c -> b) { "ann" -> "bob"; "bob" -> "al" }
lookup word(n -> v) { 1 -> "one"; 2 -> "it's" }
lookup free(c -> b) { "ann" -> true; "bob" -> false }
lookup since(o -> t) { "low" -> 2024-01-01; "mid" -> 2024-02-29 }
"""
CELLS = {
    "n": ["-3", "0", "2", ""],
    "m": ["1", "3", "0", "-2", ""],
    "d": ["-0.25", "0.29", "1.5", ""],
    "e": ["-0.3", "0.3", "1.5", ""],
    "f": ["true", "false", ""],
    "c": ["ann", "bob", "al", ""],
    "o": ["low", "mid", "top", ""],
    "q": ["low", "mid", "top", ""],
    "t": ["2023-12-31", "2024-02-29", "2024-03-01", ""],
    "u": ["2023-12-31", "2024-02-29", "2024-01-01", ""],
    "w": ["2023-12-31 00:00:00", "2024-01-01 12:30:01", ""],
    "x": ["2023-12-31 23:59:59", "2024-01-01 12:30:01", ""],
    "s": ["one", "it's", ""],
    "z": ["one", "two", ""],
}


def conditions() -> dict[str, list[str]]:
    """The conditions of the fixture, by the columns that vary."""
    found: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "fixtures/conditions.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            found[list(found)[-1]].append(line)
    return found


EXPRS = conditions()


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("names", EXPRS)
def test_every_function_on_every_null(names: str, dialect: str) -> None:
    varied = names.split()
    rules = "\n".join(f"hard r{k}: {expr}" for k, expr in enumerate(EXPRS[names]))
    program = htdbu.compile_text(MIXED + rules)
    rows = [
        [row[varied.index(name)] if name in varied else cells[0] for name, cells in CELLS.items()]
        for row in product(*(CELLS[name] for name in varied))
    ]
    told, wanted = verdicts(program, rows, dialect), expected(program, rows)
    by_rule = {f"r{k}": expr for k, expr in enumerate(EXPRS[names])}
    assert {expr: wanted[rule] for rule, expr in by_rule.items()} == {e: told.get(r) for r, e in by_rule.items()}

"""Verdicts on examples are those of trying every completion, over random rules, cells and rules to reject by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Column, Example, ExampleCell
from htdbu.grammar.source import Source
from htdbu.solver.examples import Verdict, run_tests
from tests.solver import oracle

TABLE = """
table t {
  a : int in 0..3 null
  b : int in 1..3
  c : category ordered { "x" < "y" } null
  p : bool
  s : date in 2024-02-28..2024-02-29 null
  n : text null
  d : int in -1..4 null = a - b
  q : decimal(1) in 0..2 null = a / b
  e : decimal(1) null = q + d
  w : category { "lo", "hi" } null = if d > 0 then "hi" else "lo"
}
lookup l(k -> v) { 0 -> 2; 2 -> 1 }
"""
BASE: dict[str, list[Any]] = {
    "a": [None, 0, 1, 2, 3], "b": [1, 2, 3], "c": [None, "x", "y"], "p": [False, True],
    "s": [None, date(2024, 2, 28), date(2024, 2, 29)], "n": [None, "u", "v", "elsewhere"],
}  # fmt: skip
ODD: dict[str, list[Any]] = {
    "a": [-3, 4, 9], "b": [None, 0, -1, 5], "c": ["z"], "p": [None], "s": [date(2024, 1, 1), date(2025, 3, 1)],
    "n": ["new"], "d": [-6, -2, 0, 3, None], "q": [Fraction(1, 2), 0, 1, 7, None], "e": [0, Fraction(-5, 2), 3, None],
    "w": ["hi", "lo", None],
}  # fmt: skip
BODIES = {
    "a <= b": "ab", "a + b == 3": "ab", 'c == "x" => a > 1': "ac", "p or a is null": "ap", "d >= 0": "ab",
    "d is not null": "ab", "a * b <= 4": "ab", "case { p -> a; else -> b } < 3": "abp", "l(a) >= b": "ab",
    'c is null or c < "y"': "c", "count(p, a > 1, b > 1) <= 1": "abp", "coalesce(a, b) != 2": "ab", "not p": "p",
    "a / b >= 1": "ab", "min(a, b) == max(a, b)": "ab", "p <=> a > b": "abp", "mod(a, b) == 0": "ab",
    "q <= 1": "ab", "e >= 0": "ab", 'w == "hi" => a > 2': "ab", "12 / (b + d + 9) < 2": "ab", "round(e) != 1": "ab",
    "s >= 2024-02-29": "s", "month(s) == 2 or p": "sp", "days_between(s, 2024-03-01) <= b": "sb",
    'n == "u" => p': "np", 'n in { "u", "v" }': "n", "n is null <=> p": "np", "d / 2 <= q": "ab", "2 > 3": "",
}  # fmt: skip
"""Rules, and the columns that decide them."""
OF_COLUMNS = [
    "a.domain", "b.domain", "b.null", "c.domain", "p.null", "s.domain", "d.domain", "d.derived", "q.domain",
    "q.derived", "e.domain", "e.derived", "w.derived",
]  # fmt: skip
KINDS = ["hard", "hard", "soft", "forbid", "when p hard"]


@st.composite
def rule_files(draw: st.DrawFn) -> str:
    """Some rules, sometimes a factor, and a test of one to four examples."""
    bodies = draw(st.lists(st.sampled_from(list(BODIES)), min_size=1, max_size=4, unique=True))
    lines = []
    for i, body in enumerate(bodies):
        kind = draw(st.sampled_from(KINDS))
        lines.append(f"when p {{ hard r{i}: {body} }}" if kind == "when p hard" else f"{kind} r{i}: {body}")
    names = [f"r{i}" for i in range(len(bodies))] * 3
    if draw(st.booleans()):
        lines.append('factor p { true -> c in { "x" } }')
        names.append("p.true.c")
    examples = draw(st.lists(_examples(names), min_size=1, max_size=4))
    return TABLE + "\n".join(lines) + '\ntest "t" {\n  ' + "\n  ".join(examples) + "\n}\n"


@st.composite
def _examples(draw: st.DrawFn, names: list[str]) -> str:
    by = draw(st.sampled_from(names + OF_COLUMNS))
    cells = {}
    for name in draw(st.lists(st.sampled_from([*BASE, *"abab", *"dqew"]), max_size=6, unique=True)):
        odd = name not in BASE or draw(st.integers(0, 4)) == 0
        cells[name] = draw(st.sampled_from(ODD[name] if odd else BASE[name]))
    if cells.get("c") == "z" and by != "c.domain":
        del cells["c"]
    shown = ", ".join(f"{name}: {_spelt(value)}" for name, value in cells.items())
    reject = draw(st.booleans()) or cells.get("c") == "z"
    return f'reject {{ {shown} }} by "{by}"' if reject else f"accept {{ {shown} }}"


def _spelt(value: Any) -> str:
    if isinstance(value, Fraction):
        return str(float(value))
    if isinstance(value, str):
        return f'"{value}"'
    return "null" if value is None else str(value).lower()


def _cell(column: Column, cell: ExampleCell) -> Any:
    value = cell.value.value
    if cell.value.type in ("null", "bool"):
        return value
    if column.type.kind == "category":
        return value if value in column.type.levels else oracle.BROKEN
    return oracle.literal(column, str(value))


def _whole(program: htdbu.Program, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the derived cells that it lacks, each after those that it reads."""
    full = dict(row)
    for name in "dqew":
        if name not in full:
            full[name] = oracle.derived(program, program.column(name), full)
    return full


def _failing(program: htdbu.Program, row: Mapping[str, Any]) -> set[str]:
    """The names of all rules that fail on a whole row."""
    failed = {rule.name for rule in program.rules if oracle.evaluate(program, rule.outcome, row) is False}
    for column in program.columns:
        value = row[column.name]
        if value is None and not column.nullable:
            failed.add(f"{column.name}.null")
        if value is oracle.BROKEN or (value is not None and not oracle.in_domain(column, value)):
            failed.add(f"{column.name}.domain")
        if column.derived is not None and oracle.derived(program, column, row) != value:
            failed.add(f"{column.name}.derived")
    return failed


def by_brute_force(program: htdbu.Program, example: Example, read: set[str]) -> bool:
    """Whether an example holds, by trying all values of the free columns among those that rules read."""
    held = {cell.column: _cell(program.column(cell.column), cell) for cell in example.cells}
    free = [name for name in BASE if name not in held]
    choices = [BASE[name] if name in read else BASE[name][-1:] for name in free]
    soft = {rule.name for rule in program.rules if rule.kind == "soft"}
    for cells in product(*choices):
        values = {n: Fraction(v) if isinstance(v, int) and n != "p" else v for n, v in zip(free, cells, strict=True)}
        failed = _failing(program, _whole(program, held | values))
        if example.kind == "accept" and not failed - soft:
            return True
        if example.kind == "reject" and example.by not in failed:
            return False
    return example.kind == "reject"


def columns_read(text: str) -> set[str]:
    """The columns that decide the rules of a file."""
    lines = [line for line in text.splitlines() if any(f"r{i}: " in line for i in range(4))]
    return {
        *"abpc",
        *(name for line in lines for body, names in BODIES.items() if f": {body}" in line for name in names),
    }


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=rule_files())
def test_verdicts_are_those_of_trying_every_completion(text: str) -> None:
    found = compile_source(Source("a.htr", text))
    assume(not found.errors)
    program = htdbu.compile_text(text)
    (test,) = run_tests(program).tests
    for example, judgement in zip(test.test.examples, test.judgements, strict=True):
        if judgement.verdict is not Verdict.UNDECIDED:
            holds = by_brute_force(program, example, columns_read(text))
            assert holds == (judgement.verdict is Verdict.HOLDS), (example, judgement)
        else:
            assert "divisor" in judgement.reason

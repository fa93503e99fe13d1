"""Verdicts on examples are those of trying every completion, over random rules, cells and rules to reject by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from htdbu.compiler.compile import compile_source
from htdbu.compiler.lowering.normalise import derived_order, used_columns
from htdbu.compiler.program import Column, Example, ExampleCell, Program
from htdbu.grammar.source import Source
from htdbu.solver.examples import Verdict, run_tests
from tests.solver import oracle
from tests.solver.rule_texts import rule_files as random_rules

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
BODIES = [
    "a <= b", "a + b == 3", 'c == "x" => a > 1', "p or a is null", "d >= 0", "d is not null", "a * b <= 4",
    "case { p -> a; else -> b } < 3", "l(a) >= b", 'c is null or c < "y"', "count(p, a > 1, b > 1) <= 1",
    "coalesce(a, b) != 2", "not p", "a / b >= 1", "min(a, b) == max(a, b)", "p <=> a > b", "mod(a, b) == 0", "q <= 1",
    "e >= 0", 'w == "hi" => a > 2', "12 / (b + d + 9) < 2", "round(e) != 1", "s >= 2024-02-29", "month(s) == 2 or p",
    "days_between(s, 2024-03-01) <= b", 'n == "u" => p', 'n in { "u", "v" }', "n is null <=> p", "d / 2 <= q",
    "2 > 3",
]  # fmt: skip
OF_COLUMNS = [
    "a.domain", "b.domain", "b.null", "c.domain", "p.null", "s.domain", "d.domain", "d.derived", "q.domain",
    "q.derived", "e.domain", "e.derived", "w.derived",
]  # fmt: skip
KINDS = ["hard", "hard", "soft", "forbid", "when p hard"]


@st.composite
def rule_files(draw: st.DrawFn) -> str:
    """Some rules, sometimes a factor, and a test of one to four examples."""
    bodies = draw(st.lists(st.sampled_from(BODIES), min_size=1, max_size=4, unique=True))
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


MORE: dict[str, list[str]] = {
    "n": ["0", "1", "2", "3", "7", "-2", "null"], "m": ["1", "3", "2", "0", "-1", "null"],
    "d": ["0", "0.1", "0.4", "-3"], "f": ["true", "false", "null"], "c": ['"a"', '"b"', "null"],
    "o": ['"low"', '"mid"', '"top"'],
    "t": ["2024-01-31", "2024-02-01", "2024-03-05", "null"], "s": ["0", "1", "2", "-3", "40", "null"],
}  # fmt: skip
"""Cells for the tables of random rule files."""


@st.composite
def random_files(draw: st.DrawFn) -> str:
    """Random rules of every shape, and a test of one to three examples."""
    text = draw(random_rules(rows=0, wild=False)).text
    columns = [name for name in MORE if f"  {name} :" in text]
    names = [f"r{k}" for k in range(3) if f" r{k}: " in text] * 3
    names += [f"s.{rule}" for rule in ("domain", "null", "derived") if "s" in columns]
    examples = []
    for _ in range(draw(st.integers(1, 3))):
        some = draw(st.lists(st.sampled_from(columns), min_size=2, max_size=7, unique=True))
        cells = ", ".join(f"{name}: {draw(st.sampled_from(MORE[name]))}" for name in some)
        by = f' by "{draw(st.sampled_from(names))}"'
        examples.append(f"reject {{ {cells} }}{by}" if draw(st.booleans()) else f"accept {{ {cells} }}")
    return text + '\ntest "t" {\n  ' + "\n  ".join(examples) + "\n}\n"


def _cell(column: Column, cell: ExampleCell) -> Any:
    value = cell.value.value
    if cell.value.type in ("null", "bool"):
        return value
    if column.type.kind == "category":
        return value if value in column.type.levels else oracle.BROKEN
    return oracle.literal(column, str(value))


def _values(column: Column) -> list[Any]:
    return [None, "u", "v", "elsewhere"] if column.type.kind == "text" else oracle.values_of(column)


def _failing(program: Program, held: Mapping[str, Any], free: Mapping[str, Any]) -> set[str]:
    """The names of all rules that fail on a row whose derived cells follow, unless they are held."""
    row, failed = {**held, **free}, set()
    for position in derived_order(program):
        column = program.columns[position]
        value = oracle.derived(program, column, row)
        if row.setdefault(column.name, value) != value:
            failed.add(f"{column.name}.derived")
    for column in program.columns:
        value = row[column.name]
        if value is None and not column.nullable:
            failed.add(f"{column.name}.null")
        if value is oracle.BROKEN or (value is not None and not oracle.in_domain(column, value)):
            failed.add(f"{column.name}.domain")
    return failed | {rule.name for rule in program.rules if oracle.evaluate(program, rule.outcome, row) is False}


def by_brute_force(program: Program, example: Example) -> bool:
    """Whether an example holds, by trying all values of the free columns; those that nothing reads stay at one."""
    held = {cell.column: _cell(program.column(cell.column), cell) for cell in example.cells}
    free = [column for column in program.columns if column.derived is None and column.name not in held]
    used = used_columns(program)
    soft = {rule.name for rule in program.rules if rule.kind == "soft"}
    for cells in product(*(_values(column) if column.name in used else _values(column)[-1:] for column in free)):
        failed = _failing(program, held, dict(zip((column.name for column in free), cells, strict=True)))
        if example.kind == "accept" and not failed - soft:
            return True
        if example.kind == "reject" and example.by not in failed:
            return False
    return example.kind == "reject"


def _compare(text: str) -> None:
    found = compile_source(Source("a.htr", text))
    assume(not found.errors)
    (test,) = run_tests(found.program).tests
    for example, judgement in zip(test.test.examples, test.judgements, strict=True):
        if judgement.verdict is Verdict.UNDECIDED:
            assert "divisor" in judgement.reason
        else:
            holds = by_brute_force(found.program, example)
            assert holds == (judgement.verdict is Verdict.HOLDS), (example, judgement)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=rule_files())
def test_verdicts_are_those_of_trying_every_completion(text: str) -> None:
    _compare(text)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=random_files())
def test_verdicts_under_random_rules_are_those_of_trying_every_completion(text: str) -> None:
    _compare(text)

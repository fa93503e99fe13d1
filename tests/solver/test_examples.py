"""`test` blocks: what is accepted and rejected, why not, and what they cover; brute force over completions agrees."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler.compile import compile_json, compile_source
from htdbu.compiler.diagnostics import all_kinds
from htdbu.compiler.program import Example
from htdbu.grammar.source import Source
from htdbu.solver.examples import Verdict, findings, run_tests
from tests.solver import oracle

TABLE = """
table t {
  age    : int in 16..95
  job    : category { "student", "employed", "retired" }
  income : decimal(2) in 0..1_000_000 null
  rent   : decimal(2) in 1..10_000
  left   : decimal(2) in 0..1_000_000 null = income - rent
  since  : date in 2000-01-01..2030-12-31 null
  bad    : bool
}
hard adult: age >= 18
forbid young_pensioner: job == "retired" and age < 50
soft(2) well_off: income >= 1_000
hard burden: rent / income <= 0.5 or income is null or income == 0
when bad {
  hard since_known: since is not null
}
factor bad {
  true -> job in { "student", "employed" }
}
"""


def _failures(block: str) -> list[str]:
    program = htdbu.compile_text(
        TABLE.replace("rent / income", "2 * rent").replace("<= 0.5", "<= income") + f'test "t" {{ {block} }}'
    )
    (test,) = run_tests(program).tests
    assert [] == test.undecided
    return test.to_dict()["failures"]


@pytest.mark.parametrize(
    "example",
    [
        "accept {}",
        "accept { age: 40 }",
        'accept { age: 67, job: "retired", income: 1_000.00, rent: 400, bad: false }',
        "accept { income: null }",
        "accept { left: 10 }",
        "accept { income: null, left: null }",
        "accept { since: 2020-01-31, bad: true }",
        "reject { age: 17 } by adult",
        'reject { age: 40, job: "retired" } by young_pensioner',
        'reject { age: 200 } by "age.domain"',
        'reject { job: "pirate" } by "job.domain"',
        'reject { job: null } by "job.null"',
        "reject { age: 15, job: null } by adult",
        'reject { income: 100, rent: 30, left: 80 } by "left.derived"',
        'reject { income: 100, left: 101 } by "left.derived"',
        'reject { income: 10, rent: 30 } by "left.domain"',
        "reject { income: 10, rent: 30 } by burden",
        "reject { income: 999.99 } by well_off",
        "reject { bad: true, since: null } by since_known",
        'reject { bad: true, job: "retired" } by "bad.true.job"',
        "reject { rent: 9_000, income: 500 } by burden",
    ],
)
def test_an_example_that_holds(example: str) -> None:
    assert [] == _failures(example)


@pytest.mark.parametrize(
    ("example", "reason"),
    [
        ("accept { age: 17 }", "breaks `adult`"),
        ("accept { age: 17, rent: 0 }", "breaks `age.domain`"),
        ("accept { job: null }", "breaks `job.null`"),
        ('accept { job: "retired", bad: true }', "breaks `bad.true.job`"),
        ("accept { bad: true, since: null }", "breaks `since_known`"),
        ("accept { left: 5, income: 5 }", "no row can hold these cells"),
        ("accept { left: 5, rent: 30 }", "no value of the other columns agrees with `burden` and the cells"),
        ("reject { age: 18 } by adult", "`adult` holds there"),
        ("reject { income: null } by well_off", "`well_off` is unknown there"),
        ("reject { age: 40 } by young_pensioner", "`young_pensioner` does not fail with job: "),
        ('reject { job: "student" } by "age.domain"', "the example gives no `age`"),
        ("reject { rent: 30 } by burden", "`burden` does not fail with income: "),
        ('reject { age: 40 } by "since.null"', "`since.null` can never fail"),
    ],
)
def test_an_example_that_does_not_hold_says_why(example: str, reason: str) -> None:
    (failure,) = _failures(example.replace("{ age: 17, rent: 0 }", "{ age: 15, rent: 400 }"))
    assert reason in failure


def test_a_failing_example_is_a_finding_of_compile_alone() -> None:
    text = (
        TABLE.replace("rent / income <= 0.5", "2 * rent <= income") + 'test "no minors" { reject { age: 18 } by adult }'
    )
    assert () == compile_source(Source("a.htr", text)).diagnostics
    assert ["no minors"] == [test.title for test in htdbu.compile_text(text).tests]


def test_tests_survive_the_json_form() -> None:
    text = TABLE.replace("rent / income <= 0.5", "2 * rent <= income")
    program = compile_source(Source("a.htr", text + 'test "t" { accept { age: 17, since: null } }')).program
    again = compile_json(Source("a.json", program.model_dump_json()))
    assert program == again.program
    assert run_tests(program).to_dict() == run_tests(again.program).to_dict()


@pytest.mark.parametrize(
    ("example", "code"),
    [
        ("accept { agge: 4 }", "HTR101"),
        ("reject { age: 4 } by adlut", "HTR101"),
        ('accept { job: "pirate" }', "HTR202"),
        ('reject { job: "pirate" } by adult', "HTR202"),
        ("accept { bad: 1 }", "HTR201"),
        ("accept { age: 3.5 }", "HTR203"),
        ("accept { age: 20, age: 30 }", "HTR102"),
        ("accept { since: 2024-02-30 }", "HTR201"),
        ('reject { age: 20 } by "key(id)"', "HTR101"),
        ('} test "t" { accept {}', "HTR102"),
    ],
)
def test_a_mistake_in_an_example_is_a_finding(example: str, code: str) -> None:
    found = compile_source(Source("a.htr", TABLE.replace("rent / income", "2 * rent") + f'test "t" {{ {example} }}'))
    assert [code] == [finding.code for finding in found.errors]


def test_coverage_counts_what_examples_meet_and_reject() -> None:
    program = htdbu.compile_text(
        "table t {\n  a : int in 0..9\n  b : bool\n}\nhard r: b => a > 3\nhard s: a < 9\nsoft u: a > 1\n"
        'test "t" {\n  accept { a: 5, b: true }\n  accept { a: 2, b: false }\n'
        "  reject { a: 2, b: true } by r\n  accept { b: true }\n}"
    )
    assert [
        {"name": "r", "fired": 2, "rejected": 1},
        {"name": "s", "fired": 3, "rejected": 0},
        {"name": "u", "fired": 3, "rejected": 0},
    ] == run_tests(program).coverage.to_dict()["by_rule"]


# Brute force -------------------------------------------------------------------------------------------------------

SMALL = """
table t {
  a : int in 0..3 null
  b : int in 1..3
  c : category { "x", "y" } null
  p : bool
  d : int in -1..4 null = a - b
}
lookup l(k -> v) { 0 -> 2; 2 -> 1 }
"""
DOMAINS: dict[str, list[Any]] = {
    "a": [None, 0, 1, 2, 3], "b": [1, 2, 3], "c": [None, "x", "y"], "p": [False, True],
}  # fmt: skip
ODD: dict[str, list[Any]] = {"a": [-1, 4, 9], "b": [None, 0, 5], "c": ["z"], "p": [None], "d": [-2, 0, 3, None]}
BODIES = [
    "a <= b", "a + b == 3", 'c == "x" => a > 1', "p or a is null", "d >= 0", "d is not null", "a * b <= 4",
    'case { p -> a; else -> b } < 3', "l(a) >= b", 'c is null or c == "y"', "count(p, a > 1, b > 1) <= 1",
    "coalesce(a, b) != 2", "not p", "a / b >= 1", "min(a, b) == max(a, b)", "p <=> a > b", "mod(a, b) == 0",
]  # fmt: skip


@st.composite
def _files(draw: st.DrawFn) -> str:
    bodies = draw(st.lists(st.sampled_from(BODIES), min_size=1, max_size=4, unique=True))
    lines = [
        f"{draw(st.sampled_from(['hard', 'hard', 'soft', 'forbid']))} r{i}: {body}" for i, body in enumerate(bodies)
    ]
    if draw(st.booleans()):
        lines.append('factor p { true -> c in { "x" } }')
        names = [f"r{i}" for i in range(len(bodies))] + ["`p.true.c`"]
    else:
        names = [f"r{i}" for i in range(len(bodies))]
    names += ['"a.domain"', '"b.null"', '"d.domain"', '"d.derived"', '"c.domain"']
    examples = []
    for _ in range(draw(st.integers(1, 5))):
        cells = {}
        for name in draw(st.lists(st.sampled_from([*DOMAINS, "d"]), max_size=5, unique=True)):
            odd = draw(st.integers(0, 5)) == 0 or name == "d"
            cells[name] = draw(st.sampled_from(ODD[name] if odd else DOMAINS[name]))
        by = draw(st.sampled_from(names))
        if cells.get("c") == "z" and by != '"c.domain"':
            del cells["c"]
        shown = ", ".join(f"{name}: {_spelt(value)}" for name, value in cells.items())
        reject = draw(st.booleans()) or cells.get("c") == "z"
        examples.append(f"reject {{ {shown} }} by {by}" if reject else f"accept {{ {shown} }}")
    return SMALL + "\n".join(lines) + '\ntest "t" {\n  ' + "\n  ".join(examples) + "\n}\n"


def _spelt(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return "null" if value is None else str(value).lower()


def _row_fails(program: htdbu.Program, row: dict[str, Any], held: dict[str, Any]) -> set[str]:
    """The names of all rules that fail on a whole row; `held` are the cells as the example gives them."""
    failed = set()
    for column in program.columns:
        value = held.get(column.name, row[column.name])
        if value is None and not column.nullable:
            failed.add(f"{column.name}.null")
        allowed = {"a": range(4), "b": range(1, 4), "c": ["x", "y"], "p": [True, False], "d": range(-1, 5)}[column.name]
        if value is oracle.BROKEN or (value is not None and value not in allowed):
            failed.add(f"{column.name}.domain")
        if (
            column.derived is not None
            and column.name in held
            and oracle.derived(program, column, row) != held[column.name]
        ):
            failed.add(f"{column.name}.derived")
    for rule in program.rules:
        if oracle.evaluate(program, rule.outcome, row) is False:
            failed.add(rule.name)
    return failed


def _by_brute_force(program: htdbu.Program, example: Example) -> bool:
    held = {
        cell.column: oracle.BROKEN if cell.value.value == "z" else _value(cell.value.value, cell.value.type)
        for cell in example.cells
    }
    free = [name for name in DOMAINS if name not in held]
    hard = {rule.name for rule in program.rules if rule.kind == "hard"}
    accepted, rejected = False, True
    for cells in product(*(DOMAINS[name] for name in free)):
        row = {**held, **{n: _value(v, "") for n, v in zip(free, cells, strict=True)}}
        row = {name: row.get(name) for name in ("a", "b", "c", "p")}
        row["d"] = held["d"] if "d" in held else oracle.derived(program, program.column("d"), row)
        failed = _row_fails(program, row, held)
        accepted |= not {name for name in failed if name in hard or "." in name}
        rejected &= example.by in failed
    return accepted if example.kind == "accept" else rejected


def _value(value: Any, kind: str) -> Any:
    if kind == "number" or (isinstance(value, int) and not isinstance(value, bool)):
        return Fraction(str(value))
    return value


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=_files())
def test_verdicts_are_those_of_trying_every_completion(text: str) -> None:
    found = compile_source(Source("a.htr", text))
    assume(not found.errors)
    program = htdbu.compile_text(text)
    (test,) = run_tests(program).tests
    for example, judgement in zip(test.test.examples, test.judgements, strict=True):
        if judgement.verdict is not Verdict.UNDECIDED:
            assert _by_brute_force(program, example) == (judgement.verdict is Verdict.HOLDS), (example, judgement)


def test_the_failing_example_of_the_finding_fails_and_the_mended_one_does_not() -> None:
    kind = all_kinds()["HTR901"]
    for text, codes in ((kind.failing, ["HTR901"]), (kind.mended, [])):
        report = run_tests(htdbu.compile_text(text))
        assert codes == [finding.code for finding in findings(report, "a.htr")]

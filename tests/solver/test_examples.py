"""`test` blocks: what is accepted and rejected, why not, and what they cover; brute force over completions agrees."""

from __future__ import annotations

import json
from typing import Any

import pytest

import htdbu
from htdbu.compiler.compile import compile_json, compile_source
from htdbu.compiler.diagnostics import all_kinds
from htdbu.grammar.source import Source
from htdbu.solver.examples import findings, run_tests

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
    failures: list[str] = test.to_dict()["failures"]
    return failures


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
        ("accept { left: 5, income: 5 }", "no row can hold the cells `left` and `income` together"),
        ("accept { left: 5, rent: 30 }", "no value of the other columns agrees with `burden` and the cells"),
        ("reject { age: 18 } by adult", "`adult` holds there"),
        ("reject { income: null } by well_off", "`well_off` is unknown there, since `income` is null"),
        ("reject { income: null } by burden", "`burden` holds with rent: "),
        ("reject { age: 40 } by young_pensioner", "`young_pensioner` holds with job: "),
        ('reject { job: "student" } by "age.domain"', "the example gives no `age`"),
        ("reject { rent: 30 } by burden", "`burden` holds with income: "),
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


HARD_CASES = """
table t {
  a     : int in 0..10
  b     : int in 1..10
  c     : int in 0..5
  ratio : decimal(2) in 0..100 null = a / b
  x     : int = a + b
  y     : int = x - c
  day   : date in 2020-01-01..2020-12-31 format "%d/%m/%Y"
  id    : text key
  other : text
}
hard small: ratio <= 1
hard plain: a / b <= 1
hard sums: x + y <= 30
hard far: 10 / (b + c) <= 3
hard product: a * b <= 90
hard same: id == other
hard early: day <= 2020-06-30 and c > 1
"""


def _judged(example: str, effort: float = 10.0) -> str:
    """`holds`, or the reason for another verdict."""
    (test,) = run_tests(htdbu.compile_text(HARD_CASES + f'test "t" {{ {example} }}'), effort=effort).tests
    (judgement,) = test.judgements
    return judgement.reason or judgement.verdict.value


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ("reject { b: 0 } by small", "`small` is unknown with "),
        ("reject { b: 0 } by plain", "`plain` is unknown whatever the other cells are"),
        ("reject { a: 3, b: 0 } by plain", "`plain` is unknown there, as a lookup has no such row or a divisor is 0"),
        ("reject { b: -1 } by small", "`small` holds with a: "),
        ("reject { a: 50 } by plain", "holds"),
        ("reject { a: 50, c: 99 } by small", "holds"),
        ('reject { a: 3, b: -1 } by "ratio.domain"', "holds"),
        ("reject { b: -3 } by far", "a divisor is 0 in some completions only"),
        ("reject { b: -3, c: 3 } by far", "`far` is unknown there, as a lookup has no such row or a divisor is 0"),
        ("reject { b: -9 } by far", "`far` holds with c: "),
        ('reject { a: 1, x: 2, y: 999 } by "x.derived"', "`x.derived` holds with b: 1"),
        ('reject { a: 1, x: 12, y: 999 } by "x.derived"', "holds"),
        ('reject { x: 7, y: 3 } by "y.derived"', "`y.derived` holds with c: 4"),
        ('reject { x: 7, y: 1 } by "y.derived"', "holds"),
        ("reject { a: 5, b: 5, x: 40 } by sums", "holds"),
        ("reject { a: 1, b: 1, c: 0, x: 16 } by sums", "holds"),
        ('reject { a: 1, b: 1, c: 0, x: 16 } by "y.derived"', "`y.derived` holds there"),
        ('reject { y: 7 } by "x.derived"', "the example gives no `x`, and other cells hold what they may"),
        ('reject { id: "k" } by same', '`same` holds with other: "k"'),
        ("reject {} by same", '`same` holds with id: "text-'),
        ("reject { c: 2 } by early", "`early` holds with day: 2020-0"),
        ("reject { a: 9_000_000_000_000_000_000 } by product", "its numbers are too large to search for a completion"),
        ("reject { a: 90_000_000_000_000_000_000 } by product", "its numbers are too large to search for a completion"),
        ("reject { a: 90_000_000_000_000_000_000, b: 2 } by product", "holds"),
        ("accept { ratio: 0.34 }", "no row can hold the cell `ratio`"),
        ("accept { ratio: 0.33 }", "holds"),
    ],
)
def test_a_hard_case_is_decided_or_said_to_be_open(example: str, said: str) -> None:
    assert said == _judged(example)[: len(said)]


def test_a_rule_that_stays_unknown_names_the_null_that_was_given() -> None:
    program = htdbu.compile_text(
        'table t {\n  a : int in 0..9 null\n  b : int in 0..9\n}\nhard r: a > b\ntest "t" { reject { a: null } by r }'
    )
    (failure,) = run_tests(program).tests[0].to_dict()["failures"]
    assert ["`r` is unknown with b", "since `a` is null"] == [failure.split(": ")[2], failure.split(", ")[-1]]


def _edited(path: str, value: Any) -> list[str]:
    """The codes of the findings once a program's JSON form has another value at a place of its first test."""
    text = HARD_CASES + 'test "t" { reject { a: 3, b: 4 } by plain accept { day: 2020-01-31, id: "k" } }'
    form = json.loads(compile_source(Source("a.htr", text)).program.model_dump_json())
    *steps, last = path.split("/")
    place = form["tests"][0]["examples"]
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value
    return [finding.code for finding in compile_json(Source("a.json", json.dumps(form))).errors]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("0/by", "plian", "HTR101"),
        ("0/by", "key(id)", "HTR208"),
        ("0/by", None, "HTR208"),
        ("1/by", "plain", "HTR208"),
        ("0/cells/0/column", "none", "HTR101"),
        ("0/cells/0/column", "b", "HTR102"),
        ("0/cells/0/value/value", "x", "HTR201"),
        ("0/cells/0/value/value", "NaN", "HTR201"),
        ("0/cells/0/value/value", "3.5", "HTR203"),
        ("0/cells/0/value/type", "text", "HTR201"),
        ("1/cells/0/value/value", "2020-02-31", "HTR201"),
        ("1/cells/1/value/value", True, "HTR201"),
    ],
)
def test_examples_of_the_json_form_are_checked_as_well(path: str, value: Any, code: str) -> None:
    assert [code] == _edited(path, value)


def test_an_example_that_the_budget_does_not_suffice_for_is_a_note() -> None:
    kind = all_kinds()["HTR390"]
    for text, told in ((kind.failing, [("HTR390", "info")]), (kind.mended, [])):
        report = run_tests(htdbu.compile_text(text), effort=0.3)
        assert told == [(finding.code, finding.severity) for finding in findings(report, "a.htr")]


def test_the_same_cells_get_the_same_verdict_whatever_stands_beside_them() -> None:
    cells = ["a: 3, b: 4", "a: 3, b: 2", "ratio: 0.34", "c: 0, b: 2", "ratio: 0.33", 'id: "k", other: "l"']
    alone = [_judged(f"accept {{ {given} }}") for given in cells]
    block = "\n".join(f"accept {{ {given} }}" for given in cells * 2)
    (test,) = run_tests(htdbu.compile_text(HARD_CASES + f'test "t" {{ {block} }}')).tests
    assert alone * 2 == [judgement.reason or judgement.verdict.value for judgement in test.judgements]


def test_the_failing_example_of_the_finding_fails_and_the_mended_one_does_not() -> None:
    kind = all_kinds()["HTR901"]
    for text, codes in ((kind.failing, ["HTR901"]), (kind.mended, [])):
        report = run_tests(htdbu.compile_text(text))
        assert codes == [finding.code for finding in findings(report, "a.htr")]

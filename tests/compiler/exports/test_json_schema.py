"""The JSON Schema of a row: it takes every row that `htdbu check` takes, and its rules say what the rules say."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler import exports
from htdbu.compiler.exports.json_schema_parts.text_ranges import between
from tests.compiler.exports.databases import Rows, expected, valid, with_derived
from tests.compiler.exports.test_sql_against_check import compiled
from tests.compiler.exports.test_sql_null import CELLS, EXPRS, MIXED
from tests.solver.rule_texts import Drawn, rule_files

QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def schema_of(program: htdbu.Program) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(exports.render("json-schema", program))
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def accepts(schema: dict[str, Any], row: dict[str, Any]) -> bool:
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).is_valid(row)


def as_json(program: htdbu.Program, cells: dict[str, str]) -> dict[str, Any]:
    """A row of texts as JSON holds it."""
    row: dict[str, Any] = {}
    for column in program.columns:
        if column.header not in cells:
            continue
        text, kind = cells[column.header], column.type.kind
        numeric = {"int": int, "decimal": float}.get(kind, str)
        row[column.header] = None if text == "" else text == "true" if kind == "bool" else numeric(text)
    return json.loads(json.dumps(row))  # type: ignore[no-any-return]


def agree(program: htdbu.Program, headers: list[str], rows: Rows) -> None:
    """The schema takes all valid rows, refuses what it says, and each of its rules agrees with `check`."""
    schema = schema_of(program)
    told = {rule["title"]: rule for rule in schema.get("allOf", [])}
    unsaid = {entry["name"] for entry in schema.get("x-htdbu-rules-not-expressed", [])}
    wanted, good = expected_of(program, headers, rows)
    for k, row in enumerate(rows):
        instance = as_json(program, dict(zip(headers, row, strict=True)))
        if good[k]:
            assert accepts(schema, instance)
        broken = {name for name, answers in wanted.items() if answers[k] is False}
        if broken - unsaid:
            assert not accepts(schema, instance)
        if not any(name.endswith(".null") for name in broken):
            found = {name: accepts(rule, instance) for name, rule in told.items()}
            assert {name: wanted[name][k] is not False for name in told} == found


def expected_of(program: htdbu.Program, headers: list[str], rows: Rows) -> tuple[dict[str, Any], list[bool]]:
    """What `check` says, derived columns being computed; soft rules break no row."""
    frame_columns = [c.header for c in program.columns]
    if headers == frame_columns:
        hard = expected(program, rows)
        return without_soft(program, hard), valid(program, rows)
    full = with_derived(program, headers, rows)
    return without_soft(program, expected(program, full)), valid(program, full)


def without_soft(program: htdbu.Program, verdicts: dict[str, Any]) -> dict[str, Any]:
    soft = {rule.name for rule in program.rules if rule.kind == "soft"}
    derived = {c.name for c in program.columns if c.derived is not None}
    return {k: v for k, v in verdicts.items() if k not in soft and k.split(".")[0] not in derived}


@QUICK
@given(rule_files(rows=6, wild=False))
def test_it_agrees_with_check_on_random_rules_and_rows(drawn: Drawn) -> None:
    agree(compiled(drawn), list(drawn.headers), drawn.rows)


@pytest.mark.parametrize("names", EXPRS)
def test_it_agrees_on_every_function_and_null(names: str) -> None:
    varied = names.split()
    program = htdbu.compile_text(MIXED + "\n".join(f"hard r{k}: {expr}" for k, expr in enumerate(EXPRS[names])))
    rows = [
        [row[varied.index(name)] if name in varied else cells[0] for name, cells in CELLS.items()]
        for row in product(*(CELLS[name][::2] for name in varied))
    ]
    rows = [[cell.replace(" 0", "T0").replace(" 1", "T1").replace(" 2", "T2") for cell in row] for row in rows]
    agree(program, list(CELLS), rows)


DATES = st.dates().map(lambda day: day.isoformat())


@settings(QUICK, max_examples=80)
@given(st.none() | DATES, st.none() | DATES, DATES)
def test_a_pattern_of_a_range_of_dates_takes_the_dates_inside(low: str | None, high: str | None, day: str) -> None:
    if low is not None and high is not None and low > high:
        low, high = high, low
    inside = (low is None or low <= day) and (high is None or day <= high)
    assert inside == (re.fullmatch(between(low, high, "0000-00-00"), day) is not None)


def test_a_premise_becomes_if_and_then() -> None:
    program = htdbu.compile_text(
        'table t { job: category { "student", "clerk" }  age: int in 0..99 null }\n'
        '## Students are young.\nhard young: job == "student" => age <= 30'
    )
    assert schema_of(program) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "t",
        "type": "object",
        "properties": {
            "job": {"type": "string", "enum": ["student", "clerk"]},
            "age": {"type": ["integer", "null"], "minimum": 0, "maximum": 99},
        },
        "required": ["job", "age"],
        "allOf": [
            {
                "title": "young",
                "description": "Students are young.",
                "if": {"properties": {"job": {"const": "student"}}},
                "then": {"properties": {"age": {"maximum": 30}}},
            }
        ],
    }


def test_what_it_cannot_say_is_listed_and_told() -> None:
    program = htdbu.compile_text(
        "table t { a: int in 0..9 key  b: int in 0..9  c: int = a + b }\n"
        "hard sum: a + b <= 9\nsoft small: a <= 3\ntarget mean_a: mean(a) in 1..2"
    )
    told: list[str] = []
    schema = json.loads(exports.render("json-schema", program, omitted=lambda name, reason: told.append(name)))
    assert ["c.derived", "sum", "small", "key(a)", "mean_a"] == told
    assert told == [entry["name"] for entry in schema["x-htdbu-rules-not-expressed"]]
    assert "allOf" not in schema
    assert ["a", "b"] == schema["required"]


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        ("x: int in 0..9", [0, 9], [-1, 10, 1.5, "1", None, True]),
        ("x: int null", [0, None, -5], ["", False]),
        ("x: decimal(2) in 0.1..0.29", [0.1, 0.29, 0.2], [0.09, 0.3, "0.2"]),
        ("x: int in { 1, 5 }", [1, 5], [2, 3]),
        ("x: bool", [True, False], [0, 1, "true", None]),
        ("x: date in 2024-02-28..2024-03-01", ["2024-02-29", "2024-03-01"], ["2024-02-27", "2024-02-30", 20240229]),
        ("x: date", ["0001-01-01", "9999-12-31"], ["2023-02-29", "24-01-01", ""]),
        ("x: datetime in 2024-01-01T00:00:00..2024-01-01T12:00:00", ["2024-01-01T11:59:59"], ["2024-01-01T12:00:01"]),
        ('x: category { "a", "it\'s" } null', ["a", "it's", None], ["b", ""]),
        ("x: text", ["a", "b c"], ["", "NA", None, 3]),
        ("x: text null", ["a", None], [3]),
    ],
)
def test_types_and_domains(column: str, good: list[Any], bad: list[Any]) -> None:
    schema = schema_of(htdbu.compile_text(f"table t {{ {column} }}"))
    assert [True] * len(good) == [accepts(schema, {"x": value}) for value in good]
    assert [False] * len(bad) == [accepts(schema, {"x": value}) for value in bad]
    assert not accepts(schema, {})

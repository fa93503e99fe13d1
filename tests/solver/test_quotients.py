"""Quotients of rows whose divisor lies outside its domain, where the compiler has proved nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.solver import encode, typed_frame
from tests.solver import oracle

TABLE = "table t { a: int in -9..9 null  b: int in 1..5  c: decimal(1) in -3..-0.1  d: int in {-2, 3} null }\n"
CELLS = ["0", "1", "2", "3", "-1", "-2", "-3", "7", "", "x", "1" + "0" * 30, "-" + "9" * 25]
DIVISORS = ["b", "c", "d", "b + 1", "b * b", "-b", "b - c", "abs(d)", "c * b", "2 * c", "-3", "0.4", "(1 / b)"]


def verdicts(rules: str, **cells: list[Any]) -> dict[str, str]:
    """Per rule a letter a row: pass, fail, unknown."""
    report = htdbu.compile_text(rules).check(pd.DataFrame(cells))
    found = {}
    for rule in report.rules:
        letters = ["." for _ in range(report.n_rows)]
        for row in rule.rows.tolist():
            letters[row] = "f"
        found[rule.name] = "".join(letters)
        assert rule.passed + rule.fail + rule.unknown == report.n_rows
    return found


def test_a_divisor_of_the_other_sign_is_divided_by() -> None:
    rules = TABLE + "hard q: a / b >= 1\nhard m: mod(a, b) == 1\nhard n: a / c <= 0"
    found = verdicts(rules, a=[4, -4, 5, -5], b=[-2, -2, -3, 3], c=[0.5, 0.5, -0.5, -0.5], d=[3] * 4)
    assert ("f.ff", "fff.", "f..f") == (found["q"], found["m"], found["n"])


@pytest.mark.parametrize(
    "quotient", ["a / b", "round(a / b)", "floor(a / b)", "mod(a, b)", "a * (1 / b)", "1 / (c / b)"]
)
def test_a_quotient_by_zero_is_unknown(quotient: str) -> None:
    report = htdbu.compile_text(TABLE + f"hard q: {quotient} >= 2").check(
        pd.DataFrame({"a": [8, 8, 0], "b": [0, 0, 0], "c": [-1] * 3, "d": [3] * 3})
    )
    rule = next(rule for rule in report.rules if rule.name == "q")
    assert (0, 0, 3) == (rule.passed, rule.fail, rule.unknown)
    assert 3 == report.hard_violations


def test_a_rule_is_judged_by_what_does_not_divide() -> None:
    found = verdicts(TABLE + "hard q: b != 0 and a / b >= 1", a=[4, 4], b=[0, -1], c=[-1, -1], d=[3, 3])
    assert "ff" == found["q"]


def test_a_divisor_in_a_gap_of_its_domain() -> None:
    found = verdicts(TABLE + "hard q: a / d >= 1\nhard m: round(a / d) >= 1", a=[4, 4], b=[1, 1], c=[-1, -1], d=[0, 1])
    assert ("..", "..") == (found["q"], found["m"])
    report = htdbu.compile_text(TABLE + "hard q: a / d < 1").check(
        pd.DataFrame({"a": [4, 4], "b": 1, "c": -1, "d": [0, 1]})
    )
    assert [(0, 1, 1)] == [(r.passed, r.fail, r.unknown) for r in report.rules if r.name == "q"]


def test_derived_columns_that_are_made_are_null_or_right() -> None:
    program = htdbu.compile_text(
        "table t { a: int in 0..9  b: int in 1..5  q: decimal(2) = a / b  r: int = mod(a, b) }"
    )
    frame = pd.DataFrame({"a": [4, 4, 5, 3], "b": [0, -3, -2, 2]})
    typed = typed_frame(program, frame)
    assert [None, -1.33, -2.5, 1.5] == [None if pd.isna(q) else q for q in typed["q"]]
    assert [None, -2, -1, 1] == [None if pd.isna(r) else r for r in typed["r"]]


def test_derived_cells_are_compared_with_what_they_should_be() -> None:
    program = htdbu.compile_text("table t { a: int in 0..9  b: int in 1..5  q: decimal(2) null = a / b }")
    frame = pd.DataFrame({"a": [4, 4, 4, 4], "b": [-2, -2, 0, 0], "q": [-2.0, 2.0, None, 1.0]})
    report = program.check(frame)
    assert [1, 3] == next(rule for rule in report.rules if rule.name == "q.derived").rows.tolist()


def test_targets_leave_out_rows_whose_quotient_is_unknown() -> None:
    program = htdbu.compile_text(
        TABLE + "target t: share(a / b >= 1) == 50% within 0\ntarget g: mean(a given a / b < 0) <= 9"
    )
    frame = pd.DataFrame({"a": [4, 4, 4], "b": [0, -2, 2], "c": [-1] * 3, "d": [3] * 3})
    assert [(0.5, True), (4.0, True)] == [(t.value, t.met) for t in program.check(frame).targets]


@st.composite
def quotients(draw: st.DrawFn, depth: int = 2) -> str:
    """A number, most often a quotient."""
    if depth == 0:
        return draw(st.sampled_from(["a", "b", "c", "d", "2", "0.5"]))
    left = draw(quotients(depth - 1))
    divisor = draw(st.sampled_from(DIVISORS))
    forms = [f"({left} / ({divisor}))", f"mod({left}, {divisor})", f"round({left} / ({divisor}), 1)",
             f"floor({left} / ({divisor}))", f"({left} + {draw(quotients(depth - 1))})",
             f"coalesce({left} / ({divisor}), 1)", f"abs({left} / ({divisor}))",
             f"(if {left} > 1 then {left} / ({divisor}) else 1)", f"max({left}, a / ({divisor}))"]  # fmt: skip
    return draw(st.sampled_from(forms))


def value(cell: str, scale: int) -> Any:
    """A raw cell as the oracle's value."""
    if cell == "":
        return None
    return oracle.BROKEN if cell == "x" else Fraction(round(Fraction(cell) * 10**scale), 10**scale)


def agrees(rules: list[str], rows: list[tuple[str, ...]]) -> None:
    text = TABLE.replace(" }", "  q: decimal(2) null = a / b + c / d }") + "\n".join(
        f"hard r{k}: {rule}" for k, rule in enumerate(rules)
    )
    try:
        program = htdbu.compile_text(text)
    except htdbu.CompileError as error:
        # A term may be too large, or a divisor may be 0; nothing else may be wrong.
        assume(not {"HTR207", "HTR301"} & {finding.code for finding in error.diagnostics})
        raise
    frame = pd.DataFrame(rows, columns=["a", "b", "c", "d"], dtype="str")
    held = [{name: value(cell, name == "c") for name, cell in zip("abcd", row, strict=True)} for row in rows]
    full = [oracle.completed(program, row) for row in held]
    report = program.check(frame)
    for rule, found in zip(program.rules, (r for r in report.rules if r.name[0] == "r"), strict=True):
        wanted = [oracle.outcome(program, rule.outcome, row) for row in full]
        assert [i for i, verdict in enumerate(wanted) if verdict == "fail"] == found.rows.tolist()
        assert wanted.count("unknown") == found.unknown
    table = encode(program, frame)
    made = [table.value(4, row) for row in range(table.n_rows)]
    assert [None if row["q"] is None else row["q"] * 100 for row in full] == made


PLAIN = st.sampled_from(["a", "c", "d", "1", "-2", "0.5", "a + d"])
RULES = st.lists(
    st.tuples(quotients(), st.sampled_from(["<", ">=", "<="]), PLAIN).map(" ".join), min_size=1, max_size=2
)
ROWS = st.lists(st.tuples(*[st.sampled_from(CELLS)] * 4), min_size=1, max_size=8)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(RULES, ROWS)
def test_rules_agree_with_a_naive_evaluator_on_any_data(rules: list[str], rows: list[tuple[str, ...]]) -> None:
    agrees(rules, rows)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(RULES, ROWS)
def test_many_rules_agree_with_a_naive_evaluator_on_any_data(rules: list[str], rows: list[tuple[str, ...]]) -> None:
    agrees(rules, rows)

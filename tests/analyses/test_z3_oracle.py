"""The z3 oracle against a list of all rows, before it judges the product."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.grammar.source import Source
from tests.analyses import z3_oracle
from tests.analyses.enumeration import MOST_ROWS, Enumeration, count_rows
from tests.analyses.frequencies import QUESTIONS, random_program
from tests.analyses.random_rules import random_program_text
from tests.solver.rule_texts import Drawn, rule_files

_FILES = 30


def _assert_agrees(program: Program, text: str) -> None:
    if count_rows(program) > MOST_ROWS:
        return
    listed = Enumeration(program)
    for question in QUESTIONS:
        assert getattr(listed, question)() == getattr(z3_oracle, question)(program), f"{question}\n{text}"
    expected, actual = listed.untaken_branches(nested=True), z3_oracle.untaken_branches(program, nested=True)
    assert expected == actual, text


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 150, _FILES))
def test_every_answer_of_the_oracle_is_that_of_a_list_of_all_rows(first: int) -> None:
    for seed in range(first, first + _FILES):
        _assert_agrees(random_program(seed), f"seed {seed}\n{random_program_text(seed)}")


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_files(rows=0))
def test_it_agrees_on_expressions_of_every_function(drawn: Drawn) -> None:
    compiled = compile_source(Source("rules.htr", drawn.text))
    if not compiled.errors:
        _assert_agrees(compiled.program, drawn.text)


def _program(text: str) -> Program:
    return compile_source(Source("rules.htr", text)).checked()


def test_a_null_neither_fires_a_premise_nor_breaks_a_rule() -> None:
    program = _program("table t {\n  n : int in 0..3 null\n}\nhard r: n > 3\nhard q: n > 1 => n > 2\n")
    assert {"n": None} == z3_oracle.fixed_columns(program)
    assert set() == z3_oracle.always_false(program)
    assert {"q"} == z3_oracle.dead_premises(program)
    assert not z3_oracle.infeasible(program)


def test_flagged_rules_can_be_deleted_together() -> None:
    program = _program(
        "table t {\n  n : int in 0..9\n  b : bool\n}\n"
        "hard a: n <= 3\nhard b: b => n <= 3\nhard c: not (n > 3)\nsoft d: n <= 5\n"
    )
    assert {"c", "b"} == z3_oracle.redundant(program)
    assert {("c", "a")} == z3_oracle.duplicates(program)
    assert {"d"} == z3_oracle.dead_soft(program)
    assert {"n": (0, 3)} == z3_oracle.tight_bounds(program)


def test_rules_of_a_factor_imply_and_are_never_reported() -> None:
    program = _program(
        'table t {\n  c : category { "a", "b", "z" }\n  n : int in 0..9\n}\n'
        'hard r: c == "a" => n <= 5\nfactor c { "a" -> n in 0..5; "b" -> n in { 1 } }\n'
    )
    assert {"r"} == z3_oracle.redundant(program)


def test_a_level_is_unreachable_only_while_two_values_remain() -> None:
    table = 'table t {\n  c : category { "a", "b", "z" }\n}\n'
    assert {("c", "z")} == z3_oracle.unreachable_levels(_program(table + 'hard r: c != "z"\n'))
    assert set() == z3_oracle.unreachable_levels(_program(table + 'hard r: c == "a"\n'))


def test_a_nested_case_is_reached_alone_or_only_by_its_branch() -> None:
    program = _program(
        "table t {\n  n : int in 0..9\n}\nhard r: n <= (if n > 5 then (if n <= 5 then 1 else 20) else 20)\n"
    )
    assert set() == z3_oracle.untaken_branches(program)
    assert {z3_oracle.Untaken("r", 1, 0)} == z3_oracle.untaken_branches(program, nested=True)


def test_a_lookup_gap_is_every_key_that_the_domains_allow_and_the_table_lacks() -> None:
    program = _program(
        'table t {\n  n : int in 0..2 null\n  c : category { "a", "b" }\n}\n'
        'lookup L(k, c -> v) { (0, "a") -> 1; (1, "a") -> 1; (2, "a") -> 1; (0, "b") -> 1 }\nhard r: n <= L(n, c)\n'
    )
    assert {"L": {(1, "b"), (2, "b")}} == z3_oracle.lookup_gaps(program)

"""Witnesses: rows that satisfy all rules or break just one, judged by check and by listing every row."""

from __future__ import annotations

import pytest

from htdbu.analyses.witness import NoWitness, Witness, one_row_names, witness
from htdbu.analyses.witness.found import blank_row
from htdbu.analyses.witness.typical import typical_row
from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.grammar.source import Source
from htdbu.solver.encoding import encode
from tests.analyses.enumeration import Enumeration, count_rows
from tests.analyses.random_rules import random_program_text
from tests.solver import oracle

TABLE = """\
table t {
  age  : int in 0..100
  job  : category { "none", "clerk", "judge" }
  paid : decimal(2) in 0..1_000
  left : decimal(2) = 1_000 - paid
  day  : date in 2020-01-01..2020-12-31 null
  note : text
  free : int
}
"""
RULES = """\
hard works: job != "none" => age >= 18
hard judge: job == "judge" => age >= 40
soft(2) poor: age < 20 => paid <= 10
"""


def program_of(text: str) -> Program:
    compilation = compile_source(Source("t.htr", text))
    assert [] == compilation.errors
    return compilation.program


def found(text: str, rule: str | None = None, real: object = None) -> Witness:
    program = program_of(text)
    answer = witness(program, rule, None if real is None else encode(program, real))
    assert isinstance(answer, Witness), str(answer)
    return answer


def refused(text: str, rule: str | None = None) -> NoWitness:
    answer = witness(program_of(text), rule)
    assert isinstance(answer, NoWitness)
    return answer


def test_without_data_a_row_lies_in_the_middle() -> None:
    row = found(TABLE + RULES).row
    assert {
        "age": 50,
        "job": "none",
        "paid": 500.0,
        "left": 500.0,
        "day": "2020-07-01",
        "note": "text-1",
        "free": 50,
    } == row


def test_data_say_what_is_typical() -> None:
    real = {
        "age": [20, 30, 31],
        "job": ["judge", "clerk", "clerk"],
        "paid": ["1.5", "2", "900"],
        "day": [None, None, "2020-02-01"],
        "note": ["a", "b", "c"],
        "free": [7, 8, 9],
    }
    import pandas as pd

    row = found(TABLE + RULES, real=pd.DataFrame(real)).row
    assert (30, "clerk", 2.0, 998.0, None, 8) == tuple(row[n] for n in ("age", "job", "paid", "left", "day", "free"))


@pytest.mark.parametrize(
    ("rule", "cells"),
    [
        ("works", {"age": 17, "job": "clerk", "paid": 10.0}),
        ("judge", {"age": 39, "job": "judge"}),
        ("poor", {"age": 19, "paid": 500.0}),
        ("age.domain", {"age": 101}),
        ("age.null", {"age": None}),
        ("job.domain", {"job": "no-such-level"}),
        ("left.derived", {"left": 500.01, "paid": 500.0}),
        ("left.domain", {"left": "not-a-decimal"}),
        ("note.null", {"note": None}),
    ],
)
def test_a_row_breaks_only_what_it_should_and_is_otherwise_typical(rule: str, cells: dict[str, object]) -> None:
    answer = found(TABLE + RULES, rule)
    assert [rule] == answer.breaks
    assert cells == {name: answer.row[name] for name in cells}
    assert answer.nearest


def test_a_soft_rule_is_broken_only_where_it_must_be() -> None:
    text = TABLE + "hard young: age < 20\nhard rich: paid >= 500\nsoft poor: age < 20 => paid <= 10\n"
    assert ["poor"] == found(text).breaks


def test_where_another_rule_is_broken_too_it_is_named() -> None:
    answer = refused(TABLE + "hard a: age >= 18\nhard b: age >= 10\nhard c: paid >= 5\n", "b")
    assert ("b", ("a",), False) == (answer.rule, answer.rules, answer.undecided)
    assert "no row breaks only `b`: `a` is then broken too" == str(answer)


def test_a_rule_that_the_domains_imply_cannot_be_broken() -> None:
    assert (
        "no row breaks only `a`: the columns' declarations alone imply it"
        == str(refused(TABLE + "hard a: age >= 0\n", "a"))
    )  # fmt: skip


def test_rules_that_contradict_each_other_leave_no_row() -> None:
    text = TABLE + "hard a: age >= 18\nhard b: age <= 10\nhard c: paid >= 5\n"
    assert "no row satisfies all hard rules: `a`, `b` cannot hold together" == str(refused(text))
    assert "no row breaks only `c`: `a`, `b` cannot hold together" == str(refused(text, "c"))


def test_a_domain_that_no_other_rule_lets_a_value_leave_is_left_by_what_is_no_value() -> None:
    text = TABLE + "hard a: age <= 99\nhard b: age >= 0\n"
    assert "not-a-int" == found(text, "age.domain").row["age"]


def test_numbers_beyond_the_search_are_told() -> None:
    answer = witness(
        program_of("table t { a : int in 1..9_000_000  b : int in 1..9 }\nhard r: a * a * b >= 1\n"), "b.domain"
    )
    assert isinstance(answer, Witness) or answer.undecided


@pytest.mark.parametrize("seed", range(40))
def test_random_rules_have_the_witnesses_that_a_list_of_all_rows_holds(seed: int) -> None:
    program = program_of(random_program_text(seed))
    every = Enumeration(program) if count_rows(program) <= 3_000 else None
    for name in [None, *one_row_names(program)]:
        answer = witness(program, name)
        if isinstance(answer, Witness):
            hard = {outcome.name for outcome in answer.broken if outcome.kind != "soft"}
            assert hard <= {name}
            assert name is None or name in answer.breaks
        if every is not None and (name is None or name in every.fails):
            rows = every._left([other for other in every.hard if other != name])
            rows = rows if name is None else rows & every.fails[name]
            assert bool(rows) == isinstance(answer, Witness)
            if isinstance(answer, Witness):
                weights = {r.name: r.weight or 0 for r in program.rules if r.kind == "soft" and r.name != name}
                least = min(sum(w for soft, w in weights.items() if row in every.fails[soft]) for row in rows)
                assert least == sum(w for soft, w in weights.items() if soft in answer.breaks)
                best = [i for i in rows if least == sum(w for soft, w in weights.items() if i in every.fails[soft])]
                prices = [far_from_typical(program, every.rows[i]) for i in best]
                assert min(prices) == far_from_typical(program, naive(program, answer))


def naive(program: Program, answer: Witness) -> dict[str, object]:
    """The row as the naive evaluator knows it."""
    text = answer.cells
    return {c.name: None if text[c.name] == "null" else oracle.literal(c, text[c.name]) for c in program.columns}


def far_from_typical(program: Program, row: dict[str, object]) -> object:
    """The price of section 5 for turning a typical row into a row, soft rules apart."""
    blank = Witness(program, blank_row(program))
    for i, value in typical_row(program).items():
        blank.table.put(i, [value])
    bare = program.model_copy(update={"rules": ()})
    return oracle.price(bare, naive(program, blank), row)

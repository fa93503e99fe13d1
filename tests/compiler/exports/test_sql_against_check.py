"""Random rule files and rows: every CHECK says in a real database what `htdbu check` says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import htdbu
from tests.compiler.exports.databases import expected, taken, valid, verdicts, with_derived
from tests.solver.rule_texts import Drawn, rule_files

QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
DEEP = settings(QUICK, max_examples=50)
DIALECTS = ("duckdb", "sqlite")


def compiled(drawn: Drawn) -> htdbu.Program:
    try:
        return htdbu.compile_text(drawn.text)
    except htdbu.CompileError as error:
        assume(not {"HTR203", "HTR207", "HTR301"} & {finding.code for finding in error.diagnostics})
        raise


def agree(drawn: Drawn, dialect: str, shift: int) -> None:
    program = compiled(drawn)
    rows = with_derived(program, drawn.headers, drawn.rows)
    for row in rows[:1]:
        for i, column in enumerate(program.columns):
            if column.derived is not None:
                row[i] = str(shift) if shift else row[i]
    told = verdicts(program, rows, dialect)
    wanted = expected(program, rows)
    for name, answers in told.items():
        if name in wanted and not name.endswith((".domain", ".derived")):
            assert wanted[name] == answers, name
        elif name in wanted:
            assert [v is False for v in wanted[name]] == [v is False for v in answers], name
    left_out = {rule.name for rule in program.rules} - set(told)
    assert not left_out
    assert valid(program, rows) == taken(program, rows, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
@QUICK
@given(drawn=rule_files(rows=5, wild=False), shift=st.integers(0, 2))
def test_every_check_says_what_check_says(dialect: str, drawn: Drawn, shift: int) -> None:
    agree(drawn, dialect, shift)


@pytest.mark.slow
@pytest.mark.parametrize("dialect", DIALECTS)
@DEEP
@given(drawn=rule_files(rows=6, most_rules=4, wild=False), shift=st.integers(0, 2))
def test_every_check_says_what_check_says_on_many(dialect: str, drawn: Drawn, shift: int) -> None:
    agree(drawn, dialect, shift)

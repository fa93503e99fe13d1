"""Random rule files and rows: check, CP-SAT repair and a naive evaluator of the source agree, row by row."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings

import htdbu
from htdbu.compiler.program import Column
from htdbu.compiler.program import Program as ProgramIR
from tests.solver import oracle
from tests.solver.rule_texts import Drawn, rule_files

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
DEEP = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def _program(drawn: Drawn) -> htdbu.Program:
    try:
        return htdbu.compile_text(drawn.text)
    except htdbu.CompileError as error:
        # A term that is finer than a column, or a divisor that may be 0, may be drawn; nothing else may be wrong.
        assume(not {"HTR203", "HTR207", "HTR301"} & {finding.code for finding in error.diagnostics})
        raise


def _frame(drawn: Drawn) -> pd.DataFrame:
    return pd.DataFrame(list(drawn.rows), columns=list(drawn.headers), dtype="str")


def _value(column: Column, cell: str) -> Any:
    """A raw cell as the oracle's value."""
    if cell == "":
        return None
    try:
        match column.type.kind:
            case "int" | "decimal":
                return Fraction(round(Fraction(cell) * 10**column.type.scale), 10**column.type.scale)
            case "bool":
                return {"true": True, "false": False}[cell]
            case "category":
                return cell if cell in column.type.levels else oracle.BROKEN
            case _:
                return date.fromisoformat(cell)
    except (KeyError, ValueError):
        return oracle.BROKEN


def _rows(program: ProgramIR, frame: pd.DataFrame) -> list[dict[str, Any]]:
    stored = [column for column in program.columns if column.header in frame.columns]
    rows = [
        {c.name: _value(c, cell) for c, cell in zip(stored, cells, strict=True)}
        for cells in frame[[c.header for c in stored]].itertuples(index=False)
    ]
    return [row if len(row) == len(program.columns) else oracle.completed(program, row) for row in rows]


def _check_agrees(drawn: Drawn) -> None:
    program = _program(drawn)
    frame = _frame(drawn)
    again = ProgramIR.model_validate_json(program.model_dump_json())
    rows = _rows(program, frame)
    report = program.check(frame)
    told = htdbu.Program.check(htdbu.Program(**{k: getattr(again, k) for k in type(again).model_fields}), frame)
    assert report.to_dict() == told.to_dict()
    by_name = {rule.name: rule for rule in report.rules}
    for rule in program.rules:
        verdicts = [oracle.outcome(program, rule.outcome, row) for row in rows]
        found = by_name[rule.name]
        assert [i for i, v in enumerate(verdicts) if v == "fail"] == found.rows.tolist(), rule.name
        assert verdicts.count("unknown") == found.unknown, rule.name
        premise = rule.premise
        fired = [True if premise is None else oracle.outcome(program, premise, row) == "pass" for row in rows]
        assert sum(fired) == found.fired
    for column in program.columns:
        outside = [
            row[column.name] is oracle.BROKEN
            or (row[column.name] is not None and not oracle.in_domain(column, row[column.name]))
            for row in rows
        ]
        assert [i for i, bad in enumerate(outside) if bad] == by_name[f"{column.name}.domain"].rows.tolist()


@QUICK
@given(rule_files(rows=4))
def test_check_agrees_with_a_naive_evaluator(drawn: Drawn) -> None:
    _check_agrees(drawn)


@pytest.mark.slow
@DEEP
@given(rule_files(rows=6, most_rules=4))
def test_check_agrees_with_a_naive_evaluator_on_many(drawn: Drawn) -> None:
    _check_agrees(drawn)


def _repair_agrees(drawn: Drawn) -> None:
    program = _program(drawn)
    frame = _frame(drawn)
    rows = _rows(program, frame)
    result = program.repair(frame, threads=1)
    after = _rows(program, result.data)
    failed = set(result.unrepaired["row"])
    objective = Fraction(0)
    for i, row in enumerate(rows):
        wanted = oracle.best(program, row)
        if wanted is None:
            assert i in failed
            assert frame.iloc[i].tolist() == result.data[frame.columns].iloc[i].tolist()
            continue
        assert i not in failed
        shown = after[i]
        assert wanted[1] == shown, f"row {i}: {drawn.rows[i]}"
        assert oracle.is_valid(program, shown)
        if any(shown[c.name] != row[c.name] for c in program.columns if c.derived is None):
            objective += wanted[0]
    assert pytest.approx(float(objective)) == result.report.to_dict()["objective"]
    again = program.repair(result.data, threads=2)
    assert result.data.equals(again.data)


@settings(QUICK, max_examples=15)
@given(rule_files(rows=2, wild=True))
def test_repair_finds_the_row_of_brute_force(drawn: Drawn) -> None:
    _repair_agrees(drawn)


@pytest.mark.slow
@settings(DEEP, max_examples=8)
@given(rule_files(rows=3, most_rules=4))
def test_repair_finds_the_row_of_brute_force_on_many(drawn: Drawn) -> None:
    _repair_agrees(drawn)

"""Every operator and function on every combination of values and nulls: numpy, CP-SAT and a naive evaluator agree."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from itertools import product
from typing import Any

import pandas as pd
import pytest

import htdbu
from htdbu.compiler.compile import compile_source
from htdbu.compiler.expressions import Call, columns_of
from htdbu.compiler.functions import functions
from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalRule, Var
from htdbu.compiler.program import Program
from htdbu.grammar.source import Source
from htdbu.solver.components import components
from htdbu.solver.cpsat.columns import box_of, declare, lowering_of, plain_columns
from htdbu.solver.cpsat.model import Model
from htdbu.solver.cpsat.search import Budget, Search
from htdbu.solver.encoding import encode
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.solutions import Status
from htdbu.solver.table import VALUE, EncodedTable
from htdbu.solver.texts import TextCodes
from tests.solver import oracle

COLUMNS: dict[str, tuple[str, list[Any]]] = {
    "x": ("int in -3..9 null", [-2, 0, 3, None]),
    "y": ("decimal(1) in -3..9 null", [Fraction(-5, 2), Fraction(3), None]),
    "m": ("decimal(1) in 1..4 null", [Fraction(3, 2), Fraction(4), None]),
    "p": ("bool null", [False, True, None]),
    "q": ("bool null", [False, True, None]),
    "r": ("bool null", [False, True, None]),
    "c": ('category { "ab", "ba" } null', ["ab", "ba", None]),
    "e": ('category { "ab", "ba" } null', ["ab", "ba", None]),
    "o": ('category ordered { "lo" < "mid" < "hi" } null', ["lo", "hi", None]),
    "t": ("date in 2024-01-01..2025-12-31 null", [date(2024, 2, 29), date(2025, 12, 31), None]),
    "u": ("date in 2024-01-01..2025-12-31 null", [date(2024, 3, 31), date(2025, 12, 31), None]),
    "w": ("datetime in 2024-01-01T00:00:00..2024-12-31T00:00:00 null", [datetime(2024, 5, 1, 12, 30), None]),
}
TEMPLATES: dict[str, list[str]] = {
    "add": ["x + y", "x + null", "t + x == u", "w + 1.5 > w"],
    "sub": ["x - y", "t - u", "w - w", "u - x < t"],
    "mul": ["x * y", "0 * x", "null * x"],
    "div": ["x / m", "y / m", "1 / m", "null / m"],
    "neg": ["-x", "-y"],
    "sum": ["sum(x, y, m)", "sum(x)"],
    "abs": ["abs(x)", "abs(y - x)"],
    "mod": ["mod(x, m)", "mod(y, m)", "mod(x, -2)"],
    "year": ["year(t)", "year(w)"],
    "month": ["month(t)"],
    "day": ["day(t)", "day(w)"],
    "weekday": ["weekday(t)", "weekday(w)"],
    "days_between": ["days_between(t, u)"],
    "eq": ["x == y", "c == e", 'c == "ab"', "p == q", "t == u", "x == null", "o == null", "w == 2024-05-01T12:30:00"],
    "ne": ["x != y", "c != e", "p != q", "t != u"],
    "lt": ["x < y", 'o < "hi"', "t < u"],
    "le": ["x <= y", 'o <= "mid"', "t <= u"],
    "gt": ["x > y", 'o > "lo"', "t > u"],
    "ge": ["x >= y", 'o >= "mid"', "t >= u"],
    "in": ["x in { 0, 3 }", "x in { y, 0 }", 'c in { "ab" }', "p in { true }", "x not in { 0 }", "x in 0..m"],
    "and": ["p and q", "p and q and r", "p and null"],
    "or": ["p or q", "p or q or r", "p or null"],
    "not": ["not p", "not (p and q)"],
    "implies": ["p => q", "p => q => r", "null => p", "p => null"],
    "iff": ["p <=> q", "p <=> q <=> r", "p <=> null"],
    "all": ["all(p, q, r)", "all(p)"],
    "any": ["any(p, q, r)", "any(p)"],
    "count": ["count(p, q, r)", "count(x > 0, y > 0, p)"],
    "is_null": ["x is null", "(p and q) is null", "(x + y) is not null", "(if p then x else y) is null"],
    "coalesce": ["coalesce(x, y)", "coalesce(x, y, 1)", "coalesce(p, q)", 'coalesce(c, e) == e', "coalesce(t, u) == t"],
    "round": ["round(y)", "round(x / m, 1)", "round(y * 0.5, 0)"],
    "floor": ["floor(y)", "floor(x / m)"],
    "ceil": ["ceil(y)", "ceil(x / m)"],
    "min": ["min(x, y, m)", "min(t, u) == t", "min(x)"],
    "max": ["max(x, y, m)", "max(t, u) == u", "max(x)"],
    "starts_with": ['starts_with(c, "a")'],
    "ends_with": ['ends_with(c, "a")'],
    "contains": ['contains(c, "b")'],
    "matches": ['matches(c, "a.*")'],
    "if": ["if p then x else y", "if p then q else r", "case { p -> x; q -> y; else -> m }"],
    "lookup": ["known(x)", "pair(c, p)", 'word(x) == c'],
    "chain": ["x <= y <= m", "0 < x != y"],
}  # fmt: skip
LOOKUPS = """
lookup known(k -> v) { -2 -> 10; 3 -> 0.5 }
lookup pair(a, b -> v) { ("ab", true) -> 1; ("ba", false) -> 2 }
lookup word(k -> v) { 0 -> "ab"; 3 -> "ba" }
"""
CASES = [(name, template) for name, templates in TEMPLATES.items() for template in templates]


def test_every_function_is_tried() -> None:
    assert set(functions()) <= set(TEMPLATES)


def _text(text: str) -> str:
    declared = "\n".join(f"  {name} : {kind}" for name, (kind, _) in COLUMNS.items())
    lookups = "".join(f"{line}\n" for line in LOOKUPS.splitlines() if line.split("(")[0][7:] in text)
    return f"table t {{\n{declared}\n}}\n{lookups}{text}\n"


def _program(text: str) -> Program:
    return htdbu.compile_text(_text(text))


def _rows(program: Program) -> list[dict[str, Any]]:
    """Every combination of values and nulls of the columns that the rules read; the others are null."""
    read = [name for name in COLUMNS if any(name in columns_of(rule.outcome) for rule in program.rules)]
    combinations = product(*(COLUMNS[name][1] for name in read))
    return [{**dict.fromkeys(COLUMNS), **dict(zip(read, cells, strict=True))} for cells in combinations]


def _table(program: Program, rows: list[dict[str, Any]]) -> EncodedTable:
    def written(value: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        return (
            "" if value is None else str(float(value)) if isinstance(value, Fraction) else str(value).replace(" ", "T")
        )

    frame = pd.DataFrame([{name: written(value) for name, value in row.items()} for row in rows], dtype="str")
    return encode(program, frame)


def _numpy(program: Program, rule: NormalRule, table: EncodedTable) -> list[bool | None]:
    true, false = Evaluator(normalise(program), table).truth(rule.outcome)
    return [True if t else False if f else None for t, f in zip(true.tolist(), false.tolist(), strict=True)]


def _cp_sat(program: Program, rule: NormalRule, table: EncodedTable) -> list[bool | None]:
    """The truth of a rule to CP-SAT, on rows to which its columns are held."""
    component = next(c for c in components(normalise(program), frozenset()) if rule in c.hard)
    answers: list[bool | None] = []
    for row in range(table.n_rows):
        model, codes = Model(), TextCodes(component)
        columns = declare(model, component, codes, {i: box_of(component, i, codes) for i in plain_columns(component)})
        lowering = lowering_of(model, component, columns)
        for i in columns:
            known = table.states[i][row] == VALUE
            model.clause((~columns[i].null if known else columns[i].null,))
            if known:
                value = int(table.values[i][row])
                model.linear(lowering.number(Var(i)).form, ((value, value),))
        condition = lowering.condition(rule.outcome)
        true, seen = model.indicator(condition.true), model.indicator(lowering.known(condition))
        answer = Search().feasible(model, Budget(10.0))
        assert Status.OPTIMAL is answer.status
        is_known = answer.total(seen.terms) + seen.constant
        answers.append(bool(answer.total(true.terms) + true.constant) if is_known else None)
    return answers


def _conditions(template: str) -> list[str]:
    """The template itself where it is a condition; where it is a number, its equality with every value it takes."""
    if not compile_source(Source("t.htr", _text(f"hard it: {template}"))).errors:
        return [template, f"({template}) is null"]
    program = _program(f"hard it: ({template}) is null")
    test = program.rules[0].body
    assert isinstance(test, Call)
    values = {oracle.evaluate(program, test.args[0], row) for row in _rows(program)} - {None}
    equal = [f"({template}) * {value.denominator} == {value.numerator}" for value in sorted(values)]
    return [f"({template}) is null", *equal, f"({template}) <= 1"]


@pytest.mark.parametrize(("name", "template"), CASES, ids=[template for _, template in CASES])
def test_the_evaluators_agree_on_nulls_and_values(name: str, template: str) -> None:
    conditions = _conditions(template)
    program = _program("\n".join(f"hard r{i}: {condition}" for i, condition in enumerate(conditions)))
    rows = _rows(program)
    table = _table(program, rows)
    for rule, lowered in zip(program.rules, normalise(program).rules, strict=True):
        expected = [oracle.evaluate(program, rule.outcome, row) for row in rows]
        assert expected == _numpy(program, lowered, table), rule.name
        assert expected == _cp_sat(program, lowered, table), rule.name

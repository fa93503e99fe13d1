"""Targets that no table meets: the answer is that of a linear program over all valid rows, listed one by one."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from htdbu.analyses import analyse
from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source

_TABLE = """\
table t {
  a : int in 0..4
  b : bool
  c : category { "x", "y", "z" }
}
"""
_RULES = {
    "b => a >= 2": lambda row: not row[1] or row[0] >= 2,
    'c == "x" => b': lambda row: row[2] != "x" or row[1],
    "not (a == 4 and b)": lambda row: row[0] != 4 or not row[1],
    'c != "z" or a <= 1': lambda row: row[2] != "z" or row[0] <= 1,
}
_ROWS = list(product(range(5), (False, True), "xyz"))
Row = tuple[int, bool, str]
_CONDITIONS = {
    "b": lambda row: row[1],
    "a >= 3": lambda row: row[0] >= 3,
    'c == "x"': lambda row: row[2] == "x",
    'c in { "y", "z" } and not b': lambda row: row[2] != "x" and not row[1],
}


def _draw(seed: int) -> tuple[str, list[Row], list[tuple[list[float], float]]]:
    """A file, its valid rows, and what its targets demand: `sum of x * weight >= bound`."""
    draw = random.Random(seed)
    rules = draw.sample(list(_RULES), draw.randint(0, 3))
    rows = [row for row in _ROWS if all(_RULES[rule](row) for rule in rules)]
    lines = [f"hard r{i}: {rule}" for i, rule in enumerate(rules)]
    demands: list[tuple[list[float], float]] = []
    for number in range(draw.randint(1, 4)):
        low = draw.randint(0, 9)
        high = min(10, low + draw.randint(0, 3))
        given, counts = draw.choice([("", lambda row: True), *((f" given {t}", f) for t, f in _CONDITIONS.items())])
        size = [float(counts(row)) for row in rows]
        demands.append((size, 1.0))
        if draw.random() < 0.6:
            text, met = draw.choice(list(_CONDITIONS.items()))
            value = [float(counts(row) and met(row)) for row in rows]
            lines.append(f"target t{number}: share({text}{given}) in {low * 10}%..{high * 10}%")
            ends = (low / 10, high / 10)
        else:
            value = [float(row[0]) * counts(row) for row in rows]
            ends = (low * 0.4, high * 0.4)
            lines.append(f"target t{number}: mean(a{given}) in {ends[0]:.1f}..{ends[1]:.1f}")
        demands.append(([v - ends[0] * s for v, s in zip(value, size, strict=True)], 0.0))
        demands.append(([ends[1] * s - v for v, s in zip(value, size, strict=True)], 0.0))
    return _TABLE + "\n".join(lines) + "\n", rows, demands


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_the_answer_is_that_of_a_program_over_all_rows(first: int) -> None:
    for seed in range(first, first + 20):
        text, rows, demands = _draw(seed)
        matrix = np.array([weights for weights, _ in demands])
        bounds = np.array([bound for _, bound in demands])
        possible = linprog(np.zeros(len(rows)), A_ub=-matrix, b_ub=-bounds, method="highs").status == 0
        codes = {finding.code for finding in analyse(compile_source(Source("a.htr", text)).checked())}
        assert possible == ("HTR603" not in codes), f"seed {seed}\n{text}"
        assert "HTR390" not in codes


def test_both_answers_occur() -> None:
    texts = [_draw(seed)[0] for seed in range(120)]
    found = ["HTR603" in {f.code for f in analyse(compile_source(Source("a.htr", text)).checked())} for text in texts]
    assert Fraction(1, 5) < Fraction(sum(found), len(found)) < Fraction(4, 5)

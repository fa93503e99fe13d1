"""Money is exact: check and repair agree with Python's Decimal on large sums, products and ratios."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import htdbu

MONEY = 10**12 - 1
"""Twelve digits, two of them after the point."""
COLUMNS = """
table t {
  a    : decimal(2) in 0..9_999_999_999.99
  b    : decimal(2) in 0.01..9_999_999_999.99
  c    : decimal(2) in -9_999_999_999.99..9_999_999_999.99
  rate : decimal(4) in 0..1
}
"""
Judge = Callable[[Decimal, Decimal, Decimal, Decimal], bool]


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))  # half-even


RULES: dict[str, Judge] = {
    "a + b == c": lambda a, b, c, r: a + b == c,
    "a - b <= c": lambda a, b, c, r: a - b <= c,
    "a * rate <= b": lambda a, b, c, r: a * r <= b,
    "a * rate == c": lambda a, b, c, r: a * r == c,
    "a / b <= 0.35": lambda a, b, c, r: a <= Decimal("0.35") * b,
    "a / b == rate": lambda a, b, c, r: a == r * b,
    "c / b < a / b": lambda a, b, c, r: c < a,
    "round(a * rate, 2) == c": lambda a, b, c, r: _cents(a * r) == c,
    "a * 1.19 - c >= 0.005": lambda a, b, c, r: a * Decimal("1.19") - c >= Decimal("0.005"),
    "a + a + a == 3 * a": lambda a, b, c, r: True,
    "a / 3 * 3 == a": lambda a, b, c, r: True,
    "a / 7 <= c": lambda a, b, c, r: a <= 7 * c,
    "(a + b) * (1 + rate) >= c * 0.99": lambda a, b, c, r: (a + b) * (1 + r) >= c * Decimal("0.99"),
    "0.1 + 0.2 == 0.3 or a > b": lambda a, b, c, r: True,
    "0.1 + 0.2 != 0.3": lambda a, b, c, r: False,
}


def _money(low: int) -> st.SearchStrategy[Decimal]:
    edges = st.sampled_from([max(low, 0), low, 1, 99, 100, MONEY, MONEY - 1])
    return st.one_of(edges, st.integers(low, MONEY)).map(lambda cents: Decimal(cents).scaleb(-2))


RATES = st.one_of(st.sampled_from([0, 1, 3333, 9999, 10_000]), st.integers(0, 10_000)).map(
    lambda n: Decimal(n).scaleb(-4)
)


@st.composite
def _row(draw: st.DrawFn) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """A row, often one on the very edge of a rule."""
    a, b, rate = draw(_money(0)), draw(_money(1)), draw(RATES)
    near = draw(st.sampled_from([None, a + b, a - b, a * rate, a, b, a / 7, a * Decimal("1.19")]))
    c = draw(_money(-MONEY)) if near is None else _cents(near) + draw(st.sampled_from([-1, 0, 1])) * Decimal("0.01")
    if draw(st.booleans()):
        a = min(_cents(draw(st.sampled_from([b * rate, b * Decimal("0.35"), a]))), Decimal(MONEY).scaleb(-2))
    return a, b, max(min(c, Decimal(MONEY).scaleb(-2)), -Decimal(MONEY).scaleb(-2)), rate


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(_row(), min_size=1, max_size=20))
def test_check_is_what_decimal_says(rows: list[tuple[Decimal, Decimal, Decimal, Decimal]]) -> None:
    program = htdbu.compile_text(COLUMNS + "\n".join(f"hard r{i}: {rule}" for i, rule in enumerate(RULES)))
    frame = pd.DataFrame([[str(cell) for cell in row] for row in rows], columns=["a", "b", "c", "rate"], dtype="str")
    failed = {rule.name: set(rule.rows.tolist()) for rule in program.check(frame).rules}
    with localcontext() as context:
        context.prec = 60
        for i, judge in enumerate(RULES.values()):
            assert {k for k, row in enumerate(rows) if not judge(*row)} == failed[f"r{i}"]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "0.1 + 0.2 != 0.3"])
@settings(max_examples=8, deadline=None)
@given(row=_row())
def test_a_repaired_row_holds_for_decimal(rule: str, row: tuple[Decimal, Decimal, Decimal, Decimal]) -> None:
    program = htdbu.compile_text(COLUMNS + f"hard it: {rule}")
    frame = pd.DataFrame([[str(cell) for cell in row]], columns=["a", "b", "c", "rate"], dtype="str")
    result = program.repair(frame)
    assert result.unrepaired.empty
    repaired = [Decimal(str(cell)) for cell in result.data.iloc[0]]
    with localcontext() as context:
        context.prec = 60
        assert RULES[rule](*repaired)
        if RULES[rule](*row):
            assert list(row) == repaired


def test_a_sum_of_fifty_columns_of_money_is_exact() -> None:
    columns = "\n".join(f"  m{i} : decimal(2) in 0..9_999_999_999.99" for i in range(50))
    total = Decimal("9999999999.99") * 50
    program = htdbu.compile_text(
        f"table t {{\n{columns}\n  total : decimal(2) in 0..1e12\n}}\nhard it: sum([m*]) == total"
    )
    cells = ["9999999999.99"] * 50
    frame = pd.DataFrame(
        [[*cells, str(total)], [*cells, str(total - Decimal("0.01"))]], columns=[c.name for c in program.columns]
    )
    assert [1] == next(rule for rule in program.check(frame).rules if rule.name == "it").rows.tolist()


@pytest.mark.parametrize("rule", ["a * b * c >= 0", "a * b * rate * rate <= 1", "(a * b) / (b * b) >= 0"])
def test_what_could_overflow_is_found_when_the_rules_are_compiled(rule: str) -> None:
    with pytest.raises(htdbu.CompileError) as caught:
        htdbu.compile_text(COLUMNS + f"hard it: {rule}")
    assert {"HTR301"} == {finding.code for finding in caught.value.diagnostics if finding.is_error}

"""Blocks of columns, prices, engines: the small parts of a repair."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import htdbu
from htdbu.compiler import normal as n
from htdbu.compiler.lowering import normalise
from htdbu.errors import CompileError, UsageError
from htdbu.solver.cells import Cell, Mode
from htdbu.solver.components import components
from htdbu.solver.engine import chain, engine, names
from htdbu.solver.objective import Prices, cell_price
from htdbu.solver.ranges import clip, complement, joined, nearest
from tests.solver.normal_strategies import column, program, rule

TABLE = """
table t {
  a : int in 0..9
  b : int in 0..9
  c : int in 0..9
  d : int = a + 1
  e : bool
  f : bool fixed
}
"""


def blocks(rules: str) -> list[tuple[int, ...]]:
    normal = normalise(htdbu.compile_text(TABLE + rules))
    return [block.columns for block in components(normal, frozenset({5}))]


def test_columns_that_no_rule_connects_are_blocks_of_their_own() -> None:
    assert [(0, 3), (1,), (2,), (4,), (5,)] == blocks("")


def test_hard_and_soft_rules_and_definitions_connect() -> None:
    assert [(0, 1, 3), (2, 4), (5,)] == blocks("hard r: b >= d\nsoft(2) s: c > 3 => e")


def test_a_rule_without_columns_is_a_block_without_columns() -> None:
    assert () == blocks("param p = 1\nhard r: p > 2")[-1]


def test_what_may_change_in_a_block() -> None:
    normal = normalise(htdbu.compile_text(TABLE + "hard r: f => d > 3\nsoft(2) s: a > 2"))
    block = components(normal, frozenset({5}))[0]
    assert ((0, 3, 5), (0,), (5,), (3,), (0, 5)) == (
        block.columns,
        block.mutable,
        block.fixed,
        block.derived,
        block.cells,
    )
    assert (["r"], ["s"]) == ([r.name for r in block.hard], [r.name for r in block.soft])


costs = st.decimals("0.01", "9.99", places=2)


@given(costs, costs, costs, st.integers(0, 300), st.integers(-5, 305), st.integers(0, 300))
def test_integer_prices_are_the_fractions_times_the_unit(
    first: Decimal, second: Decimal, weight: Decimal, width: int, start: int, end: int
) -> None:
    columns = [
        column("a", box=((0, width),), nullable=True, cost=first),
        column("b", "bool", ((0, 1),), cost=second),
    ]
    both = n.Or((n.Within(n.Var(0), ((0, 1),)), n.Within(n.Var(1), ((0, 0),))))
    (block,) = components(program(columns, [rule("s", both, str(weight))]), frozenset())
    prices = Prices(block)
    near, value = min(max(start, 0), width), min(end, width)
    cells = [Cell(Mode.VALUE if near == start else Mode.OUTSIDE, near), Cell(Mode.NULL), Cell(Mode.BROKEN)]
    for cell in cells:
        for new in (value, None):
            assert cell_price(columns[0], cell, new) * prices.unit == prices.cell(0, cell, new)
    for cell in (Cell(Mode.VALUE, 0), Cell(Mode.VALUE, 1), Cell(Mode.BROKEN)):
        assert cell_price(columns[1], cell, 0) * prices.unit == prices.cell(1, cell, 0)
    assert [Fraction(weight) * prices.unit] == [Fraction(price) for price in prices.soft]
    assert prices.least(0) <= prices.cell(0, Cell(Mode.VALUE, 0), 1)


def test_prices_of_the_definition() -> None:
    number, flag = column("a", box=((0, 100),), cost="2"), column("b", "bool", ((0, 1),), cost="0.5")
    assert Fraction(2) + Fraction(2 * 7, 128) == cell_price(number, Cell(Mode.VALUE, 3), 10)
    assert [0, 3, 200] == [cell_price(number, Cell(Mode.VALUE, 3), 3), *_filled(number)]
    assert Fraction(3, 4) == cell_price(flag, Cell(Mode.VALUE, 0), 1)
    assert 0 == cell_price(number, Cell(Mode.NULL), None)


def _filled(number: n.NormalColumn) -> list[Fraction]:
    return [cell_price(number, Cell(Mode.NULL), 5), cell_price(number, Cell(Mode.BROKEN), None)]


def test_prices_that_64_bits_do_not_hold_are_found_when_the_rules_are_compiled() -> None:
    with pytest.raises(CompileError) as caught:
        htdbu.compile_text(
            "table t {"
            + " ".join(f"c{i} : decimal(6) null cost 0.37" for i in range(9))
            + "}\nhard r: c0 + c1 <= c2 - 1"
        )
    first, *others = [finding for finding in caught.value.diagnostics if finding.is_error]
    assert {"HTR301"} == {finding.code for finding in (first, *others)}
    assert "the column `c0` makes the price of a repair reach" in first.message


def test_engines_are_found_by_name() -> None:
    assert ["compiled", "cp-sat", "table"] == names()
    assert ["table", "compiled", "cp-sat"] == [each.name for each in chain()]
    assert "cp-sat" == chain("auto")[-1].name
    with pytest.raises(UsageError, match="no repair engine `gurobi`"):
        engine("gurobi")


ranges = st.lists(st.integers(-20, 20), min_size=2, max_size=8, unique=True).map(sorted)


@given(ranges, st.integers(-25, 25), st.integers(0, 30))
def test_the_algebra_of_ranges(ends: list[int], low: int, width: int) -> None:
    union = tuple(zip(ends[::2], ends[1::2], strict=False))
    high = low + width
    inside = {v for a, b in union for v in range(a, b + 1)}
    window = set(range(low, high + 1))
    assert inside & window == {v for a, b in clip(union, low, high) for v in range(a, b + 1)}
    assert window - inside == {v for a, b in complement(union, low, high) for v in range(a, b + 1)}
    assert inside == {v for a, b in joined(union) for v in range(a, b + 1)}
    assert all(b + 1 < c for (_, b), (c, _) in zip(joined(union), joined(union)[1:], strict=False))
    assert min(inside, key=lambda v: (abs(v - low), v)) == nearest(union, low)

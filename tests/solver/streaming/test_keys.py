"""Keys and their numbers are those of a dictionary, whatever the pieces, and halves that collide."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler.lowering import normalise
from htdbu.solver.outcomes import SeveralRows
from htdbu.solver.streaming.keys import Keys, tuple_keys
from htdbu.solver.streaming.numbering import Numbering
from htdbu.solver.streaming.several import Ledger, rule_keys
from htdbu.solver.table import HUGE, NULL, VALUE, EncodedTable

PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), max_size=12)


def keys_of(pairs: list[tuple[int, int]]) -> Keys:
    halves = np.array(pairs, np.uint64).reshape(-1, 2)
    return Keys(np.arange(len(pairs)), halves[:, 0].copy(), halves[:, 1].copy())


@given(st.lists(PAIRS, max_size=9), PAIRS)
def test_numbers_count_up_as_keys_are_met(pieces: list[list[tuple[int, int]]], asked: list[tuple[int, int]]) -> None:
    numbering, marks = Numbering(), Numbering(numbered=False)
    known: dict[tuple[int, int], int] = {}
    for pairs in pieces:
        new = [pair not in known and pair not in pairs[:k] for k, pair in enumerate(pairs)]
        for pair in pairs:
            known.setdefault(pair, len(known))
        numbers, first = numbering.add(keys_of(pairs))
        assert ([known[pair] for pair in pairs], new) == (numbers.tolist(), first.tolist())
        assert new == marks.add(keys_of(pairs))[1].tolist()
    assert len(known) == numbering.count == marks.count
    assert [known.get(pair, -1) for pair in asked] == numbering.find(keys_of(asked)).tolist()
    assert [pair in known for pair in asked] == (marks.find(keys_of(asked)) >= 0).tolist()


def test_a_copy_goes_its_own_way() -> None:
    one = Numbering()
    one.add(keys_of([(1, 0), (2, 0)]))
    other = one.copy()
    one.add(keys_of([(3, 0)]))
    other.add(keys_of([(4, 0)]))
    asked = keys_of([(1, 0), (3, 0), (4, 0)])
    assert [0, 2, -1] == one.find(asked).tolist()
    assert [0, -1, 2] == other.find(asked).tolist()


PROGRAM = htdbu.compile_text("table t { a : int null  b : text null  c : int null }")
CELLS = st.none() | st.sampled_from([0, 1, -1, 3, 2**61, HUGE, -HUGE, 10**30])
ROWS = st.lists(st.tuples(CELLS, st.none() | st.sampled_from(["", "x", "y"]), CELLS), max_size=8)
Row = tuple[int | None, str | None, int | None]


def table_of(rows: list[Row]) -> EncodedTable:
    table = EncodedTable.blank(normalise(PROGRAM), len(rows))
    table.put(0, [row[0] for row in rows])
    table.put(2, [row[2] for row in rows])
    for k, row in enumerate(rows):
        table.states[1, k] = NULL if row[1] is None else VALUE
        table.values[1, k] = 0 if row[1] is None else table.texts.code(row[1])
    return table


@settings(max_examples=200)
@given(ROWS, ROWS, st.sampled_from([(0,), (1,), (0, 2), (2, 0), (1, 0), (0, 1, 2)]))
def test_tuples_are_equal_where_their_keys_are_in_other_pieces_too(
    one: list[Row], other: list[Row], columns: tuple[int, ...]
) -> None:
    found: dict[tuple[int, int], object] = {}
    for rows in (one, other):
        keys = tuple_keys(PROGRAM, table_of(rows), columns)
        tuples = {k: tuple(row[i] for i in columns) for k, row in enumerate(rows)}
        assert [k for k, cells in tuples.items() if None not in cells] == keys.rows.tolist()
        for k, high, low in zip(keys.rows.tolist(), keys.high.tolist(), keys.low.tolist(), strict=True):
            assert tuples[k] == found.setdefault((high, low), tuples[k])
    assert len(found) == len(set(found.values()))


@pytest.mark.parametrize("swap", [False, True])
def test_the_order_of_columns_matters(swap: bool) -> None:
    rows: list[Row] = [(1, "x", 3), (3, "x", 1)]
    keys = tuple_keys(PROGRAM, table_of(rows), (2, 0) if swap else (0, 2))
    assert 2 == len(set(zip(keys.high.tolist(), keys.low.tolist(), strict=True)))


def test_each_half_of_a_key_of_numbers_tells_tuples_apart_by_its_own_bits() -> None:
    rows: list[Row] = [(a, "x", b) for a in range(30) for b in range(30)]
    keys = tuple_keys(PROGRAM, table_of(rows), (0, 2))
    shares = np.bitwise_count(keys.high ^ keys.low) / 64
    assert len(set(keys.high.tolist())) == len(set(keys.low.tolist())) == 900
    assert 0.45 < shares.mean() < 0.55  # as of halves that know nothing of each other


@settings(max_examples=200)
@given(st.lists(ROWS, min_size=1, max_size=4), st.booleans())
def test_an_fd_that_holds_is_told_from_one_that_does_not(pieces: list[list[Row]], two: bool) -> None:
    rule = SeveralRows("fd", "fd", (0, 1) if two else (0,), (2,))
    ledger = Ledger(rule)
    rights: dict[object, set[object]] = {}
    for rows in pieces:
        ledger.add(rule_keys(PROGRAM, table_of(rows), rule), len(rows))
        for row in rows:
            if None not in [row[i] for i in rule.columns]:
                rights.setdefault(tuple(row[i] for i in rule.left), set()).add(row[2])
    assert all(len(right) == 1 for right in rights.values()) == ledger.holds

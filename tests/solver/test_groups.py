"""Rules over several rows, against definitions spelled out row by row."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import htdbu
from htdbu.compiler.lowering import normalise
from htdbu.solver.outcomes import dependent, group_numbers, repeated
from htdbu.solver.table import EncodedTable

PROGRAM = htdbu.compile_text("table t { a: int null  b: int null  c: int null }")
CELLS = st.sampled_from([None, 0, 1, 2, -1, 10**20, 10**20 + 1, -(10**20)])
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12)


def table_of(rows: list[tuple[int | None, ...]]) -> EncodedTable:
    table = EncodedTable.blank(normalise(PROGRAM), len(rows))
    for i in range(3):
        table.put(i, [row[i] for row in rows])
    return table


@given(ROWS)
def test_numbers_count_up_as_tuples_are_met(rows: list[tuple[int | None, ...]]) -> None:
    known = [row for row in rows if None not in row]
    numbers, first = group_numbers(table_of(known), (0, 1, 2), np.arange(len(known)))
    met = list(dict.fromkeys(known))
    assert [met.index(row) for row in known] == numbers.tolist()
    assert [known.index(row) for row in met] == first.tolist()


@given(ROWS)
def test_repeated(rows: list[tuple[int | None, ...]]) -> None:
    fail, unknown = repeated(table_of(rows), (0, 1))
    pairs = [row[:2] for row in rows]
    assert [None in pair for pair in pairs] == unknown.tolist()
    assert [None not in pair and pair in pairs[:k] for k, pair in enumerate(pairs)] == fail.tolist()


@given(ROWS)
def test_dependent(rows: list[tuple[int | None, ...]]) -> None:
    fail, unknown = dependent(table_of(rows), (0,), (1, 2))
    wanted = []
    for row in rows:
        sides = Counter(other[1:] for other in rows if None not in other and other[0] == row[0])
        # `most_common` keeps the order of first sight among equally frequent sides.
        wanted.append(None not in row and sides.most_common(1)[0][0] != row[1:])
    assert [None in row for row in rows] == unknown.tolist()
    assert wanted == fail.tolist()

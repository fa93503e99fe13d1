"""Finite tables over many rows: sorting gives what looking up every row gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from htdbu.solver.finite import looked_up

VALUES = st.one_of(st.integers(-3, 3), st.sampled_from([-(2**63), 2**63 - 1]))
BEYOND = st.one_of(VALUES, st.just(2**70))


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[tuple[int, ...], int], list[tuple[int, ...]], list[bool]]:
    """A table, keys of rows, and which of these are known."""
    width = draw(st.integers(1, 3))
    table = draw(st.dictionaries(st.tuples(*[BEYOND] * width), VALUES, max_size=30))
    rows = draw(st.lists(st.tuples(*[VALUES] * width), min_size=1, max_size=30))
    return table, rows, draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))


@given(cases(), st.sampled_from([np.int64, object]))
def test_every_row_gets_the_value_at_its_key(
    case: tuple[dict[tuple[int, ...], int], list[tuple[int, ...]], list[bool]], dtype: type
) -> None:
    table, rows, known = case
    keys = [np.array(part, dtype=dtype) for part in zip(*rows, strict=True)]
    values, found = looked_up(table, keys, np.array(known))
    expected = [table.get(row) if here else None for row, here in zip(rows, known, strict=True)]
    assert expected == [int(v) if f else None for v, f in zip(values, found, strict=True)]

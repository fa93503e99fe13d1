"""Rates tell of no fewer rows than may be told apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from htdbu.providers.llm.rates import percent, rounded


@given(st.integers(1, 50), st.integers(1, 1_000), st.data())
def test_whoever_differs_in_few_rows_from_none_or_all_is_told_as_these(
    least: int, rows: int, data: st.DataObject
) -> None:
    few = data.draw(st.integers(0, min(least - 1, rows)))
    assert 0 == rounded(few, rows, least) or rows < least
    if rows >= 2 * least:
        assert rows == rounded(rows - few, rows, least)


@given(st.integers(1, 50), st.integers(0, 1_000), st.data())
def test_a_rounded_count_is_never_more_than_all_rows(least: int, rows: int, data: st.DataObject) -> None:
    assert 0 <= rounded(data.draw(st.integers(0, rows)), rows, least) <= rows


def test_shares_are_written_in_percent() -> None:
    assert ["12.3 %", "1.0 %", "0.5 %", "0.022 %", "0 %"] == [percent(x) for x in (0.123, 0.01, 0.005, 0.00022, 0.0)]

"""Shares that others give together are no news."""

from __future__ import annotations

import pytest

from htdbu.providers.mined.chains import without_chained
from htdbu.providers.mined.finding import Finding


def share(text: str, small: str, large: str, most: float, is_conditional: bool = False) -> Finding:
    """A finding that says how large a part of another amount one is at most."""
    columns, of = (small, large), (small, large, most)
    return Finding("ratio", "rule", text, columns, 100, share=of, is_conditional=is_conditional)


@pytest.mark.parametrize(("most", "kept"), [(0.3, True), (0.39, True), (0.4, False), (0.5, False)])
def test_a_share_that_two_others_give_together_is_dropped(most: float, kept: bool) -> None:
    chain = [share("a <= 0.8 * b", "a", "b", 0.8), share("b <= 0.5 * c", "b", "c", 0.5)]
    found = without_chained([*chain, share("a of c", "a", "c", most)])
    assert kept == ("a of c" in {finding.text for finding in found})
    assert chain == found[:2]


def test_a_share_in_some_rows_is_dropped_where_all_rows_have_it() -> None:
    whole, some = share("a <= 0.5 * b", "a", "b", 0.5), share("p => a <= 0.6 * b", "a", "b", 0.6, True)
    assert [whole] == without_chained([whole, some])

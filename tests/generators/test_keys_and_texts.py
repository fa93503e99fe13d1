"""Fresh keys and texts from pools."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from htdbu.compiler.normal import NormalColumn
from htdbu.errors import DataError, InfeasibleError
from htdbu.generators.keys import fresh_steps, fresh_texts
from htdbu.generators.texts import draw_texts
from htdbu.solver.pools import pool_of


def _key(low: int, high: int) -> NormalColumn:
    return NormalColumn("id", "int", 0, ((low, high),), ((low, high),), 5, False, False, Decimal(1), None)


def test_keys_follow_the_greatest_real_one_and_then_fill_the_gaps() -> None:
    assert [8, 9] == fresh_steps(_key(1, 9), [3, 7], 2)
    assert [1, 2, 4, 8, 9] == fresh_steps(_key(1, 9), [3, 7], 5)


def test_a_domain_that_is_used_up_is_refused() -> None:
    with pytest.raises(InfeasibleError, match="only 1 values"):
        fresh_steps(_key(1, 3), [1, 2], 2)


def test_fresh_texts_are_unique_and_never_real() -> None:
    assert ["id-2", "id-3"] == fresh_texts("id", ["id-1"], 2)


def test_texts_repeat_only_when_the_pool_is_used_up() -> None:
    pool = pool_of(["a", "a", "b", "a", None], ["one", "two", "three", "one", None])
    assert {"a": ["one", "two"], "b": ["three"]} == pool
    drawn = draw_texts("note", pool, ["a", "b", "a", "a", "a"], np.random.default_rng(0))
    assert "three" == drawn[1]
    assert {"one", "two"} == {drawn[0], drawn[2]} == {drawn[3], drawn[4]}


def test_a_label_without_texts_is_named() -> None:
    with pytest.raises(DataError, match='no text for "c"'):
        draw_texts("note", {"a": ["x"]}, ["c"], np.random.default_rng(0))

"""The layer over CP-SAT: literals that hold exactly where a form lies in some ranges."""

from __future__ import annotations

from itertools import combinations, product

import pandas as pd
import pytest

import htdbu
from htdbu.solver.cpsat.model import Model
from htdbu.solver.cpsat.search import Budget, Search

ENDS = [(low, low + width) for low in range(-4, 5) for width in (0, 1, 3)]
DOMAINS = [((a, b),) for a, b in ENDS] + [(x, y) for x, y in combinations(ENDS, 2) if x[1] + 1 < y[0]][::7]


@pytest.mark.parametrize(("coefficient", "constant"), list(product((-3, -2, -1, 1, 2, 3), (-2, 0, 1))))
def test_a_member_literal_over_one_bit_holds_at_the_values_inside(coefficient: int, constant: int) -> None:
    for domain in DOMAINS:
        model = Model()
        bit = model.literal()
        inside = model.member(model.form(((bit, coefficient),), constant), domain)
        for value in (0, 1):
            held = Model()
            held.proto.copy_from(model.proto)
            held.clause((bit if value else ~bit,))
            held.clause((inside,))
            total = coefficient * value + constant
            expected = any(a <= total <= b for a, b in domain)
            assert expected == Search().feasible(held, Budget(1.0)).status.solved, (domain, value)


def test_a_condition_that_is_counted_twice_counts_two() -> None:
    program = htdbu.compile_text("table t { b : bool }\nhard r: count(not b, not b) >= 1\n")
    assert [False] == program.repair(pd.DataFrame({"b": [True]})).data["b"].tolist()

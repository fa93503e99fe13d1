"""The thin layer over CP-SAT: membership of a form in ranges is exact for every form and every range."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from htdbu.solver.cpsat.model import FALSE, TRUE, Model
from htdbu.solver.cpsat.search import Budget, Search
from htdbu.solver.solutions import Status

_ENDS = st.integers(-6, 6)


@given(
    low=st.integers(-2, 1),
    width=st.integers(0, 3),
    coefficient=st.integers(-3, 3),
    constant=st.integers(-3, 3),
    inside=st.lists(_ENDS, min_size=2, max_size=4, unique=True).map(sorted),
)
@settings(max_examples=60, deadline=None)
def test_a_literal_says_whether_a_form_lies_in_ranges(
    low: int, width: int, coefficient: int, constant: int, inside: list[int]
) -> None:
    ranges = tuple(zip(inside[::2], inside[1::2], strict=False))
    for value in range(low, low + width + 1):
        model = Model()
        variable = model.integer(low, low + width)
        literal = model.member(model.form(((variable, coefficient),), constant), ranges)
        model.linear(model.form(((variable, 1),)), ((value, value),))
        expected = any(a <= coefficient * value + constant <= b for a, b in ranges)
        if literal in (TRUE, FALSE):
            assert expected == (literal == TRUE)
            continue
        model.clause((literal if expected else ~literal,))
        assert Search().feasible(model, Budget(1)).status is Status.OPTIMAL
        model.clause((~literal if expected else literal,))
        assert Search().feasible(model, Budget(1)).status is Status.INFEASIBLE


def test_a_form_of_two_values_has_none_between_them() -> None:
    model = Model()
    form = model.form(((model.literal(), 2),))  # 0 or 2
    assert model.member(form, ((1, 1),)) == FALSE
    assert model.member(form, ((0, 1), (2, 5))) == TRUE

"""The z3 oracle against a list of all rows, before it judges the product."""

from __future__ import annotations

import pytest

from tests.analyses import z3_oracle
from tests.analyses.enumeration import MOST_ROWS, Enumeration, count_rows
from tests.analyses.frequencies import QUESTIONS, random_program
from tests.analyses.random_rules import random_program_text

_FILES = 30


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 150, _FILES))
def test_every_answer_of_the_oracle_is_that_of_a_list_of_all_rows(first: int) -> None:
    for seed in range(first, first + _FILES):
        program = random_program(seed)
        if count_rows(program) > MOST_ROWS:
            continue
        listed = Enumeration(program)
        for question in QUESTIONS:
            expected, actual = getattr(listed, question)(), getattr(z3_oracle, question)(program)
            assert expected == actual, f"{question}, seed {seed}\n{random_program_text(seed)}"
        expected, actual = listed.untaken_branches(nested=True), z3_oracle.untaken_branches(program, nested=True)
        assert expected == actual, f"nested, seed {seed}\n{random_program_text(seed)}"

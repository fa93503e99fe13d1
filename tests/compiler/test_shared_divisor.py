"""A divisor that both sides of a comparison share still makes it unknown where it is null."""

from __future__ import annotations

import pandas as pd
import pytest

import htdbu

RULES = "table t {{ a : int in 0..9 b : int in 1..9 null c : int in 0..9 }}\nhard r: {}"


@pytest.mark.parametrize("text", ["a / b >= c / b", "a / b == a / b", "a / b in { 1, 2 }", "a / b >= 0"])
def test_a_quotient_by_null_is_unknown(text: str) -> None:
    program = htdbu.compile_text(RULES.format(text))
    rule = program.check(pd.DataFrame({"a": ["3"], "b": [""], "c": ["4"]})).to_dict()["rules"][-1]
    assert ("r", 0, 1) == (rule["name"], rule["fail"], rule["unknown"])


def test_a_shared_divisor_is_judged_where_it_is_known() -> None:
    program = htdbu.compile_text(RULES.format("a / b >= c / b"))
    frame = pd.DataFrame({"a": ["3", "5"], "b": ["2", "2"], "c": ["4", "4"]})
    assert [0] == program.check(frame).violating.tolist()
    assert 0 == program.check(program.repair(frame).data).hard_violations

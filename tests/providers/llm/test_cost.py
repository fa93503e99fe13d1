"""What is counted, and what is estimated."""

from __future__ import annotations

import pandas as pd

from htdbu.providers.llm.cost import Cost, row_by_row, told
from htdbu.providers.llm.messages import Answer, Message

ASKED = [Message("user", "x" * 400)]


def test_tokens_are_those_that_the_endpoint_counted() -> None:
    cost = Cost()
    cost.add(ASKED, Answer("abc", "m", input_tokens=7, output_tokens=5))
    cost.add(ASKED, Answer("abc", "m", input_tokens=1, output_tokens=2))
    assert (2, 8, 7, 0) == (cost.calls, cost.input_tokens, cost.output_tokens, cost.estimated)


def test_tokens_that_are_not_counted_are_estimated_and_that_is_said() -> None:
    cost = Cost()
    cost.add(ASKED, Answer("y" * 41, "m"))
    assert (1, 100, 11, 1) == (cost.calls, cost.input_tokens, cost.output_tokens, cost.estimated)
    assert "100 tokens in and 11 out (estimated)" in told(cost, row_by_row(pd.DataFrame({"a": ["1"]})))


def test_row_by_row_every_row_is_a_call_and_its_text_goes_both_ways() -> None:
    frame = pd.DataFrame({"age": ["7", "42", None], "job": ["cook", "", "nurse"]})
    text = ["age is 7, job is cook, ", "age is 42, job is , ", "age is , job is nurse, "]
    tokens = -(-sum(map(len, text)) // 4)
    assert {"rows": 3, "calls": 3, "input_tokens": tokens, "output_tokens": tokens} == row_by_row(frame).to_dict()


def test_no_rows_cost_nothing() -> None:
    assert "0 rows would have taken 0 calls and at least 0 tokens" in told(Cost(), row_by_row(pd.DataFrame({"a": []})))

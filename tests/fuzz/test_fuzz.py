"""Any input gets findings and never a traceback; more of them: `python -m tests.fuzz 200000`.

The same is tried with mutated JSON forms of programs: `python -m tests.fuzz 50000 0 json`.
"""

from __future__ import annotations

import pytest

from tests.fuzz.inputs import Inputs
from tests.fuzz.json_inputs import JsonInputs
from tests.fuzz.judge import judge, judge_json


def test_inputs_that_once_failed() -> None:
    for text in ("<>>>", 'import "a\0b.htr"\n', "def d = d0\n" * 3):
        judge(text)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_no_input_breaks_the_compiler(seed: int) -> None:
    inputs = Inputs(seed)
    for _ in range(400):
        judge(inputs.next())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_no_json_form_breaks_the_compiler(seed: int) -> None:
    inputs = JsonInputs(seed)
    sound = sum(not judge_json(inputs.next()).errors for _ in range(500))
    assert sound > 50

"""Any input gets findings and never a traceback; more of them: `python -m tests.fuzz 200000`."""

from __future__ import annotations

import pytest

from tests.fuzz.inputs import Inputs
from tests.fuzz.judge import judge


def test_inputs_that_once_failed() -> None:
    for text in ("<>>>", 'import "a\0b.htr"\n', "def d = d0\n" * 3):
        judge(text)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_no_input_breaks_the_compiler(seed: int) -> None:
    inputs = Inputs(seed)
    for _ in range(400):
        judge(inputs.next())

"""The analyses agree with z3 on random rule sets; `python -m tests.analyses.agreement FIRST LAST` tries more."""

from __future__ import annotations

import pytest

from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source
from tests.analyses.agreement import disagreements
from tests.analyses.random_rules import random_program_text

_FILES, _BATCH = 2_000, 100


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, _FILES, _BATCH))
def test_the_analyses_agree_with_z3(first: int) -> None:
    for seed in range(first, first + _BATCH):
        text = random_program_text(seed)
        assert [] == disagreements(compile_source(Source("a.htr", text)).program), f"seed {seed}\n{text}"

"""The random rule files of the analyses' tests."""

from __future__ import annotations

import pytest

from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source
from tests.analyses.random_rules import random_program_text


@pytest.mark.slow
def test_every_random_file_compiles_without_errors() -> None:
    for seed in range(500):
        text = random_program_text(seed)
        errors = compile_source(Source(f"{seed}.htr", text)).errors
        assert [] == [(error.code, error.message) for error in errors], text


def test_a_seed_always_gives_the_same_file() -> None:
    assert random_program_text(7) == random_program_text(7)
    assert random_program_text(7) != random_program_text(8)

"""The analyses agree with z3 on random rule sets; `python -m tests.analyses.agreement FIRST LAST` tries more."""

from __future__ import annotations

from typing import Any

import pytest

from htdbu.analyses import analyse, variations
from htdbu.analyses.block import Block
from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source
from htdbu.solver.cpsat.search import Answer
from tests.analyses.agreement import disagreements
from tests.analyses.random_rules import random_program_text

_FILES, _BATCH = 1_000, 100


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, _FILES, _BATCH))
def test_the_analyses_agree_with_z3(first: int) -> None:
    for seed in range(first, first + _BATCH):
        text = random_program_text(seed)
        assert [] == disagreements(compile_source(Source("a.htr", text)).program), f"seed {seed}\n{text}"


@pytest.mark.slow
def test_rows_beside_a_valid_one_are_judged_as_z3_judges_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variations, "_FEWEST", 0)  # else few files have enough levels
    for seed in range(_FILES, _FILES + 200):
        text = random_program_text(seed)
        assert [] == disagreements(compile_source(Source("a.htr", text)).program), f"seed {seed}\n{text}"


def test_a_category_of_many_levels_takes_few_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = 0
    ask = Block.ask

    def counted(*args: Any, **more: Any) -> Answer:
        nonlocal questions
        questions += 1
        return ask(*args, **more)

    monkeypatch.setattr(Block, "ask", counted)
    levels = ", ".join(f'"l{i}"' for i in range(500))
    text = f'table t {{\n  a : category {{ {levels} }}\n  b : bool\n}}\nhard r: a == "l7" => b\nhard s: a != "l9"\n'
    found = analyse(compile_source(Source("a.htr", text)).checked())
    assert ['the column `a` can never be "l9"'] == [finding.message for finding in found]
    assert questions < 60

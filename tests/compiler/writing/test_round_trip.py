"""A program that is written as a rule file and compiled again is the same program."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from docs.generating.blocks import MINE, blocks
from htdbu.compiler.compile import compile_file, compile_source
from htdbu.compiler.diagnostics import all_kinds
from htdbu.compiler.program import Program
from htdbu.compiler.writing import write_program
from htdbu.compiler.writing.sameness import canonical
from htdbu.grammar.formatting import format_source
from htdbu.grammar.source import Source
from tests.solver.rule_texts import Drawn, rule_files

ROOT = Path(__file__).parents[3]
FILES = sorted(path for place in ("examples", "docs", "tests") for path in (ROOT / place).rglob("*.htr"))
FIXTURES = sorted(path for place in ("compiler", "grammar") for path in (ROOT / "tests" / place).rglob("*.txt"))
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

PLACES = """\
table t { a : int in 0..9  f : bool  g : bool  o : category ordered { "l" < "h" } unique : int in 0..9 }
when a <= if f then 1 else 2 { hard r: g }
when f { when (g or a > 1) { hard r2: g  soft r3: f } }
hard s: case { a <= if f then 1 else 2 -> f; g -> f; else -> a > if g then 1 else 2 }
hard u: all(a <= if f then 1 else 2, if f then g else f, f => g)
hard v: count(f => g, if f then g else f) in 1..2
hard w: unique > 1 and (unique) < 3
hard x: (a > if f then 1 else 2) == (a < if g then 3 else 4)
hard y: o == if f then "l" else "h" => g
hard z: (if f then g else f) or (if a > 1 then g else f)
hard aa: -(-a) < 3 and -(-3) > a and - (a * 2) < 1 and (-a) * 2 < 1 and a * -2 < 1 and 2 - -a > 1
hard bb: a in -3..-1 or a in (if f then 1 else 2)..(2 + 1)
target q: share(a <= if f then 1 else 2 given if f then g else f) in 0..1
"""
"""Choices, ranges, minus signs and the word `unique` in places where they are easily misread."""


def _texts() -> list[str]:
    """Texts of all kinds, of which some have mistakes."""
    cases = [case for path in FIXTURES for case in path.read_text("utf-8").split("--- ")[1:]]
    texts = [case.partition("\n")[2].partition("===\n")[0] for case in cases]
    texts += [block.text for page in MINE for block in blocks(page) if block.kind == "htr"]
    return texts + [text for kind in all_kinds().values() for text in (kind.failing, kind.mended)]


def again(program: Program) -> Program:
    """The program once it was written, laid out and compiled again."""
    text = write_program(program)
    assert text == format_source(Source("again.htr", text))
    compilation = compile_source(Source("again.htr", text))
    assert [] == compilation.errors, text
    return compilation.program


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_comes_back(path: Path) -> None:
    program = compile_file(path).program
    assert canonical(program) == canonical(again(program))


def test_every_sound_text_comes_back() -> None:
    found = [compile_source(Source("case.htr", text)) for text in _texts()]
    sound = [compilation.program for compilation in found if not compilation.errors]
    assert len(sound) > 100
    for program in sound:
        assert canonical(program) == canonical(again(program))


def test_what_is_easily_misread_comes_back() -> None:
    compilation = compile_source(Source("case.htr", PLACES))
    assert [] == compilation.errors
    assert canonical(compilation.program) == canonical(again(compilation.program))


@QUICK
@given(rule_files(most_rules=4))
def test_random_rules_come_back(drawn: Drawn) -> None:
    program = compile_source(Source("case.htr", drawn.text)).program
    assert canonical(program) == canonical(again(program))


@QUICK
@given(rule_files(most_rules=4))
def test_what_was_written_is_written_the_same(drawn: Drawn) -> None:
    text = write_program(compile_source(Source("case.htr", drawn.text)).program)
    assert text == write_program(compile_source(Source("case.htr", text)).program)

"""What users of other languages write, line by line: the help that they get, and what a program makes of it.

The files of `phrases/` hold a line as it is written, below it the code and the help of its first error and, where
there is a fix, whether it is safe and what the line is after it. Statements follow `TABLE`, columns stand in a table.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from _pytest.mark.structures import ParameterSet

from htdbu.compiler.compile import compile_source
from htdbu.compiler.diagnostics.fixes import apply_fixes
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.grammar.source import Source

PHRASES = Path(__file__).parent / "phrases"
TABLE = """\
table t {
  age : int in 0..120
  x : int in 0..100
  y : int in 0..100 null
  a : int in 0..9
  b : int in 0..9
  income : decimal(2) in 0..1_000_000
  job : category { "clerk", "judge", "none" }
  dep : date in 2020-01-01..2030-12-31
  ok : bool
  bad : bool
}
"""
FRAMES = {"statements": (TABLE, "\n"), "columns": ("table t {\n  ", "\n  zz : int in 0..9\n}\n")}


class Phrase(NamedTuple):
    """A line, what its first error says, and what its fix makes of it."""

    line: str
    help: str
    fixed: str | None


def phrases() -> list[ParameterSet]:
    """All phrases with the text around them."""
    found = []
    for path in sorted(PHRASES.glob("*.txt")):
        told: list[list[str]] = []
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("  "):
                told[-1].append(line.strip())
            else:
                told.append([line])
        for line, help, *fixed in told:
            phrase = Phrase(line, help, fixed[0] if fixed else None)
            found.append(pytest.param(FRAMES[path.stem], phrase, id=f"{path.stem}: {line}"))
    return found


def errors(text: str) -> list[Diagnostic]:
    return compile_source(Source("case.htr", text)).errors


@pytest.mark.parametrize(("frame", "phrase"), phrases())
def test_a_phrase_of_another_language_gets_its_help_and_its_fix(frame: tuple[str, str], phrase: Phrase) -> None:
    text = phrase.line.join(frame)
    first = errors(text)[0]
    assert phrase.help == f"{first.code} {first.help}"
    if first.fix is None:
        assert phrase.fixed is None
        return
    mended, _ = apply_fixes(text, [first.fix])
    line = mended.removeprefix(frame[0].rstrip(" ")).removesuffix(frame[1]).strip()
    assert phrase.fixed == f"{'safe' if first.fix.is_safe else 'unsafe'}: {line}"
    assert (first.code, first.span, first.message) not in [(e.code, e.span, e.message) for e in errors(mended)]


def test_a_table_without_its_first_line_is_told_so() -> None:
    found = errors('age : int in 0..9\njob : category { "a" }\n}\nhard r: age > 3\n')
    help = "columns stand in a table: write `table NAME {` before the first and `}` after the last"
    assert [help, help] == [finding.help for finding in found if finding.span.start < 20]
    assert {None} == {finding.fix for finding in found[:2]}


def test_a_name_whose_declaration_is_broken_is_not_unknown() -> None:
    for declared in ("let q = 5", "param q 5", "def q: 5", "q = 5"):
        assert ["HTR001"] == [finding.code for finding in errors(f"{TABLE}{declared}\nhard r: a > q\n")]


def test_short_words_get_no_far_fetched_suggestion() -> None:
    for name in ("g", "q", "zz", "xs"):
        assert [None] == [
            finding.help for finding in errors(f"{TABLE}target target: share(ok) in 0%..1%\nhard r: {name}\n")
        ]

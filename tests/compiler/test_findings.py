"""Rule files in, findings out: every case of the fixture files is a text and the findings that it gets.

A case begins with `--- title`; after `===` stand the expected findings, one a line, as `line:column code message`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from htdbu.compiler.compile import compile_source
from htdbu.compiler.diagnostics import all_kinds
from htdbu.grammar.formatting import format_source
from htdbu.grammar.source import Source
from tests.cases import cases

FIXTURES = Path(__file__).parent / "fixtures"
ELSEWHERE = re.compile(r"HTR(390|40\d|50\d|60[123]|70\d|801|901)")
"""Found by proofs, with data, by `fmt --check`, and by running tests."""


def _findings(text: str) -> list[str]:
    compilation = compile_source(Source("case.htr", text))
    source = compilation.sources["case.htr"]
    return [
        "{}:{} {} {}".format(*source.position(finding.span.start), finding.code, finding.message)
        for finding in compilation.diagnostics
    ]


@pytest.mark.parametrize(
    ("title", "text", "expected"), cases(FIXTURES), ids=lambda value: value if ":" in str(value) else ""
)
def test_a_file_gets_its_findings(title: str, text: str, expected: list[str]) -> None:
    assert expected == _findings(text)


@pytest.mark.parametrize("code", [code for code in all_kinds() if not ELSEWHERE.fullmatch(code)])
def test_the_failing_example_gets_the_code_and_the_mended_one_does_not(code: str) -> None:
    kind = all_kinds()[code]
    assert code in {f.code for f in compile_source(Source("a.htr", kind.failing)).diagnostics}
    assert [] == list(compile_source(Source("a.htr", kind.mended)).errors)
    assert code not in {f.code for f in compile_source(Source("a.htr", kind.mended)).diagnostics}


def test_formatting_turns_the_example_that_is_not_formatted_into_the_mended_one() -> None:
    kind = all_kinds()["HTR801"]
    made = format_source(Source("a.htr", kind.failing))
    assert kind.mended == made == format_source(Source("a.htr", kind.mended))
    assert [] == [
        f.code for text in (kind.failing, kind.mended) for f in compile_source(Source("a.htr", text)).diagnostics
    ]

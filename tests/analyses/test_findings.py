"""Rule files in, proved findings out: every case of the fixture files is a text and the findings that it gets.

A case begins with `--- title`; after `===` stand the expected findings, one a line: `line:column code [rules] message`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from htdbu.analyses import analyse
from htdbu.cli.findings import all_findings
from htdbu.compiler.compile import compile_file, compile_source
from htdbu.compiler.diagnostics import all_kinds
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.grammar.source import Source
from tests.cases import cases

FIXTURES = Path(__file__).parent / "fixtures"
PROVED = [code for code in all_kinds() if re.fullmatch(r"HTR(40\d|50\d|60[123])", code)]


def _proved(text: str) -> list[Diagnostic]:
    compilation = compile_source(Source("case.htr", text))
    assert [] == compilation.errors
    return all_findings(compilation, None, proofs=True).findings


def _shown(text: str) -> list[str]:
    source = Source("case.htr", text)
    return [
        "{}:{} {} [{}] {}".format(*source.position(f.span.start), f.code, ", ".join(f.rules), f.message)
        for f in _proved(text)
    ]


@pytest.mark.parametrize(
    ("title", "text", "expected"), cases(FIXTURES), ids=lambda value: value if ":" in str(value) else ""
)
def test_a_file_gets_its_findings(title: str, text: str, expected: list[str]) -> None:
    assert expected == _shown(text)


@pytest.mark.parametrize("code", PROVED)
def test_the_failing_example_gets_the_code_and_the_mended_one_nothing(code: str) -> None:
    kind = all_kinds()[code]
    assert code in {finding.code for finding in _proved(kind.failing)}
    assert [] == [finding.code for finding in _proved(kind.mended)]


def test_the_same_file_gets_the_same_findings_every_time() -> None:
    text = all_kinds()["HTR501"].failing + "soft s: gross >= 5_000 => tax >= 1_000\n"
    program = compile_source(Source("a.htr", text)).program
    first = analyse(program)
    assert all(repr(first) == repr(analyse(program)) for _ in range(3))


def test_what_the_budget_leaves_open_is_told_and_never_guessed() -> None:
    program = compile_source(Source("a.htr", all_kinds()["HTR503"].failing)).program
    assert {"HTR390"} == {finding.code for finding in analyse(program, effort=0)}


@pytest.mark.slow
def test_numbers_that_are_narrowed_step_by_step_are_given_up() -> None:
    program = compile_source(Source("a.htr", all_kinds()["HTR390"].failing)).program
    assert {"HTR390"} == {finding.code for finding in analyse(program, effort=0.05)}


COOKBOOK = sorted((Path(__file__).parents[2] / "docs" / "cookbook").glob("*.htr"))


@pytest.mark.parametrize("path", COOKBOOK, ids=lambda path: path.stem)
def test_a_clean_realistic_file_gets_no_finding_above_info(path: Path) -> None:
    found = all_findings(compile_file(path), None, proofs=True).findings
    assert [] == [f"{f.code} {f.message}" for f in found if f.severity != "info"]
    assert [] == [finding.message for finding in found if finding.code == "HTR390"]


def test_there_are_enough_realistic_files() -> None:
    assert 20 <= len(COOKBOOK)

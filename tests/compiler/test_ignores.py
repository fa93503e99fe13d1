"""What ignores silence of the findings that come after the compiler's passes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from htdbu.cli import main
from htdbu.compiler.compile import Compilation, compile_source
from htdbu.compiler.diagnostics import all_kinds
from htdbu.compiler.diagnostics.kinds import htr390_undecided, htr901_test_failed
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.grammar.source import Source
from htdbu.solver.examples import run_tests

RULES = """\
table t {
  a : int in 0..9
}
# htr: ignore[HTR390] too hard
hard r: a > 3
# htr: ignore[HTR390] too hard as well
test "one" {
  accept { a: 4 }
}
"""


def _compiled(text: str = RULES) -> Compilation:
    return compile_source(Source("a.htr", text))


def _undecided(compilation: Compilation) -> Diagnostic:
    span = compilation.program.tests[0].examples[0].span
    assert span is not None
    return htr390_undecided.undecided_test("one", span, "it takes long")


def test_a_finding_of_a_test_is_silenced_by_an_ignore_above_the_test() -> None:
    compilation = _compiled()
    assert [] == compilation.with_later([_undecided(compilation)])
    without = _compiled(RULES.replace("# htr: ignore[HTR390] too hard as well\n", ""))
    assert ["HTR390"] == [finding.code for finding in without.with_later([_undecided(without)])]


def test_an_error_is_not_silenced() -> None:
    compilation = _compiled(RULES.replace("HTR390", "HTR901"))
    span = compilation.program.tests[0].examples[0].span
    assert span is not None
    failed = htr901_test_failed.failed("one", span, "no", ("r",), None)
    assert ["HTR106", "HTR106", "HTR901"] == [finding.code for finding in compilation.with_later([failed])]


def test_an_ignore_is_unused_only_where_its_code_was_decided() -> None:
    compilation = _compiled()
    assert [] == compilation.with_later([])
    found = compilation.with_later([_undecided(compilation)], decided={"HTR390"})
    assert [("HTR106", 4)] == [(f.code, compilation.sources["a.htr"].position(f.span.start)[0]) for f in found]


def test_the_command_line_silences_undecided_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("htdbu.solver.examples.run_tests", partial(run_tests, effort=0.1))
    text = all_kinds()["HTR390"].failing
    for ignore, expected in (("", 1), ("# htr: ignore[HTR390] known\n", 0)):
        path = tmp_path / "keys.htr"
        path.write_text(text.replace('test "', f'{ignore}test "'))
        assert expected == main(["compile", str(path), "--no-proofs", "--fail-level", "info", "--format", "concise"])
        assert expected == capsys.readouterr().out.count("HTR390")

"""Definitions that grow too deep are a finding, not a crash."""

from __future__ import annotations

from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source


def test_definitions_that_nest_too_deeply_are_told() -> None:
    steps = " + 1" * 80
    lines = ["table t { a : int in 0..9 }", f"def d0 = a{steps}"]
    lines += [f"def d{i} = d{i - 1}{steps}" for i in range(1, 12)]
    findings = compile_source(Source("a.htr", "\n".join([*lines, "hard r: d11 >= 1"]))).diagnostics
    assert {"HTR001"} == {finding.code for finding in findings}
    assert "nest too deeply" in findings[0].message

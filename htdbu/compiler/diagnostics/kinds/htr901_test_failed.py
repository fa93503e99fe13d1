"""HTR901 test-failed: a `test` block that does not hold."""

from __future__ import annotations

from collections.abc import Mapping

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR901",
    name="test-failed",
    severity="error",
    meaning="A `test` block that does not hold.",
    why=("An example says what the rules are meant to do; here they do something else."),
    failing="""\
table t {
  age : int in 0..120
}
hard adult: age >= 16
test "children are refused" {
  reject { age: 17 } by adult
}
""",
    mended="""\
table t {
  age : int in 0..120
}
hard adult: age >= 18
test "children are refused" {
  reject { age: 17 } by adult
}
""",
)


def failed(
    title: str, span: Span, reason: str, rules: tuple[str, ...], witness: Mapping[str, object] | None
) -> Diagnostic:
    """An example of a test that fares otherwise than it says."""
    return KIND.at(span, f'the test "{title}" fails: {reason}', rules=rules, witness=witness)

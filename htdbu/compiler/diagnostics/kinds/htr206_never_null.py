"""HTR206 never-null: `is null` on a column that may not be null."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.expressions import Call
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR206",
    name="never-null",
    severity="warning",
    meaning="`is null` on a column that may not be null.",
    why=("The test is always false for valid rows; perhaps the column should be declared `null`."),
    failing="""\
table t {
  age : int in 0..120
}
hard r: age is null or age >= 18
""",
    mended="""\
table t {
  age : int in 0..120 null
}
hard r: age is null or age >= 18
""",
)


def never_null(call: Call, column: str) -> Diagnostic:
    """A null test on a column without `null`."""
    help = f"declare `{column}` with `null`, or drop the test"
    return KIND.at(call.span or Span("", 0, 0), f"the column `{column}` may not be null", help=help)

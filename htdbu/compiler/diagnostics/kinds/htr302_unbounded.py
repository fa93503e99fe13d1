"""HTR302 unbounded: a column used in a rule without a bound on a side."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR302",
    name="unbounded",
    severity="warning",
    meaning="A column used in a rule without a bound on a side.",
    why=("A proof and a repair need a bound, so one is assumed; a value beyond it breaks the column's domain."),
    failing="""\
table t {
  age : int in 0..
}
hard adult: age >= 18
""",
    mended="""\
table t {
  age : int in 0..120
}
hard adult: age >= 18
""",
)


def unbounded(column: str, span: Span, assumed: str) -> Diagnostic:
    """A column with an open side that a rule reads."""
    message = f"the column `{column}` is used in a rule but has no bound on a side"
    return KIND.at(span, message, note=f"assumed: {assumed}", help="declare its range with `in low..high`")

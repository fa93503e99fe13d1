"""HTR207 division-by-zero: a divisor whose domain contains 0."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.expressions import Call, ColumnRef
from htdbu.compiler.program import Program
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR207",
    name="division-by-zero",
    severity="error",
    meaning="A divisor whose domain contains 0.",
    why=("Division is exact and defined for every valid row, or it is not accepted."),
    failing="""\
table t {
  income : decimal(2) in 0..2_000_000
  debt : decimal(2) in 0..1_000_000
}
hard r: debt / income <= 0.4
""",
    mended="""\
table t {
  income : decimal(2) in 0..2_000_000
  debt : decimal(2) in 0..1_000_000
}
hard r: debt <= 0.4 * income
""",
)


def division_by_zero(call: Call, program: Program) -> Diagnostic:
    """A division whose right side can be 0 somewhere in the domains."""
    divisor = call.args[1]
    what = f"`{divisor.name}`" if isinstance(divisor, ColumnRef) else "the divisor"
    return KIND.at(
        divisor.span or call.span or Span("", 0, 0),
        f"{what} can be 0",
        help="multiply instead (`a <= 0.4 * b` for `a / b <= 0.4`), or bound the column away from 0",
    )

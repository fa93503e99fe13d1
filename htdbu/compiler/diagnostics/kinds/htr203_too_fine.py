"""HTR203 too-fine: `==`, `!=` or `in {}` with a number finer than the column's scale."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.expressions import Constant
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR203",
    name="too-fine",
    severity="error",
    meaning="`==`, `!=` or `in {}` with a number finer than the column's scale.",
    why=("No cell can hold such a number. With `<` and its kin it is fine, and exact."),
    failing="""\
table t {
  income : decimal(2) in 0..2_000_000
}
hard r: income != 0.005
""",
    mended="""\
table t {
  income : decimal(2) in 0..2_000_000
}
hard r: income != 0.01
""",
)


def too_fine(literal: Constant, column: str | None, scale: int) -> Diagnostic:
    """A literal with more digits after the point than what it is compared with."""
    what = "the other side" if column is None else f"`{column}`"
    digits = "no digits" if scale == 0 else f"{scale} digit{'s' if scale > 1 else ''}"
    message = f"{what} has {digits} after the point, so it never equals {literal.value}"
    return KIND.at(literal.span or Span("", 0, 0), message, help="round the number, or compare with `<` or `>=`")

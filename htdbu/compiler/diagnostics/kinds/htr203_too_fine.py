"""HTR203 too-fine: `==`, `!=` or `in {}` with a number finer than the column's scale."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.compiler.diagnostics.view import View
from htdbu.compiler.expressions import Constant
from htdbu.grammar.source import Span


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """The rounded number, where the fine one really stands at the place: it may come from a param."""
    return finding.fix if view.text(finding.span).lstrip("- ")[:1].isdecimal() else None


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
    fixer=_fixer,
)


def too_fine(literal: Constant, column: str | None, scale: int) -> Diagnostic:
    """A literal with more digits after the point than what it is compared with."""
    what = "the other side" if column is None else f"`{column}`"
    digits = "no digits" if scale == 0 else f"{scale} digit{'s' if scale > 1 else ''}"
    message = f"{what} has {digits} after the point, so it never equals {literal.value}"
    span = literal.span or Span("", 0, 0)
    rounded = f"{Decimal(str(literal.value)).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_EVEN):f}"
    fix = Fix(f"use `{rounded}`", (Edit(span, rounded),), is_safe=False)
    return KIND.at(span, message, help=f"round it to `{rounded}`, or compare with `<` or `>=`", fix=fix)

"""HTR301 overflow: a term that leaves 64-bit integers once decimals are scaled."""

from __future__ import annotations

from htdbu.compiler.bounds import LIMIT
from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.expressions import Expr
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR301",
    name="overflow",
    severity="error",
    meaning="A term that leaves 64-bit integers once decimals are scaled.",
    why=("All answers are exact because everything is computed in 64-bit integers that are proved never to overflow."),
    failing="""\
table t {
  a : decimal(6) in 0..1_000_000_000
  b : decimal(6) in 0..1_000_000_000
}
hard r: a * b >= 1
""",
    mended="""\
table t {
  a : decimal(2) in 0..1_000_000
  b : decimal(2) in 0..1_000_000
}
hard r: a * b >= 1
""",
)


def overflow(expr: Expr, bound: int) -> Diagnostic:
    """A term that can reach `bound` in scaled integers."""
    return KIND.at(
        expr.span or Span("", 0, 0),
        f"this term can reach {bound:,} in scaled integers, beyond the {LIMIT:,} that 64 bits hold safely",
        note="numbers are computed exactly, as multiples of the smallest step of their columns",
        help="tighten the columns' ranges or use fewer digits after the point",
    )


def prices(what: str, span: Span, total: int) -> Diagnostic:
    """What adds most to prices that together leave 64 bits."""
    message = f"{what} makes the price of a repair reach {total:,} in scaled integers, beyond what 64 bits hold safely"
    return KIND.at(
        span, message, help="choose a smaller cost or weight, a tighter range, or fewer digits after the point"
    )


def price(column: str, span: Span, bits: int) -> Diagnostic:
    """A column so wide that the price of moving it leaves 64 bits."""
    message = f"the column `{column}` has 2**{bits} steps: the price of changing it leaves 64-bit integers"
    return KIND.at(span, message, help="tighten its range or use fewer digits after the point")

"""HTR401 always-true: a rule that the declared domains alone imply."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import delete_rule, place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR401",
    name="always-true",
    severity="warning",
    meaning="A rule that the declared domains alone imply.",
    why=(
        "A shop kept its discounts as shares, from 0 to 0.50. The rule for guests was copied from the old system, "
        "where a discount of a fifth was written as 20. It compiled, no order ever broke it, and for a whole winter "
        "guests got the members' half price while every check was green. This finding says that no order could break "
        "it: nothing up to 0.50 is above 20. Somebody wrote 20% instead, and the next check listed 1,140 orders."
    ),
    failing="""\
table orders {
  member   : bool
  discount : decimal(2) in 0..0.50
}
hard guest_discount: not member => discount <= 20
""",
    mended="""\
table orders {
  member   : bool
  discount : decimal(2) in 0..0.50
}
hard guest_discount: not member => discount <= 20%
""",
    fixer=delete_rule,
)


def always_true(rule: str, span: Span | None) -> Diagnostic:
    """A hard rule that no row of the declared domains breaks."""
    return KIND.at(
        place(span),
        f"no row of the declared domains can break the rule `{rule}`",
        note="what its columns may hold implies it already",
        help=f"delete `{rule}`, or correct what it should forbid",
    )

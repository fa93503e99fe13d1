"""HTR602 hopeless-soft: a soft rule that the hard rules contradict."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import Implying, labels, names, place, sources
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR602",
    name="hopeless-soft",
    severity="warning",
    meaning="A soft rule that every valid row breaks, since the hard rules contradict it.",
    why=(
        "An electricity supplier announces each direct debit 14 days ahead, as it must. Accounting wished to collect "
        "within 10 days, and got a soft rule for it. Every row broke it, so it made every row dearer by the same "
        "amount and changed none, while the report blamed the invoices for being slow. The finding names the hard "
        "rule that rules the wish out. They agreed on three weeks."
    ),
    failing="""\
table debits {
  invoiced  : date in 2024-01-01..2024-12-31
  collected : date in 2024-01-15..2025-06-30
}
hard announced:  collected >= invoiced + 14
soft(2) quickly: collected <= invoiced + 10
""",
    mended="""\
table debits {
  invoiced  : date in 2024-01-01..2024-12-31
  collected : date in 2024-01-15..2025-06-30
}
hard announced:  collected >= invoiced + 14
soft(2) quickly: collected <= invoiced + 21
""",
)


def hopeless(rule: str, span: Span | None, implying: Implying) -> Diagnostic:
    """A soft rule that every valid row breaks.

    Args:
        implying: the hard rules that contradict it; none where the declared domains do.
    """
    return KIND.at(
        place(span),
        f"every valid row breaks the soft rule `{rule}`: it contradicts {sources(implying)}",
        related=labels(implying),
        note="every row pays for it, so it decides nothing",
        help="correct what it should encourage, or the hard rules",
        rules=names(implying),
    )

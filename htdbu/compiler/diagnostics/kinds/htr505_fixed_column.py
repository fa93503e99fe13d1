"""HTR505 fixed-column: a column that the hard rules leave one value."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import Implying, labels, names, place, sources
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR505",
    name="fixed-column",
    severity="warning",
    meaning="A column for which the hard rules leave one value, though it declares more.",
    why=(
        "A gym collects its fees by direct debit while a membership runs, and must stop when it is closed. Somebody "
        "copied the first rule, changed the condition and forgot the `not`. Rows made for the test system all had "
        "direct debit, so nobody could test the stop, and the first closed members were debited for another month. "
        "The finding says that only `true` is left for the column, and which two rules do that. One word was missing."
    ),
    failing="""\
table memberships {
  status : category { "active", "paused", "closed" }
  debit  : bool
}
hard debit_while_open: status != "closed" => debit
hard debit_ends:       status == "closed" => debit
""",
    mended="""\
table memberships {
  status : category { "active", "paused", "closed" }
  debit  : bool
}
hard debit_while_open: status != "closed" => debit
hard debit_ends:       status == "closed" => not debit
""",
)


def fixed(column: str, span: Span | None, value: str, implying: Implying) -> Diagnostic:
    """A column that has the same value in every valid row.

    Args:
        value: as a rule file writes it.
        implying: the hard rules that leave no other.
    """
    return KIND.at(
        place(span),
        f"the column `{column}` is {value} in every valid row",
        related=labels(implying),
        note=f"no other value of its domain agrees with {sources(implying)}",
        help=f"correct a rule if `{column}` is meant to vary, else give it that value alone",
        rules=names(implying),
    )

"""HTR506 unreachable-level: a level of a category that no valid row can take."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import Implying, labels, names, place, sources
from htdbu.compiler.diagnostics.view import quoted
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR506",
    name="unreachable-level",
    severity="warning",
    meaning="A level of a category that no valid row can take, while two or more others remain.",
    why=(
        "A network operator introduced the priority urgent for outages. The old rule, which makes every outage high, "
        "stayed as it was. Each urgent ticket was repaired back to high before it reached the dashboard, and the team "
        "on call slept through a fibre cut. The finding had said that no row can be urgent, and named the two rules "
        "that leave it no place. The rule now asks for high or more."
    ),
    failing="""\
table tickets {
  outage   : bool
  priority : category ordered { "low" < "normal" < "high" < "urgent" }
}
hard outage_priority:  outage => priority == "high"
hard routine_priority: not outage => priority <= "normal"
""",
    mended="""\
table tickets {
  outage   : bool
  priority : category ordered { "low" < "normal" < "high" < "urgent" }
}
hard outage_priority:  outage => priority >= "high"
hard routine_priority: not outage => priority <= "normal"
""",
)


def unreachable(column: str, span: Span | None, level: str, implying: Implying) -> Diagnostic:
    """A declared level that no valid row has.

    Args:
        level: its text.
        implying: the hard rules that rule it out.
    """
    return KIND.at(
        place(span),
        f"the column `{column}` can never be {quoted(level)}",
        related=labels(implying),
        note=f"no row with it agrees with {sources(implying)}",
        help=f"correct a rule if {quoted(level)} is meant to occur, else take it out of the category",
        rules=names(implying),
    )

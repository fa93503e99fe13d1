"""HTR601 dead-soft: a soft rule that the hard rules imply."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import Implying, delete_rule, labels, names, place, sources
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR601",
    name="dead-soft",
    severity="warning",
    meaning="A soft rule that no valid row breaks, since the hard rules imply it.",
    why=(
        "A warehouse wanted its shelves to keep a tenth of their room free, and never more stored than fits. The wish "
        "was written with 1.1 instead of 0.9. It cost nothing in any row, so every repair filled the shelves to the "
        "brim, and the pickers complained before anybody read the rule again. The finding says that the hard rule "
        "implies the wish, so that it cannot steer anything."
    ),
    failing="""\
table shelves {
  capacity : int in 0..500
  stored   : int in 0..500
}
hard stored_fits:  stored <= capacity
soft(2) some_room: stored <= 1.1 * capacity
""",
    mended="""\
table shelves {
  capacity : int in 0..500
  stored   : int in 0..500
}
hard stored_fits:  stored <= capacity
soft(2) some_room: stored <= 0.9 * capacity
""",
    fixer=delete_rule,
)


def dead(rule: str, span: Span | None, implying: Implying) -> Diagnostic:
    """A soft rule that every valid row keeps.

    Args:
        implying: the hard rules that imply it; none where the declared domains do.
    """
    return KIND.at(
        place(span),
        f"no valid row can break the soft rule `{rule}`: it follows from {sources(implying)}",
        related=labels(implying),
        note="what it costs to break it is never paid",
        help=f"delete `{rule}`, or correct what it should discourage",
        rules=names(implying),
    )

"""HTR503 redundant: a hard rule that the other hard rules imply."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import Implying, delete_rule, labels, names, place, sources
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR503",
    name="redundant",
    severity="warning",
    meaning=(
        "A hard rule that the other hard rules imply. Rules are judged from the last to the first, so that all that "
        "are reported may be deleted together."
    ),
    why=(
        "A lender limits what is drawn to the limit, and the limit to 40 percent of the income. The auditors asked for "
        "a rule that nobody draws more than is prudent, and somebody added half the income. It was never broken, and "
        "every quarterly report said so with some pride. The finding shows that it could not be: the two older rules "
        "are stricter. The auditors had meant 30 percent, and that found nine hundred accounts."
    ),
    failing="""\
table accounts {
  income       : decimal(2) in 0..500_000
  credit_limit : decimal(2) in 0..200_000
  drawn        : decimal(2) in 0..150_000
}
hard limit_ceiling:  credit_limit <= 0.4 * income
hard drawn_in_limit: drawn <= credit_limit
hard prudent:        drawn <= 0.5 * income
""",
    mended="""\
table accounts {
  income       : decimal(2) in 0..500_000
  credit_limit : decimal(2) in 0..200_000
  drawn        : decimal(2) in 0..150_000
}
hard limit_ceiling:  credit_limit <= 0.4 * income
hard drawn_in_limit: drawn <= credit_limit
hard prudent:        drawn <= 0.3 * income
""",
    fixer=delete_rule,
)


def redundant(rule: str, span: Span | None, implying: Implying) -> Diagnostic:
    """A hard rule that no row breaks alone.

    Args:
        implying: a smallest set of the others that implies it.
    """
    return KIND.at(
        place(span),
        f"the rule `{rule}` adds nothing: it follows from {sources(implying)}",
        related=labels(implying),
        note=f"no row breaks `{rule}` without breaking another of them",
        help=f"delete `{rule}`, or correct what it should forbid",
        rules=names(implying),
    )

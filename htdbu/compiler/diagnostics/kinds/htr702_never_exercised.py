"""HTR702 never-exercised: with data: a premise that no real row meets."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import listed, place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR702",
    name="never-exercised",
    severity="info",
    meaning="With data: a premise that no real row meets.",
    why=(
        "A savings bank never charges a fee for accounts opened before 2010. In the extract that the rules were tried "
        "on no row broke that, so the rule was signed off. The extract began in 2015, with the new core system: not "
        "one row met the premise, and the rule had been tried on nothing. The finding makes the difference between "
        "kept and never asked. It turned out that the promise holds for accounts before 2016."
    ),
    failing="""\
table accounts {
  opened : date in 2000-01-01..2026-06-30
  fee    : decimal(2) in 0..15
}
hard old_accounts_free: opened < 2010-01-01 => fee == 0
""",
    mended="""\
table accounts {
  opened : date in 2000-01-01..2026-06-30
  fee    : decimal(2) in 0..15
}
hard old_accounts_free: opened < 2016-01-01 => fee == 0
""",
)


def never_exercised(rules: Sequence[str], span: Span | None, rows: int) -> Diagnostic:
    """A premise that is true in no row of the data.

    Args:
        rules: those that need it.
        span: of the premise.
        rows: how many rows there are.
    """
    verb = "was" if len(rules) == 1 else "were"
    return KIND.at(
        place(span),
        f"none of {rows:,} real rows meets this premise",
        note=f"so {listed(rules)} {verb} not tried on these data",
        help="correct the premise, or try the rules on data that meet it",
    )

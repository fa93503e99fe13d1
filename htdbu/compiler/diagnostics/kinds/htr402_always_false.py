"""HTR402 always-false: a rule that the declared domains alone contradict."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR402",
    name="always-false",
    severity="error",
    meaning="A rule that the declared domains alone contradict; then no row is valid (HTR501).",
    why=(
        "A telephone company compares the speed that it measures with the one that it sold, in Mbit/s. The probes had "
        "reported kbit/s, so the rule multiplied by 900 to ask for nine tenths. When the probes were replaced, the "
        "column's domain was adapted and the rule was forgotten. The first run declared every line in the country too "
        "slow, and the night shift looked for a broken exchange. This finding shows without any data that the rule "
        "fails in every row; 0.9 instead of 900 was the whole repair."
    ),
    failing="""\
table lines {
  promised : int in 20..1_000  # Mbit/s
  measured : int in 18..1_000  # Mbit/s
}
hard speed_as_sold: measured >= 900 * promised
""",
    mended="""\
table lines {
  promised : int in 20..1_000  # Mbit/s
  measured : int in 18..1_000  # Mbit/s
}
hard speed_as_sold: measured >= 0.9 * promised
""",
)


def always_false(rule: str, span: Span | None) -> Diagnostic:
    """A hard rule that every row of the declared domains breaks."""
    return KIND.at(
        place(span),
        f"every row of the declared domains breaks the rule `{rule}`",
        note="whatever its columns may hold contradicts it, so that no row is valid",
        help="correct the rule, or the domains of the columns that it reads",
    )

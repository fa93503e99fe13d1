"""HTR403 never-fires: a premise that the declared domains rule out."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import listed, place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR403",
    name="never-fires",
    severity="warning",
    meaning="A premise of `=>` or `when` that can never hold, whatever the columns hold of their domains.",
    why=(
        "A maternity ward sends children under 2.5 kg to intensive care, and a rule watched that the records say so. "
        "The scales store grams. No child weighs less than 2.5 grams, so the rule never looked at a single record, "
        "and an audit found eleven small children filed under the normal ward. The finding had pointed at the premise "
        "on the day that the rule was written. The weight now stands in the rule as 2_500."
    ),
    failing="""\
table births {
  weight : int in 300..6_000  # grams
  ward   : category { "normal", "intensive" }
}
hard small_children: weight < 2.5 => ward == "intensive"
""",
    mended="""\
table births {
  weight : int in 300..6_000  # grams
  ward   : category { "normal", "intensive" }
}
hard small_children: weight < 2_500 => ward == "intensive"
""",
)


def never_fires(rules: Sequence[str], span: Span | None) -> Diagnostic:
    """A premise that holds in no row of the declared domains.

    Args:
        rules: those that need it.
        span: of the premise.
    """
    verb = "decides" if len(rules) == 1 else "decide"
    return KIND.at(
        place(span),
        "this premise can never hold",
        note=f"the declared domains rule it out, so {listed(rules)} never {verb} anything",
        help="correct the premise, or the domains of the columns that it reads",
    )

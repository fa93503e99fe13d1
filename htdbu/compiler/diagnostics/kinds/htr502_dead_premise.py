"""HTR502 dead-premise: a premise that the hard rules rule out."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import Implying, labels, listed, names, place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR502",
    name="dead-premise",
    severity="warning",
    meaning="A premise that can hold by itself, but not together with all hard rules, its own included.",
    why=(
        "A bank promised its best customers a limit of at least half their income. Years before, risk control had "
        "capped every limit at 40 percent. Both rules stood in the file, each in its own section, and no row broke "
        "either: the system simply refused everybody who was privileged and earned over 100,000. Sales wondered for "
        "a quarter why not one of them had opened an account. The finding says that the premise can never be met, "
        "and that the cap is why; the promise was lowered to 30 percent."
    ),
    failing="""\
table customers {
  privileged   : bool
  income       : decimal(2) in 20_000..500_000
  credit_limit : decimal(2) in 0..200_000
}
hard limit_ceiling: credit_limit <= 0.4 * income
hard promised:      privileged and income > 100_000 => credit_limit >= 0.5 * income
""",
    mended="""\
table customers {
  privileged   : bool
  income       : decimal(2) in 20_000..500_000
  credit_limit : decimal(2) in 0..200_000
}
hard limit_ceiling: credit_limit <= 0.4 * income
hard promised:      privileged and income > 100_000 => credit_limit >= 0.3 * income
""",
)


def dead_premise(rules: Sequence[str], span: Span | None, implying: Implying, own: Sequence[str] = ()) -> Diagnostic:
    """A premise that holds in no valid row.

    Args:
        rules: those that need it.
        span: of the premise.
        implying: the hard rules that rule it out, alone or together with `own`.
        own: those that need it and without which it could hold.
    """
    needed = [*names(implying), *(name for name in own if name not in names(implying))]
    verb = "decides" if len(rules) == 1 else "decide"
    result = "no valid row meets it" if own else f"{listed(rules)} never {verb} anything"
    return KIND.at(
        place(span),
        "this premise can never hold in a valid row",
        related=labels(implying),
        note=f"where it holds, a row breaks {listed(needed, last='or')}; so {result}",
        help=f"correct {listed(['the premise', *(f'`{name}`' for name in names(implying))], quote='', last='or')}",
        rules=names(implying),
    )

"""HTR501 infeasible: hard rules that no row satisfies together."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import Implying, labels, listed, names, place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR501",
    name="infeasible",
    severity="error",
    meaning="No row satisfies all hard rules; a minimal set of them that no row satisfies.",
    why=(
        "The payroll of a hospital group had three rules by three people: tax takes at least 30 percent, the net pay "
        "is what remains, and, from the union's agreement, at least three quarters are paid out. Each is sensible, "
        "any two of them agree, and all three together leave no payslip at all. A test with random rows only said "
        "that every row was wrong, which sent two people after a bug in the import for a day. The finding names the "
        "three rules and nothing else of the ninety in the file. The agreement turned out to mean a half."
    ),
    failing="""\
table payslips {
  gross : decimal(2) in 1_000..20_000
  tax   : decimal(2) in 300..10_000
  net   : decimal(2) in 500..14_000
}
hard least_tax: tax >= 0.3 * gross
hard remainder: net <= gross - tax
hard least_net: net >= 0.75 * gross
""",
    mended="""\
table payslips {
  gross : decimal(2) in 1_000..20_000
  tax   : decimal(2) in 300..10_000
  net   : decimal(2) in 500..14_000
}
hard least_tax: tax >= 0.3 * gross
hard remainder: net <= gross - tax
hard least_net: net >= 0.5 * gross
""",
)


def infeasible(members: Implying, removal: Sequence[str]) -> Diagnostic:
    """Hard rules that no row satisfies together, as few as can be.

    Args:
        members: of the set; the last one with a place is where the finding is reported.
        removal: the fewest names without which all other rules have a row; empty where that is not known.
    """
    last = next((i for i in reversed(range(len(members))) if members[i][1] is not None), None)
    span: Span | None = None if last is None else members[last][1]
    others = [member for i, member in enumerate(members) if i != last]
    alone = len(members) == 1
    return KIND.at(
        place(span),
        f"no row satisfies {listed(names(members))}{'' if alone else ' together'}",
        related=labels(others, "part of the same conflict"),
        note=None if alone else "each of them is needed for the conflict: the others agree without it",
        help=_help(removal),
        rules=names(members),
    )


def _help(removal: Sequence[str]) -> str:
    """What has to go, in words: rules are removed, ranges widened."""
    if not removal:
        return "correct one of them"
    wide = [name.removesuffix(".domain") for name in removal if name.endswith(".domain")]
    null = [name.removesuffix(".null") for name in removal if name.endswith(".null")]
    rules = [name for name in removal if not name.endswith((".domain", ".null"))]
    steps = [
        f"remove {listed(rules)}" if rules else "",
        f"widen the domain of {listed(wide)}" if wide else "",
        f"declare {listed(null)} with `null`" if null else "",
    ]
    return f"to have rows again, {listed([step for step in steps if step], quote='')}"

"""HTR703 data-breaks-domain: with data: values outside the declared domain, levels that are not declared."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import listed, place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR703",
    name="data-breaks-domain",
    severity="warning",
    meaning="With data: values outside the declared domain, levels that are not declared.",
    why=(
        "A consumer lender declared three kinds of jobs from the form on its web page. The branches had a fourth box, "
        "self-employed, and one applicant in twelve had ticked it. Every rule on jobs was unknown for them, and a "
        "repair would have made them employees. The finding lists the values that the data hold and the file does "
        "not know. The level was added, and with it the rule that asks for two tax returns."
    ),
    failing="""\
table applications {
  job    : category { "student", "employed", "retired" }
  amount : int in 500..50_000
}
hard small_for_students: job == "student" => amount <= 5_000
""",
    mended="""\
table applications {
  job    : category { "student", "employed", "self-employed", "retired" }
  amount : int in 500..50_000
}
hard small_for_students: job == "student" => amount <= 5_000
""",
)

_SHOWN = 5
"""So many of the values are named."""


def breaks_domain(column: str, span: Span | None, failed: int, rows: int, values: Sequence[str]) -> Diagnostic:
    """A column of the data with values that its declaration does not allow.

    Args:
        failed: how many rows have one.
        rows: how many there are.
        values: different ones of them, as the data or a rule file write them.
    """
    named = [*values] if len(values) <= _SHOWN else [*values[:_SHOWN], "others"]
    verb = "holds" if failed == 1 else "hold"
    return KIND.at(
        place(span),
        f"{failed:,} of {rows:,} real rows {verb} a value outside the domain of `{column}`",
        note=f"among them {listed(named, quote='')}" if named else None,
        help="declare these values if they are right, else correct the data",
    )

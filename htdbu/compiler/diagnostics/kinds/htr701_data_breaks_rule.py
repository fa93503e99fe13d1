"""HTR701 data-breaks-rule: with data: a hard rule that more than 1 % of the real rows break."""

from __future__ import annotations

from collections.abc import Mapping

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR701",
    name="data-breaks-rule",
    severity="warning",
    meaning="With data: a hard rule that more than 1 % of the real rows break.",
    why=(
        "An electricity supplier states that what was used is the difference of two readings of the meter. Compiled "
        "with a year of real readings, the rule was broken by 3 of 100 rows. They were not wrong: meters have four "
        "digits and begin again at 0. A repair would have changed 40,000 correct bills. When so many real rows break "
        "a rule, the rule is the first suspect."
    ),
    failing="""\
table readings {
  previous    : int in 0..9_999
  reading     : int in 0..9_999
  used        : int in 0..9_999
  rolled_over : bool
}
hard used_is_difference: used == reading - previous
""",
    mended="""\
table readings {
  previous    : int in 0..9_999
  reading     : int in 0..9_999
  used        : int in 0..9_999
  rolled_over : bool
}
hard used_is_difference: not rolled_over => used == reading - previous
""",
)


_BROKEN = {
    "null": ("hold no value of `{}`, which may not be null", "declare `{}` with `null`"),
    "derived": ("hold another value of `{}` than its expression gives", "correct the expression of `{}`"),
}
"""What is said of a column's null or expression, and the way out where the data are right."""


def breaks(
    rule: str, span: Span | None, failed: int, rows: int, example: Mapping[str, object] | None, kind: str = "hard"
) -> Diagnostic:
    """A hard rule that many rows of the data break.

    Args:
        failed: how many break it.
        rows: how many there are.
        example: one of those that break it.
        kind: "null" or "derived" where the rule is that of a column.
    """
    said, way_out = _BROKEN.get(kind, ("break the rule `{}`", "correct the rule"))
    name = rule.rpartition(".")[0] if kind in _BROKEN else rule
    return KIND.at(
        place(span),
        f"{failed:,} of {rows:,} real rows ({100 * failed / rows:.2f} %) {said.format(name)}",
        help=f"{way_out.format(name)} if these rows are right, else correct the data: `htdbu repair`",
        witness=example,
    )

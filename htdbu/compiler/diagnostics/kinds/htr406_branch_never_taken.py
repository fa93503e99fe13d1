"""HTR406 branch-never-taken: a branch of `case`, `if` or `factor` that no row reaches."""

from __future__ import annotations

from collections.abc import Mapping

from htdbu.compiler.diagnostics.model import Diagnostic, Kind, Label
from htdbu.compiler.diagnostics.proofs import place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR406",
    name="branch-never-taken",
    severity="warning",
    meaning="A branch of `case`, `if` or `factor` that no row reaches.",
    why=(
        "A car insurer asks at least 600 a year of drivers under 25. After a bad year the actuary added 900 for those "
        "under 21, in a new line below the old one. The first true branch counts, so an eighteen-year-old still paid "
        "600, and the loss ratio of the youngest did not move. This finding marks the new line, the line above that "
        "takes its rows, and a driver of 17 as the proof. The two lines changed places."
    ),
    failing="""\
table policies {
  age     : int in 17..90
  premium : int in 250..2_000
}
hard least_premium: premium >= case { age < 25 -> 600; age < 21 -> 900; else -> 250 }
""",
    mended="""\
table policies {
  age     : int in 17..90
  premium : int in 250..2_000
}
hard least_premium: premium >= case { age < 21 -> 900; age < 25 -> 600; else -> 250 }
""",
)


def never_taken(
    what: str,
    span: Span | None,
    shadow: Span | None,
    witness: Mapping[str, object] | None,
    is_inner: bool = False,
) -> Diagnostic:
    """A branch that no row of the declared domains takes.

    Args:
        what: "branch", "`else`" or "factor value".
        shadow: the earlier branch that takes its rows; None where there is no such branch.
        witness: a row whose own condition is true but that the shadow takes; None where it can never be true.
        is_inner: whether it stands in another branch, where its condition can be true elsewhere.
    """
    return KIND.at(
        place(span),
        f"no row reaches this {what}",
        related=() if shadow is None else (Label(shadow, "this branch takes its rows"),),
        note=_reason(what, shadow is not None, is_inner),
        help=_help(what, shadow is not None),
        witness=witness,
    )


def _reason(what: str, is_shadowed: bool, is_inner: bool) -> str:
    if what == "`else`":
        return f"the branches before it take every row{' that gets there' if is_inner else ''}"
    if is_shadowed:
        return "where its condition is true, a branch before it is taken already"
    if is_inner:
        return "where the branch around it is taken, its condition is never true"
    return "no row has this value" if what == "factor value" else "its condition can never be true"


def _help(what: str, is_shadowed: bool) -> str:
    if what == "`else`":
        return "correct the conditions before it, or let the last of them be the `else`"
    if is_shadowed:
        return "put it before the branch that takes its rows, or delete it"
    return f"correct the {'value' if what == 'factor value' else 'condition'}, or delete the branch"

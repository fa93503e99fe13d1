"""HTR507 unreachable-bound: a declared range that can never be used up to its end."""

from __future__ import annotations

import re
from decimal import Decimal

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.compiler.diagnostics.proofs import Implying, labels, listed, names, place, sources
from htdbu.compiler.diagnostics.view import View
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

_TIGHT = re.compile(r"declare `in (?P<range>[^`]+)`")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """Put the tight range in; whether the range or the rules are wrong, only their author knows."""
    column = next((one for one in view.columns() if one.name.span == finding.span), None)
    tight = _TIGHT.search(finding.help or "")
    if column is None or tight is None or not isinstance(column.bound, syntax.Range):
        return None
    return Fix(f"declare `in {tight['range']}`", (Edit(column.bound.span, tight["range"]),), is_safe=False)


KIND = Kind(
    code="HTR507",
    name="unreachable-bound",
    severity="info",
    meaning="A declared range that can never be used up to its end; the tight bounds.",
    why=(
        "A bank declared credit limits of up to a million, and incomes of up to half a million. The rule that caps the "
        "limit at 40 percent of the income makes 200,000 the most there can be. A load test, planned for the largest "
        "limits, waited in vain for rows over 200,000, and its author doubted the generator first. The finding gives "
        "the tight range. It often shows a zero too many, in the range or in the rule."
    ),
    failing="""\
table accounts {
  income       : decimal(2) in 0..500_000
  credit_limit : decimal(2) in 0..1_000_000
}
hard limit_ceiling: credit_limit <= 0.4 * income
""",
    mended="""\
table accounts {
  income       : decimal(2) in 0..500_000
  credit_limit : decimal(2) in 0..200_000
}
hard limit_ceiling: credit_limit <= 0.4 * income
""",
    fixer=_fixer,
)


def unreachable_bound(
    column: str, span: Span | None, low: str | None, high: str | None, tight: tuple[str, str], implying: Implying
) -> Diagnostic:
    """A column of which no valid row takes an end of the declared range.

    Args:
        low, high: the declared ends that cannot be reached; None where that end can.
        tight: the least and the greatest value of valid rows. All values are as a rule file writes them.
        implying: the hard rules that rule the rest out.
    """
    tightest = [_short(end) for end in tight]
    ends = [_short(end) for end in (low, high) if end is not None]
    reached = [end for end, declared in zip(tightest, (low, high), strict=True) if declared is not None]
    return KIND.at(
        place(span),
        f"the column `{column}` can never be {listed(ends, quote='', last='or')}, "
        f"only {_span(reached, low is not None)}",
        related=labels(implying),
        note=f"nothing beyond that agrees with {sources(implying)}",
        help=f"declare `in {'..'.join(tightest)}`, or correct the rules",
        rules=names(implying),
    )


def _span(reached: list[str], from_below: bool) -> str:
    if len(reached) == 2:
        return reached[0] if reached[0] == reached[1] else f"{reached[0]} to {reached[1]}"
    return f"{reached[0]} and more" if from_below else f"up to {reached[0]}"


def _short(literal: str) -> str:
    """A number without zeros that say nothing, its digits in groups; a date as it is."""
    if _NUMBER.fullmatch(literal) is None:
        return literal
    whole, _, rest = f"{Decimal(literal):,f}".replace(",", "_").partition(".")
    return f"{whole}.{rest}".rstrip("0").rstrip(".") if rest else whole

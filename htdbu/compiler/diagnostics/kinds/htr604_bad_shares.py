"""HTR604 bad-shares: shares that do not add up to 100 %, or a share outside 0..100 %."""

from __future__ import annotations

from decimal import Decimal

from htdbu.compiler.diagnostics.model import Diagnostic, Fix, Kind
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR604",
    name="bad-shares",
    severity="error",
    meaning="Shares that do not add up to 100 %, or a share outside 0..100 %.",
    why=("The plan could not keep them."),
    failing="""\
table t {
  defaulted : bool
}
factor defaulted ~ { true: 2%, false: 97% }
""",
    mended="""\
table t {
  defaulted : bool
}
factor defaulted ~ { true: 2%, false: 98% }
""",
)


def bad_total(span: Span, total: Decimal) -> Diagnostic:
    """Shares whose sum is not 1."""
    missing = 1 - total
    help = f"add {_percent(missing)} to one of them" if missing > 0 else f"take {_percent(-missing)} off one of them"
    return KIND.at(span, f"the shares add up to {_percent(total)}, not to 100 %", help=help)


def bad_share(span: Span, share: Decimal, number: Span | None = None) -> Diagnostic:
    """A single share that is no share; `number` is where its number stands."""
    message = f"a share of {_percent(share)} lies outside 0..100 %"
    if number is None or not 1 < share <= 100:
        return KIND.at(span, message)
    meant = f"{share.normalize():f}%"
    return KIND.at(span, message, help=f"did you mean `{meant}`?", fix=Fix.replacing(number, meant, is_safe=False))


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"

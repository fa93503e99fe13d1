"""HTR208 arity: a wrong number or kind of arguments."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Fix, Kind
from htdbu.compiler.diagnostics.view import quoted
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR208",
    name="arity",
    severity="error",
    meaning="A wrong number or kind of arguments.",
    why=("The call has no meaning."),
    failing="""\
table t {
  income : decimal(2) in 0..2_000_000
}
hard r: abs(income, 2) >= 1
""",
    mended="""\
table t {
  income : decimal(2) in 0..2_000_000
}
hard r: abs(income) >= 1
""",
)


def bad_format(span: Span, kind: str, lost: str, meant: str | None) -> Diagnostic:
    """A format that does not spell a date so that it can be read back, and the one that may be meant."""
    message = f"a {kind} written so {lost}"
    if meant is None:
        help = '`"%Y-%m-%d"` is the format of a date, `"%Y-%m-%dT%H:%M:%S"` that of a datetime'
        return KIND.at(span, message, help=help)
    return KIND.at(
        span, message, help=f"did you mean `{quoted(meant)}`?", fix=Fix.replacing(span, quoted(meant), is_safe=False)
    )

"""HTR103 unused: a param, def or lookup of this file, or a whole import, that nothing uses."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR103",
    name="unused",
    severity="warning",
    meaning="A param, def or lookup of this file, or a whole import, that nothing uses.",
    why=("It is either left over, or the rule that should use it uses something else."),
    failing="""\
table t {
  age : int in 0..120
}
param min_age = 18
hard adult: age >= 16
""",
    mended="""\
table t {
  age : int in 0..120
}
param min_age = 18
hard adult: age >= min_age
""",
)


def unused(what: str, name: str, span: Span) -> Diagnostic:
    """A declaration that nothing uses."""
    return KIND.at(span, f"the {what} `{name}` is never used", help="use it or delete it")

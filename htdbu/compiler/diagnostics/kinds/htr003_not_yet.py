"""HTR003 not-yet: a word that is reserved for a later version, used as a statement or a function."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind, Label
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR003",
    name="not-yet",
    severity="error",
    meaning="A word that is reserved for a later version, used as a statement or a function.",
    why=("Rules over several tables and over ordered groups are planned; their words are kept free for them."),
    failing="""\
table t {
  age : int in 0..120
}
hard grows: age >= prev(age)
""",
    mended="""\
table t {
  age : int in 0..120
  age_before : int in 0..120
}
hard grows: age >= age_before
""",
)


def several_tables(span: Span, first: Span) -> Diagnostic:
    """A second table in one file."""
    return KIND.at(
        span,
        "several tables in one file are not possible yet",
        related=(Label(first, "the first table"),),
        help="give each table a file of its own",
    )

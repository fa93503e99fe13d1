"""HTR704 data-misses-column: with data: a declared column that the data does not have."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR704",
    name="data-misses-column",
    severity="error",
    meaning="With data: a declared column that the data does not have.",
    why=("The rules that read it could not be judged."),
    failing="""\
table t {
  age : int in 0..120
}
hard adult: age >= 18
""",
    mended="""\
table t {
  age : int in 0..120 as "Age"
}
hard adult: age >= 18
""",
)


def missing(column: str, header: str, span: Span, best: str | None) -> Diagnostic:
    """A declared column without a header in the data; `best` is the nearest header there is."""
    help = "declare the header with `as`, or drop the column"
    if best is not None:
        help = f'did you mean the header "{best}"? say so with `as "{best}"`'
    return KIND.at(span, f'the data have no column "{header}" for `{column}`', help=help)

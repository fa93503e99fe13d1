"""HTR704 data-misses-column: with data: a declared column that the data does not have."""

from __future__ import annotations

from collections.abc import Iterable

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.compiler.diagnostics.suggest import closest
from htdbu.compiler.diagnostics.view import View, quoted
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


def missing(column: str, header: str, span: Span, headers: Iterable[str], view: View) -> Diagnostic:
    """A declared column that none of the data's headers belongs to."""
    best = closest(header, headers)
    message = f'the data have no column "{header}" for `{column}`'
    if best is None:
        return KIND.at(span, message, help="declare the header with `as`, or drop the column")
    help = f'did you mean the header "{best}"? say so with `as {quoted(best)}`'
    return KIND.at(span, message, help=help, fix=_fix(span, best, view))


def _fix(span: Span, header: str, view: View) -> Fix | None:
    column = next((one for one in view.columns() if one.name.span == span), None)
    if column is None:
        return None
    put = quoted(header)
    edit = Edit(column.header.span, put) if column.header is not None else view.after_type(column, f"as {put}")
    return Fix(f"read it from the header {put}", (edit,), is_safe=False)

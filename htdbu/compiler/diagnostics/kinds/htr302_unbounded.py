"""HTR302 unbounded: a column used in a rule without a bound on a side."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.compiler.diagnostics.view import View, inserted
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

_ASSUMED = {
    "int": ("-1_000_000_000", "1_000_000_000"),
    "decimal": ("-1_000_000_000", "1_000_000_000"),
    "date": ("1900-01-01", "2199-12-31"),
    "datetime": ("1900-01-01T00:00:00", "2199-12-31T23:59:59"),
}
"""What a missing bound of a type is."""


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """Say the bound that is assumed; a tighter one is better, and only the author knows it."""
    column = next((one for one in view.columns() if one.name.span == finding.span), None)
    bounds = None if column is None else _ASSUMED.get(column.type.name)
    if column is None or bounds is None or isinstance(column.bound, syntax.Set):
        return None
    edit = _bounded(column, column.bound, bounds, view)
    return Fix("declare the bound that is assumed", (edit,), is_safe=False)


def _bounded(column: syntax.ColumnDecl, bound: syntax.Range | None, assumed: tuple[str, str], view: View) -> Edit:
    if bound is None:
        return inserted(column.type.span, f" in {assumed[0]}..{assumed[1]}")
    if bound.high is None:
        return inserted(bound.span, assumed[1])
    return Edit(Span(bound.span.file, bound.span.start, bound.span.start), assumed[0])


KIND = Kind(
    code="HTR302",
    name="unbounded",
    severity="warning",
    meaning="A column used in a rule without a bound on a side.",
    why=("A proof and a repair need a bound, so one is assumed; a value beyond it breaks the column's domain."),
    failing="""\
table t {
  age : int in 0..
}
hard adult: age >= 18
""",
    mended="""\
table t {
  age : int in 0..120
}
hard adult: age >= 18
""",
    fixer=_fixer,
)


def unbounded(column: str, span: Span, assumed: str) -> Diagnostic:
    """A column with an open side that a rule reads."""
    message = f"the column `{column}` is used in a rule but has no bound on a side"
    return KIND.at(span, message, note=f"assumed: {assumed}", help="declare its range with `in low..high`")

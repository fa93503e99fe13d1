"""HTR206 never-null: `is null` on a column that may not be null."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Fix, Kind
from htdbu.compiler.diagnostics.view import View
from htdbu.compiler.expressions import Call
from htdbu.grammar import syntax
from htdbu.grammar.source import Span


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """Let the column be null, which only the author of the data can confirm."""
    test = view.at(syntax.NullTest, finding.span)
    column = view.column(test.item.value) if test is not None and isinstance(test.item, syntax.Name) else None
    if column is None or column.nullable:
        return None
    return Fix(f"declare `{column.name.value}` with `null`", (view.after_type(column, "null"),), is_safe=False)


KIND = Kind(
    code="HTR206",
    name="never-null",
    severity="warning",
    meaning="`is null` on a column that may not be null.",
    why=("The test is always false for valid rows; perhaps the column should be declared `null`."),
    failing="""\
table t {
  age : int in 0..120
}
hard r: age is null or age >= 18
""",
    mended="""\
table t {
  age : int in 0..120 null
}
hard r: age is null or age >= 18
""",
    fixer=_fixer,
)


def never_null(call: Call, column: str) -> Diagnostic:
    """A null test on a column without `null`."""
    help = f"declare `{column}` with `null`, or drop the test"
    return KIND.at(call.span or Span("", 0, 0), f"the column `{column}` may not be null", help=help)

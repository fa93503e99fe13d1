"""HTR204 unordered: `<` on a category without `ordered`."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.expressions import Call
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR204",
    name="unordered",
    severity="error",
    meaning="`<` on a category without `ordered`.",
    why=("Its levels have no order until you give them one."),
    failing="""\
table t {
  rating : category { "C", "B", "A" }
}
hard r: rating <= "B"
""",
    mended="""\
table t {
  rating : category ordered { "C" < "B" < "A" }
}
hard r: rating <= "B"
""",
)


def unordered(call: Call, column: str | None) -> Diagnostic:
    """An order comparison of a category that has no order."""
    what = "this category" if column is None else f"the category `{column}`"
    help = "declare it as `category ordered { a < b }`, or compare with `==` and `in`"
    return KIND.at(call.span or Span("", 0, 0), f"{what} has no order", help=help)

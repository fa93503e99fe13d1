"""HTR204 unordered: `<` on a category without `ordered`."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.compiler.diagnostics.view import View, inserted, quoted
from htdbu.compiler.expressions import Call
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

_MOST_SHOWN = 6
"""A help with more levels would be too long."""


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """Order the levels as they are declared, which only their author can confirm."""
    own = [column for column in view.columns() if column.bound is not None and column.bound.span == finding.span]
    named = {name.value for name in view.within(syntax.Name, finding.span)}
    columns = own or [column for column in view.columns() if column.name.value in named]
    edits = [edit for column in columns if _is_unordered(column) for edit in _ordering(column.type, view)]
    if not edits:
        return None
    return Fix("order the levels as they are declared", tuple(edits), is_safe=False)


def _is_unordered(column: syntax.ColumnDecl) -> bool:
    return column.type.name == "category" and not column.type.ordered


def _ordering(kind: syntax.TypeExpr, view: View) -> list[Edit]:
    """`ordered` after `category`, and a `<` for every comma."""
    start = kind.span.until(kind.span.start + len("category"))
    edits = [inserted(start, " ordered")]
    ends = [*(level.span.start for level in kind.levels[1:]), kind.span.end]
    for level, end in zip(kind.levels, ends, strict=True):
        comma = view.text(Span(kind.span.file, level.span.end, end)).find(",")
        if comma >= 0:
            place = level.span.end + comma
            edits.append(Edit(Span(kind.span.file, place, place + 1), "" if end == kind.span.end else " <"))
    return edits


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
    fixer=_fixer,
)


def unordered(call: Call, column: str | None, levels: Sequence[str] = ()) -> Diagnostic:
    """An order comparison of a category that has no order."""
    what = "this category" if column is None else f"the category `{column}`"
    order = " < ".join(map(quoted, levels)) if 0 < len(levels) <= _MOST_SHOWN else "… < …"
    help = f"declare it as `category ordered {{ {order} }}`, the least level first, or compare with `==` and `in`"
    return KIND.at(call.span or Span("", 0, 0), f"{what} has no order", help=help)

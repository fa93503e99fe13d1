"""HTR103 unused: a param, def or lookup of this file, or a whole import, that nothing uses."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Fix, Kind
from htdbu.compiler.diagnostics.view import View
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

_NAMED = (syntax.ParamDecl, syntax.DefDecl, syntax.LookupDecl)


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """Delete the declaration; beyond doubt only for an import, which says nothing of its own."""
    for statement in view.tree.statements:
        if isinstance(statement, syntax.ImportDecl) and statement.span == finding.span:
            return Fix("delete the import", (view.removal(statement.span),))
        if isinstance(statement, _NAMED) and statement.name.span == finding.span:
            title = f"delete `{statement.name.value}`"
            return Fix(title, (view.removal(statement.span),), is_safe=False)
    return None


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
    fixer=_fixer,
)


def unused(what: str, name: str, span: Span) -> Diagnostic:
    """A declaration that nothing uses."""
    return KIND.at(span, f"the {what} `{name}` is never used", help="use it or delete it")

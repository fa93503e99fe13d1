"""HTR101 unknown-name: a name that no column, param, def, lookup or function has."""

from __future__ import annotations

from collections.abc import Iterable

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.compiler.diagnostics.suggest import closest
from htdbu.compiler.diagnostics.view import View, quoted, spelt
from htdbu.compiler.foreign_functions import meant_function
from htdbu.grammar import syntax
from htdbu.grammar.nearness import one_slip_away
from htdbu.grammar.source import Span

_LITERALS = {"true": "true", "false": "false", "none": "null", "null": "null", "nan": "null", "na": "null"}
_CLOCKS = frozenset({"today", "now", "current_date", "current_timestamp", "getdate", "sysdate"})


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """The known name, where the misspelt one really stands at the place."""
    written = view.text(finding.span).strip("`")
    if _is_level(written, finding.span, view):
        return Fix.replacing(finding.span, quoted(written))
    if finding.fix is None or not written or f"`{written}`" not in finding.message:
        return None
    return finding.fix


def _is_level(word: str, span: Span, view: View) -> bool:
    """Whether a word without quotes is a level of the column that it is compared with."""
    name = view.at(syntax.Name, span)
    parent = None if name is None else view.parent(name)
    if isinstance(parent, syntax.Set):
        parent = view.parent(parent)
    if not isinstance(parent, syntax.Comparison | syntax.Membership):
        return False
    others = parent.operands if isinstance(parent, syntax.Comparison) else (parent.item,)
    columns = [view.column(other.value) for other in others if isinstance(other, syntax.Name)]
    return any(level.value == word for column in columns if column is not None for level in column.type.levels)


KIND = Kind(
    code="HTR101",
    name="unknown-name",
    severity="error",
    meaning="A name that no column, param, def, lookup or function has.",
    why=("A misspelt name would make a rule say nothing, or something else."),
    failing="""\
table t {
  age : int in 0..120
}
hard adult: aeg >= 18
""",
    mended="""\
table t {
  age : int in 0..120
}
hard adult: age >= 18
""",
    fixer=_fixer,
)


def unknown_name(what: str, name: str, span: Span, known: Iterable[str]) -> Diagnostic:
    """A name that is not declared; `what` says what was looked for."""
    message = f"there is no {what} `{name}`"
    is_function = what == "function"
    names = list(known)
    if name.lower() in _CLOCKS and (is_function or one_slip_away(name, names) is None):
        help = "rules know no present day; declare one, as in `param today = 2026-01-31`"
        return KIND.at(span, message, help=help)
    if name.lower() in _LITERALS and not is_function:
        word = _LITERALS[name.lower()]
        help = f"did you mean `{word}`?" + (" It is tested by `is null`" if word == "null" else "")
        fix = Fix.replacing(span, word, is_safe=word != "null")
        return KIND.at(span, message, help=help, fix=fix)
    if is_function and (other := meant_function(name)) is not None:
        instead = None if other.name is None else Fix.replacing(span, other.name, other.is_same)
        return KIND.at(span, message, help=other.help, fix=instead)
    best = closest(name, names)
    if best is None:
        return KIND.at(span, message)
    fix = Fix(f"use `{best}`", (Edit(span, spelt(best)),), is_safe=False)  # near is not meant: `ink` is no `inc`
    return KIND.at(span, message, help=f"did you mean `{best}`?", fix=fix)

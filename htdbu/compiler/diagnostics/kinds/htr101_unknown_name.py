"""HTR101 unknown-name: a name that no column, param, def, lookup or function has."""

from __future__ import annotations

from collections.abc import Iterable

from htdbu.compiler.diagnostics.model import Diagnostic, Fix, Kind
from htdbu.compiler.diagnostics.suggest import closest
from htdbu.grammar.source import Span

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
)


def unknown_name(what: str, name: str, span: Span, known: Iterable[str]) -> Diagnostic:
    """A name that is not declared; `what` says what was looked for."""
    best = closest(name, known)
    help = None if best is None else f"did you mean `{best}`?"
    fix = None if best is None else Fix.replacing(span, best)
    return KIND.at(span, f"there is no {what} `{name}`", help=help, fix=fix)

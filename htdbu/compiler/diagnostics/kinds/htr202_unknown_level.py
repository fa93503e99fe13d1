"""HTR202 unknown-level: a text that is not a level of the category."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.compiler.diagnostics.suggest import closest
from htdbu.compiler.diagnostics.view import View, quoted
from htdbu.compiler.expressions import Constant
from htdbu.grammar.source import Span

_SAYS = " is not a level of the category"


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """The nearest level, where the unknown one really stands at the place: it may come from a param or a file."""
    word = finding.message.removesuffix(_SAYS)[1:-1]
    if finding.fix is None or view.text(finding.span) not in (f'"{word}"', quoted(word)):
        return None
    return finding.fix


KIND = Kind(
    code="HTR202",
    name="unknown-level",
    severity="error",
    meaning="A text that is not a level of the category.",
    why=("The comparison could never be true."),
    failing="""\
table t {
  job : category { "student", "employed" }
}
hard busy: job == "employd"
""",
    mended="""\
table t {
  job : category { "student", "employed" }
}
hard busy: job == "employed"
""",
    fixer=_fixer,
)


def unknown(literal: Constant, levels: Sequence[str]) -> Diagnostic:
    """A quoted text that none of the levels is."""
    word = str(literal.value)
    best = closest(word, levels)
    shown = ", ".join(f'"{level}"' for level in levels[:8]) + (", …" if len(levels) > 8 else "")
    span = literal.span or Span("", 0, 0)
    return KIND.at(
        span,
        f'"{word}"{_SAYS}',
        note=f"the levels are {shown}",
        help=None if best is None else f"did you mean {quoted(best)}?",
        fix=None if best is None else Fix(f"use {quoted(best)}", (Edit(span, quoted(best)),), is_safe=False),
    )

"""HTR202 unknown-level: a text that is not a level of the category."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Fix, Kind
from htdbu.compiler.diagnostics.suggest import closest
from htdbu.compiler.expressions import Constant
from htdbu.grammar.source import Span

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
)


def unknown(literal: Constant, levels: Sequence[str]) -> Diagnostic:
    """A quoted text that none of the levels is."""
    word = str(literal.value)
    best = closest(word, levels)
    shown = ", ".join(f'"{level}"' for level in levels[:8]) + (", …" if len(levels) > 8 else "")
    span = literal.span or Span("", 0, 0)
    return KIND.at(
        span,
        f'"{word}" is not a level of the category',
        note=f"the levels are {shown}",
        help=None if best is None else f'did you mean "{best}"?',
        fix=None if best is None else Fix.replacing(span, f'"{best}"'),
    )

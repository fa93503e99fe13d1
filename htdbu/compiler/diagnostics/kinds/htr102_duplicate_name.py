"""HTR102 duplicate-name: a name that is declared twice."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind, Label
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR102",
    name="duplicate-name",
    severity="error",
    meaning="A name that is declared twice.",
    why=("One of the two declarations would silently lose."),
    failing="""\
table t {
  age : int in 0..120
  age : int in 16..95
}
""",
    mended="""\
table t {
  age : int in 0..120
  age_at_start : int in 16..95
}
""",
)


def duplicate_name(what: str, name: str, span: Span, first: Span) -> Diagnostic:
    """A second declaration of a name."""
    label = Label(first, "first declared here")
    return KIND.at(span, f"the {what} `{name}` is declared twice", related=(label,), help="rename one of the two")


def overlap(common: str, first: str, second: str, span: Span, before: Span) -> Diagnostic:
    """A key of shares that covers values which have a share already."""
    label = Label(before, f"`{first}` has a share already")
    message = f"{common} is covered by both `{first}` and `{second}`"
    return KIND.at(span, message, related=(label,), help="let every value stand under one key")

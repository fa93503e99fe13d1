"""HTR205 null-in-set: `null` inside `{…}`."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR205",
    name="null-in-set",
    severity="error",
    meaning="`null` inside `{…}`.",
    why=("A comparison with null is unknown, never true, so the null in the set would do nothing."),
    failing="""\
table t {
  age : int in 0..120 null
}
hard r: age in { 18, null }
""",
    mended="""\
table t {
  age : int in 0..120 null
}
hard r: age in { 18 } or age is null
""",
)


def null_in_set(span: Span, item: str) -> Diagnostic:
    """A null among the items of a set; `item` is the text of what is looked up."""
    return KIND.at(span, "`null` in a set does nothing", help=f"leave it out and add `or {item} is null`")

"""HTR104 cycle: defs, derived columns or imports that need each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from htdbu.compiler.diagnostics.model import Diagnostic, Kind, Label
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR104",
    name="cycle",
    severity="error",
    meaning="Defs, derived columns or imports that need each other.",
    why=("None of them could be computed first."),
    failing="""\
table t {
  age : int in 0..120
}
def a = b + 1
def b = a - 1
hard r: age >= a
""",
    mended="""\
table t {
  age : int in 0..120
}
def a = b + 1
def b = 17
hard r: age >= a
""",
)


def cycle(
    what: str, names: Sequence[str], span: Span, places: Mapping[str, Span | None] = MappingProxyType({})
) -> Diagnostic:
    """Declarations that need each other, in the order in which they do; `places` says where they are."""
    path = " -> ".join(f"`{name}`" for name in names)
    needs = [(places.get(name), f"`{name}` needs `{needed}`") for name, needed in pairwise(names)]
    related = tuple(Label(place, message) for place, message in needs if place is not None)
    return KIND.at(span, f"{what} need each other: {path}", related=related, help="break the circle in one of them")

"""HTR404 lookup-gap: keys that the domains allow and a lookup lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Kind, Label
from htdbu.compiler.diagnostics.proofs import place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR404",
    name="lookup-gap",
    severity="info",
    meaning="Keys that the domains allow and a lookup lacks.",
    why=(
        "The price list of a parcel service was typed in from a printed table whose last line stood on the next page. "
        "So large parcels to other countries had no price; the rule on postage was unknown for them, and unknown is "
        "no violation. In March 4,000 of them had gone out with a letter's stamp. This finding names the missing key "
        "and a parcel that has it, before any parcel is sent."
    ),
    failing="""\
lookup postage(size, zone -> price) {
  ("small", "home")   -> 4.50
  ("small", "abroad") -> 9.00
  ("large", "home")   -> 7.00
}
table parcels {
  size : category { "small", "large" }
  zone : category { "home", "abroad" }
  paid : decimal(2) in 4.50..50
}
hard postage_paid: paid >= postage(size, zone)
""",
    mended="""\
lookup postage(size, zone -> price) {
  ("small", "home")   -> 4.50
  ("small", "abroad") -> 9.00
  ("large", "home")   -> 7.00
  ("large", "abroad") -> 19.00
}
table parcels {
  size : category { "small", "large" }
  zone : category { "home", "abroad" }
  paid : decimal(2) in 4.50..50
}
hard postage_paid: paid >= postage(size, zone)
""",
)


def lookup_gap(
    lookup: str, span: Span | None, call: Span | None, keys: Sequence[str], witness: Mapping[str, object]
) -> Diagnostic:
    """A lookup that is asked for a key that it does not have.

    Args:
        call: where it is asked.
        keys: the parts of a key that is missing, as the lookup would write them.
        witness: a row that asks for it.
    """
    key = keys[0] if len(keys) == 1 else f"({', '.join(keys)})"
    return KIND.at(
        place(span),
        f"the lookup `{lookup}` has no value for {key}",
        related=() if call is None else (Label(call, "asked for here"),),
        note="there its value is unknown, and an unknown rule is not broken",
        help=f"add the missing keys, or say what holds without a value: `coalesce({lookup}(…), …)`",
        witness=witness,
    )

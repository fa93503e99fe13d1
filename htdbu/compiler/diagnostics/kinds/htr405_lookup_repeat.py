"""HTR405 lookup-repeat: a key of a lookup that has two values."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind, Label
from htdbu.compiler.diagnostics.proofs import place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR405",
    name="lookup-repeat",
    severity="error",
    meaning="A key that stands in a lookup twice with different values.",
    why=(
        "Two people in the tax department of a supermarket each added the goods that were missing from the list of "
        "rates. Both added books, one at 7 percent and the other at 19. A program that takes the first is right by "
        "luck, one that takes the last is wrong for a year of receipts, and neither says so. The file does not "
        "compile until somebody has looked up which of the two it is."
    ),
    failing="""\
lookup vat(goods -> rate) {
  "food"    -> 7
  "books"   -> 7
  "clothes" -> 19
  "books"   -> 19
}
table receipts {
  goods : category { "food", "books", "clothes" }
  rate  : int in 7..19
}
hard right_rate: rate == vat(goods)
""",
    mended="""\
lookup vat(goods -> rate) {
  "food"    -> 7
  "books"   -> 7
  "clothes" -> 19
}
table receipts {
  goods : category { "food", "books", "clothes" }
  rate  : int in 7..19
}
hard right_rate: rate == vat(goods)
""",
)


def lookup_repeat(
    lookup: str, span: Span | None, key: str, value: str, first: str, first_span: Span | None
) -> Diagnostic:
    """A second value of a key.

    Args:
        span: of the entry that repeats the key.
        key, value: of that entry, as the lookup writes them.
        first, first_span: the value that the key got before, and where.
    """
    return KIND.at(
        place(span),
        f"the lookup `{lookup}` has two values for {key}: {first} before, {value} here",
        related=() if first_span is None else (Label(first_span, f"{first} is given here"),),
        help="delete one of the two",
    )

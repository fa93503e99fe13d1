"""HTR390 undecided: a question about the rules that its budget did not suffice for."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR390",
    name="undecided",
    severity="info",
    meaning="A question about the rules that stays open: its budget ended first.",
    why=(
        "Answers are proofs, so what cannot be proved within its budget is said to be open. The budget counts steps of "
        "the search, not seconds, so the answer is the same on every machine. Here somebody would have to factor a "
        "number of nineteen digits."
    ),
    failing="""\
table keys {
  p : int in 2..1_500_000_000
  q : int in 2..1_500_000_000
}
hard modulus: p * q == 1_000_000_016_000_000_063
test "the modulus is a product" {
  accept {}
}
""",
    mended="""\
table keys {
  p : int in 2..1_500_000_000
  q : int in 2..1_500_000_000
}
hard modulus: p * q == 1_000_000_016_000_000_063
test "the modulus is a product" {
  accept { p: 1_000_000_007 }
}
""",
)


def undecided_test(title: str, span: Span, reason: str) -> Diagnostic:
    """An example of a test on which no verdict was found."""
    return KIND.at(span, f'the test "{title}" is undecided: {reason}', help="give more of the cells")


def undecided(what: str, span: Span | None, reason: str) -> Diagnostic:
    """A question about the rules that no answer was proved for.

    Args:
        what: the question, e.g. "whether `adult` is implied by the other rules".
        reason: e.g. "the search ran out of its budget".
    """
    return KIND.at(place(span), f"it stays open {what}: {reason}")

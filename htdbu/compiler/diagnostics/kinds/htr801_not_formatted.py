"""HTR801 not-formatted: `htdbu fmt --check` would change the file."""

from __future__ import annotations

from itertools import takewhile

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.grammar.source import Source

KIND = Kind(
    code="HTR801",
    name="not-formatted",
    severity="info",
    meaning="`htdbu fmt --check` would change the file; no other command reports it.",
    why=(
        "In one layout for all, a difference between two versions of a file is a difference of meaning. `htdbu fmt` "
        "changes nothing but the space between words, and keeps every comment."
    ),
    failing="""\
table t { age : int in 0 .. 120
  income: decimal(2) in 0..2_000_000   # a year
}
hard adult: age>=18
hard income_ceiling: income <= 50000*age
""",
    mended="""\
table t {
  age    : int in 0..120
  income : decimal(2) in 0..2_000_000  # a year
}
hard adult:          age >= 18
hard income_ceiling: income <= 50000 * age
""",
)


def not_formatted(source: Source, formatted: str) -> Diagnostic:
    """A file that has another layout than the one given; the first difference is marked up to the end of its line."""
    text = source.text
    start = _agreeing(text, formatted)
    longest = min(len(text), len(formatted)) - start
    same = min(_agreeing(text[::-1], formatted[::-1]), longest)
    edit = Edit(source.span(start, len(text) - same), formatted[start : len(formatted) - same])
    line_end = text.find("\n", start)
    end = max(start, line_end if line_end >= 0 else len(text))
    marked = source.span(start, end)
    line = source.position(start)[0]
    return KIND.at(
        marked,
        f"this file is not formatted, from line {line} on",
        help=f"run `htdbu fmt {source.name}`",
        fix=Fix("format the file", (edit,)),
    )


def _agreeing(one: str, other: str) -> int:
    """How many signs two texts have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))

"""HTR106 unused-ignore: an `ignore` that silences nothing; errors cannot be ignored."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Kind

KIND = Kind(
    code="HTR106",
    name="unused-ignore",
    severity="warning",
    meaning="An `ignore` that silences nothing; errors cannot be ignored.",
    why="A leftover ignore would hide the next finding of that kind.",
    failing="""\
table t {
  age : int in 0..120
}
# htr: ignore[HTR206] kept for later
hard adult: age >= 18
""",
    mended="""\
table t {
  age : int in 0..120
}
# htr: ignore[HTR206] the column will be nullable soon
hard adult: age is null or age >= 18
""",
)

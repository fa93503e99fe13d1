"""HTR002 unclosed: a bracket, string or block that never ends."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Kind

KIND = Kind(
    code="HTR002",
    name="unclosed",
    severity="error",
    meaning="A bracket, string or block that never ends.",
    why=("Everything after the opener would be read as a part of it."),
    failing="""\
table t {
  age : int in 0..120
}
hard adult: (age >= 18
""",
    mended="""\
table t {
  age : int in 0..120
}
hard adult: (age >= 18)
""",
)

"""HTR001 syntax: text that does not fit the language; the message says what was expected."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Kind

KIND = Kind(
    code="HTR001",
    name="syntax",
    severity="error",
    meaning="Text that does not fit the language; the message says what was expected.",
    why=(
        "A statement that cannot be read is left out. Reading goes on at the next line that begins a statement, "
        "so one run reports every mistake of the file."
    ),
    failing="""\
table t {
  age : int in 0..120
}
hard adult: age >=
""",
    mended="""\
table t {
  age : int in 0..120
}
hard adult: age >= 18
""",
)

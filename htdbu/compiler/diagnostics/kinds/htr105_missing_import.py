"""HTR105 missing-import: the file of an import or a lookup is not there or is broken."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Kind

KIND = Kind(
    code="HTR105",
    name="missing-import",
    severity="error",
    meaning="The file of an import or a lookup is not there or is broken.",
    why="What the rules take from it would be unknown. Paths are relative to the file that names them.",
    failing="""\
import "rates.htr"
table t {
  age : int in 0..120
}
hard adult: age >= min_age
""",
    mended="""\
param min_age = 18
table t {
  age : int in 0..120
}
hard adult: age >= min_age
""",
)

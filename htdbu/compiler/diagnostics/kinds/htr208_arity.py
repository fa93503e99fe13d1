"""HTR208 arity: a wrong number or kind of arguments."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Kind

KIND = Kind(
    code="HTR208",
    name="arity",
    severity="error",
    meaning="A wrong number or kind of arguments.",
    why=("The call has no meaning."),
    failing="""\
table t {
  income : decimal(2) in 0..2_000_000
}
hard r: abs(income, 2) >= 1
""",
    mended="""\
table t {
  income : decimal(2) in 0..2_000_000
}
hard r: abs(income) >= 1
""",
)

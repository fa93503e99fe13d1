"""Hypothesis strategies of rows that satisfy a program, or break just one of its rules.

`rows(program)` and `invalid_rows(program, rule)` give rows, `tables(program)` gives frames; all need Hypothesis.
"""

from __future__ import annotations

from htdbu.errors import UsageError

try:
    import hypothesis as _hypothesis  # noqa: F401
except ModuleNotFoundError:
    raise UsageError("htdbu.testing needs Hypothesis", "pip install 'htdbu[testing]'") from None

from htdbu.testing.strategies import invalid_rows, rows, tables
from htdbu.testing.values import Row

__all__ = ["Row", "invalid_rows", "rows", "tables"]

"""The rule file of the built-in loan book, as it is installed with the package."""

from __future__ import annotations

from pathlib import Path

_LOANS = Path(__file__).with_name("loans.htr")


def loans_rules_path() -> Path:
    """The installed `loans.htr`; `examples/loans/loans.htr` is the same file."""
    return _LOANS


def loans_rules() -> str:
    """The text of `loans.htr`."""
    return _LOANS.read_text(encoding="utf-8")

"""The built-in data: a loan book whose truth is known, and the rules it obeys. Nothing is downloaded."""

from __future__ import annotations

from htdbu.datasets.loans import load_loans
from htdbu.datasets.rules import loans_rules, loans_rules_path

__all__ = ["load_loans", "loans_rules", "loans_rules_path"]

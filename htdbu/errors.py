"""The errors of htdbu: one small tree, every message built from data and followed by a way out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class HtdbuError(Exception):
    """Base of all errors that htdbu raises on purpose.

    Attributes:
        message: what is wrong, naming the place.
        hint: the way out, or None where none is known.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  hint: {self.hint}"


class CompileError(HtdbuError):
    """A rule file has errors; `diagnostics` holds every finding, errors and warnings alike."""

    def __init__(self, message: str, diagnostics: Sequence[Any] = (), hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.diagnostics = list(diagnostics)


class DataError(HtdbuError):
    """A data file or frame cannot be read as what the call needs."""


class UsageError(HtdbuError):
    """A call whose arguments do not fit together."""


class ProviderError(HtdbuError):
    """A provider of rules cannot be reached, or gave nothing that can be used."""


class InfeasibleError(HtdbuError):
    """The rules, the plan and the request admit no row or no table."""


class OutputError(HtdbuError):
    """A result could not be written; nothing was left behind."""

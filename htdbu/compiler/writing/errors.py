"""What is raised where a program says what the language has no words for."""

from __future__ import annotations

from htdbu.compiler.diagnostics.kinds import htr201_type_mismatch, htr208_arity
from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.errors import HtdbuError
from htdbu.grammar.source import Span


class UnwritableError(HtdbuError):
    """A part of a program that no text says; it comes from a program that was not compiled from one.

    Args:
        kind: which finding it is.
    """

    def __init__(self, kind: Kind, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.kind = kind

    def finding(self, span: Span) -> Diagnostic:
        """The finding that it is, at a place."""
        return self.kind.at(span, self.message, help=self.hint)


def no_value(message: str) -> UnwritableError:
    """A literal that is none of its type."""
    return UnwritableError(htr201_type_mismatch.KIND, message)


def no_form(message: str) -> UnwritableError:
    """Parts too many or too few, or that do not go together."""
    return UnwritableError(htr208_arity.KIND, message)

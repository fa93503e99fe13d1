"""What a finding is: a code with its documentation (`Kind`) and one occurrence of it (`Diagnostic`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from htdbu.grammar.source import Span

if TYPE_CHECKING:
    from htdbu.compiler.diagnostics.view import View

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Kind:
    """A code of the contract and everything a user may want to read about it.

    Attributes:
        meaning: when it is reported, in one sentence.
        why: why that is worth reporting.
        failing: an example file that gets it.
        mended: the same file, mended, that does not.
        fixer: the help as edits, given a finding of this kind and the file that it is in; None where a program cannot
            carry it out. It is asked once the whole file is known.
    """

    code: str
    name: str
    severity: Severity
    meaning: str
    why: str
    failing: str
    mended: str
    fixer: Callable[[Diagnostic, View], Fix | None] | None = None

    @property
    def is_proved(self) -> bool:
        """Whether such findings are proofs about all rows; what to make of one, only the author of the rules knows."""
        return self.code[3] in "456" and self.code != "HTR604"

    def at(self, span: Span, message: str, **more: Any) -> Diagnostic:
        """One occurrence of this kind."""
        return Diagnostic(self, message, span, **more)


@dataclass(frozen=True)
class Label:
    """A secondary place and what it has to do with the finding."""

    span: Span
    message: str


@dataclass(frozen=True)
class Edit:
    """A text to put in place of a span; an empty span inserts, an empty text deletes."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """A help that a program can carry out.

    Attributes:
        title: what it does, as an editor offers it, e.g. "use `income`".
        edits: in text order, none overlapping another.
        is_safe: whether it says what the author meant beyond doubt, so that `--fix` may apply it unasked.
    """

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool = True

    @classmethod
    def replacing(cls, span: Span, text: str, is_safe: bool = True) -> Fix:
        """Put a text in place of a span."""
        return cls(f"use `{text}`", (Edit(span, text),), is_safe)


@dataclass(frozen=True)
class Diagnostic:
    """A finding in a rule file.

    Attributes:
        note: why it is so.
        help: the way out, in words; `fix` is the same as edits where a program can carry it out.
        rules: names of the rules that prove it.
        witness: a row that shows it.
    """

    kind: Kind
    message: str
    span: Span
    related: tuple[Label, ...] = ()
    note: str | None = None
    help: str | None = None
    fix: Fix | None = None
    rules: tuple[str, ...] = ()
    witness: Mapping[str, object] | None = None

    @property
    def code(self) -> str:
        """The code, e.g. HTR101."""
        return self.kind.code

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.kind.severity

    @property
    def is_error(self) -> bool:
        """Whether it stops the commands that need the program."""
        return self.kind.severity == "error"

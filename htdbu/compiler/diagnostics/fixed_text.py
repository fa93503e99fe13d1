"""A text while fixes are applied to it: where stands what they put in, and which errors they only brought to light."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from htdbu.compiler.diagnostics.model import Diagnostic, Fix
from htdbu.compiler.diagnostics.view import covers
from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source, Span

Compile = Callable[[str], Sequence[Diagnostic]]
"""All findings of a text."""
Key = tuple[str, str]
"""What a finding says, wherever it stands."""

_UNKNOWN_NAME = "HTR101"


@dataclass(frozen=True)
class _Written:
    """What an edit put in, where it stands now, and for which finding."""

    start: int
    end: int
    finding: Diagnostic

    def moved(self, edits: Sequence[tuple[int, int, str]]) -> _Written:
        """The same after further edits of the text."""
        return replace(self, start=_moved(self.start, edits), end=_moved(self.end, edits))


class FixedText:
    """A text, its findings, and the fixes that were applied.

    Attributes:
        text: the text as it is now.
        findings: what is wrong with it.
        fixed: the findings whose fixes were applied, in this order.
    """

    def __init__(self, text: str, file: str, compiled: Compile, findings: Sequence[Diagnostic]) -> None:
        self.text = text
        self.findings = findings
        self.fixed: list[Diagnostic] = []
        self._before = errors(findings)
        self._file, self._compiled = file, compiled
        self._written: list[_Written] = []

    def apply(self, todo: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Apply the fixes of some findings, but those that overlap an earlier one; returns the findings fixed."""
        by_fix = {id(finding.fix): finding for finding in todo}
        text, taken = apply_fixes(self.text, [finding.fix for finding in todo if finding.fix is not None])
        if not taken:
            return []
        done = [by_fix[id(fix)] for fix in taken]
        edits = [(edit.span.start, edit.span.end, edit.text) for fix in taken for edit in fix.edits]
        self._written = [written.moved(edits) for written in self._written]
        for finding, fix in zip(done, taken, strict=True):
            for edit in fix.edits:
                start = edit.span.start + sum(_growth(one) for one in edits if one[1] <= edit.span.start)
                self._written.append(_Written(start, start + len(edit.text), finding))
        self.text, self.findings = text, self._compiled(text)
        self.fixed += done
        return done

    def new_errors(self) -> list[Diagnostic]:
        """The errors that the fixes brought; not those that they only brought to light.

        A statement that could not be read may hold more mistakes, of names and types. Once it can be read they are
        found, and that is no reason to leave it unreadable; unless the fix itself has put in a name that is unknown.
        """
        more = errors(self.findings) - self._before
        if not more:
            return []
        found = [finding for finding in self.findings if key(finding) in more]
        mended = [*self._mended_parts()]
        shown = [finding for finding in found if self._is_uncovered(finding, mended)]
        left = more - errors(shown)
        return [finding for finding in found if key(finding) in left and finding not in shown]

    def at_fault(self, found: Sequence[Diagnostic]) -> list[Diagnostic]:
        """The fixed findings whose fix stands on a line with one of these."""
        lines = {self._line(finding.span.start) for finding in found}
        return [written.finding for written in self._written if self._line(written.start) in lines]

    def _line(self, place: int) -> int:
        return self.text.count("\n", 0, place)

    def _mended_parts(self) -> Iterator[Span]:
        """The statements, columns and guarded rules that a fix has made readable."""
        lines = [self._line(written.start) for written in self._written if is_of_syntax(written.finding)]
        todo: list[syntax.Statement | syntax.ColumnDecl] = [*parse(Source(self._file, self.text)).statements]
        for part in todo:
            if isinstance(part, syntax.Table):
                todo += part.columns
            elif isinstance(part, syntax.When):
                todo += part.body
            elif any(self._line(part.span.start) <= line <= self._line(part.span.end) for line in lines):
                yield part.span

    def _is_uncovered(self, finding: Diagnostic, mended: Sequence[Span]) -> bool:
        """Whether an error stands in a statement that has been made readable, and is none that the fix made."""
        if is_of_syntax(finding) or not any(covers(span, finding.span) for span in mended):
            return False
        written = (Span(self._file, written.start, written.end) for written in self._written)
        return finding.code != _UNKNOWN_NAME or not any(covers(span, finding.span) for span in written)


def apply_fixes(text: str, fixes: Iterable[Fix]) -> tuple[str, list[Fix]]:
    """The text with all fixes that do not overlap an earlier one, the first in text order winning; and those fixes."""
    taken: list[Fix] = []
    edits: list[tuple[int, int, str]] = []
    for fix in sorted(fixes, key=_place):
        wanted = [(edit.span.start, edit.span.end, edit.text) for edit in fix.edits]
        if not any(_overlap(one, other) for one in wanted for other in edits):
            taken.append(fix)
            edits += wanted
    for start, end, put in sorted(edits, reverse=True):
        text = text[:start] + put + text[end:]
    return text, taken


def errors(findings: Iterable[Diagnostic]) -> Counter[Key]:
    """How often each error is made."""
    return Counter(key(finding) for finding in findings if finding.is_error)


def key(finding: Diagnostic) -> Key:
    """What a finding says."""
    return finding.code, finding.message


def is_of_syntax(finding: Diagnostic) -> bool:
    """Whether a finding says that its statement cannot be read."""
    return finding.code.startswith("HTR0")


def _place(fix: Fix) -> tuple[int, int]:
    return fix.edits[0].span.start, fix.edits[-1].span.end


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two edits touch the same characters, or insert at the same place."""
    (start, end, _), (begin, stop, _) = one, other
    return (start < stop and begin < end) or start == begin


def _growth(edit: tuple[int, int, str]) -> int:
    start, end, text = edit
    return len(text) - (end - start)


def _moved(place: int, edits: Sequence[tuple[int, int, str]]) -> int:
    return place + sum(_growth(edit) for edit in edits if edit[1] <= place)

"""Carrying out the helps of findings: a text and its findings in, the mended text out.

Nothing here reads or writes files; `htdbu compile --fix` and the language server use the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from htdbu.compiler.diagnostics.fixed_text import Compile, FixedText, apply_fixes, key
from htdbu.compiler.diagnostics.model import Diagnostic

__all__ = ["Mended", "apply_fixes", "mend", "safe_fixes", "unsafe_fixes"]

MOST_ROUNDS = 10
_MOST_ATTEMPTS = 5
"""So often all fixes but the blamed ones are tried together, before parts of them are."""
_MOST_TRIALS = 60
"""So many parts are tried at most; what is left is left for the next call."""


@dataclass(frozen=True)
class Mended:
    """A text after its fixes.

    Attributes:
        text: the mended text.
        fixed: the findings whose fixes were applied, in the order of their application.
        refused: findings whose fix would have brought a new error.
    """

    text: str
    fixed: tuple[Diagnostic, ...]
    refused: tuple[Diagnostic, ...]


def mend(text: str, file: str, compiled: Compile, with_unsafe: bool = False) -> Mended:
    """Apply fixes until nothing changes; one that brings a new error is left out.

    Args:
        file: the name of the file; edits in other files are left alone.
        compiled: finds what is wrong with a text.
        with_unsafe: whether those too that are only a good guess; by default what is beyond doubt.
    """
    return _Mending(file, compiled, with_unsafe).run(text)


def safe_fixes(findings: Iterable[Diagnostic], file: str) -> list[Diagnostic]:
    """The findings with a fix that may be applied unasked, all of it in one file."""
    return [f for f in findings if f.fix and f.fix.is_safe and _is_inside(f, file)]


def unsafe_fixes(findings: Sequence[Diagnostic], file: str) -> list[Diagnostic]:
    """The findings with a fix that is a good guess; those of errors first, what they mend may answer the others."""
    found = [f for f in findings if f.fix and not f.fix.is_safe and _is_inside(f, file)]
    is_broken = any(finding.is_error and finding.span.file == file for finding in findings)
    return [finding for finding in found if finding.is_error or not is_broken]


def _is_inside(finding: Diagnostic, file: str) -> bool:
    return finding.fix is not None and {edit.span.file for edit in finding.fix.edits} == {file}


class _Mending:
    """The mending of one text."""

    def __init__(self, file: str, compiled: Compile, with_unsafe: bool) -> None:
        self._file, self._compiled, self._with_unsafe = file, compiled, with_unsafe
        self._refused: dict[object, Diagnostic] = {}

    def run(self, text: str) -> Mended:
        """Try all fixes at once, then without those that are to blame, then in parts."""
        first = self._compiled(text)
        for _ in range(_MOST_ATTEMPTS):
            attempt = FixedText(text, self._file, self._compiled, first)
            identities = self._apply_all(attempt)
            new = attempt.new_errors()
            if not new:
                return Mended(attempt.text, tuple(attempt.fixed), tuple(self._refused.values()))
            blamed = {identities[id(finding)]: finding for finding in attempt.at_fault(new)}
            if not blamed:
                break
            self._refused |= blamed
        self._refused.clear()
        return self._in_parts(text, first)

    def _todo(self, text: str, findings: Sequence[Diagnostic]) -> list[Diagnostic]:
        """The findings that are to be mended, but those whose fix is refused."""
        found = safe_fixes(findings, self._file)
        if self._with_unsafe:
            found += unsafe_fixes(findings, self._file)
        return [finding for finding in found if _identity(finding, text) not in self._refused]

    def _apply_all(self, attempt: FixedText) -> Mapping[int, object]:
        """Apply all fixes, round after round; returns the identities of the fixed findings."""
        identities: dict[int, object] = {}
        for _ in range(MOST_ROUNDS):
            text = attempt.text
            done = attempt.apply(self._todo(text, attempt.findings))
            if not done:
                break
            identities |= {id(finding): _identity(finding, text) for finding in done}
        return identities

    def _in_parts(self, text: str, findings: Sequence[Diagnostic]) -> Mended:
        """Try some of the fixes at a time, ever fewer where they fail, and keep those that bring no new error."""
        fixed: list[Diagnostic] = []
        size = len(findings)
        for _ in range(_MOST_TRIALS):
            todo = self._todo(text, findings)[:size]
            if not todo:
                break
            after = FixedText(text, self._file, self._compiled, findings)
            if self._chain(after, todo):
                text, findings = after.text, after.findings
                fixed += after.fixed
                size *= 2
            elif len(todo) == 1:
                self._refused[_identity(todo[0], text)] = todo[0]
            else:
                size = len(todo) // 2
        return Mended(text, tuple(fixed), tuple(self._refused.values()))

    def _chain(self, after: FixedText, todo: Sequence[Diagnostic]) -> bool:
        """Apply some fixes, and those of the mistakes that they bring to light; whether no new error stays."""
        for _ in range(MOST_ROUNDS):
            after.apply(todo)
            new = {key(finding) for finding in after.new_errors()}
            if not new:
                return True
            todo = [finding for finding in self._todo(after.text, after.findings) if key(finding) in new]
            if not todo:
                return False
        return False


def _identity(finding: Diagnostic, text: str) -> object:
    """What tells a finding apart while other places of the text change: what it says, and of which line."""
    start = text.rfind("\n", 0, finding.span.start) + 1
    end = text.find("\n", finding.span.end)
    return key(finding), text[start : end if end >= 0 else len(text)], finding.span.start - start

"""Carrying out the helps of findings: a text and its findings in, the mended text out.

Nothing here reads or writes files; `htdbu compile --fix` and the language server use the same functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from htdbu.compiler.diagnostics.model import Diagnostic, Fix

MOST_ROUNDS = 10
_MOST_ATTEMPTS = 5
"""So often all fixes but the blamed ones are tried together, before parts of them are."""
_MOST_TRIALS = 60
"""So many parts are tried at most; what is left is left for the next call."""

Compile = Callable[[str], Sequence[Diagnostic]]
"""All findings of a text."""
_Key = tuple[str, str]


@dataclass(frozen=True)
class Mended:
    """A text after its safe fixes.

    Attributes:
        text: the mended text.
        fixed: the findings whose fixes were applied, in the order of their application.
        refused: findings whose safe fix would have brought a new error.
    """

    text: str
    fixed: tuple[Diagnostic, ...]
    refused: tuple[Diagnostic, ...]


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


def mend(text: str, file: str, compiled: Compile) -> Mended:
    """Apply the safe fixes until nothing changes; a fix that brings a new error is left out.

    Args:
        file: the name of the file; edits in other files are left alone.
        compiled: finds what is wrong with a text.
    """
    first = compiled(text)
    refused: dict[object, Diagnostic] = {}
    for _ in range(_MOST_ATTEMPTS):
        attempt = _Attempt(text, file, compiled, first, refused)
        if not attempt.new:
            return Mended(attempt.text, tuple(attempt.fixed), tuple(refused.values()))
        blamed = attempt.blamed()
        if not blamed:
            break
        refused |= blamed
    return _in_parts(text, file, compiled, first)


def safe_fixes(findings: Iterable[Diagnostic], file: str) -> list[Diagnostic]:
    """The findings with a fix that may be applied unasked, all of it in one file."""
    return [f for f in findings if f.fix and f.fix.is_safe and {edit.span.file for edit in f.fix.edits} == {file}]


class _Attempt:
    """All safe fixes but the refused ones, applied at once, round after round.

    Attributes:
        text: what comes out.
        fixed: the findings whose fixes were applied.
        new: the errors that were not there before.
    """

    def __init__(
        self,
        text: str,
        file: str,
        compiled: Compile,
        findings: Sequence[Diagnostic],
        refused: Mapping[object, Diagnostic],
    ) -> None:
        before = _errors(findings)
        self.fixed: list[Diagnostic] = []
        self._identities: list[object] = []
        self._places: list[int] = []
        for _ in range(MOST_ROUNDS):
            todo = [f for f in safe_fixes(findings, file) if _identity(f, text) not in refused]
            mended, now = _applied(text, todo)
            if not now:
                break
            self._note(text, now)
            text, findings = mended, compiled(mended)
        self.text = text
        more = _errors(findings) - before
        self.new = [finding for finding in findings if _key(finding) in more]

    def _note(self, text: str, now: Sequence[Diagnostic]) -> None:
        """Remember what is fixed, and where it is while the text around it changes."""
        self.fixed += now
        self._identities += [_identity(finding, text) for finding in now]
        self._places += [finding.fix.edits[0].span.start for finding in now if finding.fix is not None]
        edits = [edit for finding in now if finding.fix is not None for edit in finding.fix.edits]
        growth = [(edit.span.end, len(edit.text) - (edit.span.end - edit.span.start)) for edit in edits]
        self._places = [place + sum(more for end, more in growth if end <= place) for place in self._places]

    def blamed(self) -> dict[object, Diagnostic]:
        """The fixes that stand on a line with a new error."""
        lines = {self._line(finding.span.start) for finding in self.new}
        fixes = zip(self._identities, self.fixed, self._places, strict=True)
        return {identity: finding for identity, finding, place in fixes if self._line(place) in lines}

    def _line(self, place: int) -> int:
        return self.text.count("\n", 0, place)


def _in_parts(text: str, file: str, compiled: Compile, findings: Sequence[Diagnostic]) -> Mended:
    """Try some of the safe fixes at a time, ever fewer where they fail, and keep those that bring no new error."""
    fixed: list[Diagnostic] = []
    refused: dict[object, Diagnostic] = {}
    size = len(findings)
    for _ in range(_MOST_TRIALS):
        todo = [f for f in safe_fixes(findings, file) if _identity(f, text) not in refused][:size]
        if not todo:
            break
        after = _chain(text, file, compiled, todo, _errors(findings))
        if after is not None:
            text, done = after
            fixed += done
            findings = compiled(text)
            size *= 2
        elif len(todo) == 1:
            refused[_identity(todo[0], text)] = todo[0]
        else:
            size = len(todo) // 2
    return Mended(text, tuple(fixed), tuple(refused.values()))


def _chain(
    text: str, file: str, compiled: Compile, todo: Sequence[Diagnostic], before: Counter[_Key]
) -> tuple[str, list[Diagnostic]] | None:
    """Some fixes, and those of the mistakes that they bring to light; None where an error stays that was not there."""
    done: list[Diagnostic] = []
    for _ in range(MOST_ROUNDS):
        text, now = _applied(text, todo)
        done += now
        findings = compiled(text)
        new = _errors(findings) - before
        if not new:
            return text, done
        todo = [f for f in safe_fixes(findings, file) if _key(f) in new]
        if not todo:
            return None
    return None


def _applied(text: str, findings: Sequence[Diagnostic]) -> tuple[str, list[Diagnostic]]:
    by_fix = {id(finding.fix): finding for finding in findings}
    text, taken = apply_fixes(text, [finding.fix for finding in findings if finding.fix is not None])
    return text, [by_fix[id(fix)] for fix in taken]


def _errors(findings: Iterable[Diagnostic]) -> Counter[_Key]:
    return Counter(_key(finding) for finding in findings if finding.is_error)


def _key(finding: Diagnostic) -> _Key:
    return finding.code, finding.message


def _identity(finding: Diagnostic, text: str) -> object:
    """What tells a finding apart while other places of the text change: what it says, and of which line."""
    start = text.rfind("\n", 0, finding.span.start) + 1
    end = text.find("\n", finding.span.end)
    return _key(finding), text[start : end if end >= 0 else len(text)], finding.span.start - start


def _place(fix: Fix) -> tuple[int, int]:
    return fix.edits[0].span.start, fix.edits[-1].span.end


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two edits touch the same characters, or insert at the same place."""
    (start, end, _), (begin, stop, _) = one, other
    return (start < stop and begin < end) or start == begin

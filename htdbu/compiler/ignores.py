"""What `# htr: ignore[…]` silences: findings of the passes, and later those of tests, analyses and data.

A compilation keeps its ignores with the stretches that they speak of. Whoever finds something later gives it to
`unsilenced`, with the codes that are now decided, so that ignores of these that silence nothing are told.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from htdbu.compiler.diagnostics.kinds import htr106_unused_ignore
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

_DECIDED_LATER = re.compile(r"HTR(39\d|[45789]\d\d|6(?!04)\d\d)")
"""Codes of the proofs and of the commands that read data: whether such an ignore is needed shows only there."""


@dataclass(frozen=True)
class Ignore:
    """One code of a directive: where this stands, and the stretch below it whose findings it silences."""

    code: str
    span: Span
    covered: Span

    def silences(self, finding: Diagnostic) -> bool:
        """Whether it speaks of a finding; errors cannot be ignored."""
        return self.code == finding.code and not finding.is_error and _covers(self.covered, finding.span)


def ignores_of(tree: syntax.Tree) -> tuple[Ignore, ...]:
    """The directives of a file, each with what stands next below it."""
    places = sorted(_places(tree.statements), key=lambda span: (span.start, -span.end))
    starts = [span.start for span in places]
    found = []
    for directive in tree.ignores:
        following = bisect_left(starts, directive.span.end)
        covered = places[following] if following < len(places) else directive.span
        found += [Ignore(code, directive.span, covered) for code in directive.codes]
    return tuple(found)


def is_decided_later(code: str) -> bool:
    """Whether the passes of the compiler alone cannot tell if ignoring a code is of use; for an error it never is."""
    from htdbu.compiler.diagnostics.registry import all_kinds

    kind = all_kinds().get(code)
    return _DECIDED_LATER.fullmatch(code) is not None and (kind is None or kind.severity != "error")


def unsilenced(
    ignores: Sequence[Ignore], findings: Iterable[Diagnostic], decided: Collection[str] = ()
) -> list[Diagnostic]:
    """The findings that no ignore silences, then HTR106 for the ignores that silence none.

    Args:
        decided: the codes of which `findings` are all there are; ignores of other codes may yet be of use.
    """
    by_code: dict[str, list[Ignore]] = defaultdict(list)
    for ignore in ignores:
        by_code[ignore.code].append(ignore)
    used: set[int] = set()
    kept = []
    for finding in findings:
        silencing = [ignore for ignore in by_code[finding.code] if ignore.silences(finding)]
        used |= {id(ignore) for ignore in silencing}
        if not silencing:
            kept.append(finding)
    unused = (ignore for ignore in ignores if ignore.code in decided and id(ignore) not in used)
    return [*kept, *(htr106_unused_ignore.unused_ignore(ignore.span, ignore.code) for ignore in unused)]


def _places(statements: Iterable[syntax.Statement]) -> Iterator[Span]:
    """Where everything stands that a directive above it may speak of: statements, columns, arms, examples."""
    for statement in statements:
        yield statement.span
        match statement:
            case syntax.Table(columns=parts) | syntax.FactorDecl(arms=parts) | syntax.TestDecl(examples=parts):
                yield from (part.span for part in parts)
            case syntax.When(body=body):
                yield from _places(body)


def _covers(outer: Span, inner: Span) -> bool:
    return outer.file == inner.file and outer.start <= inner.start and inner.end <= outer.end

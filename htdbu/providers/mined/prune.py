"""What other rules imply is dropped, as the solver proves it."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.analyses.analyse import analyse
from htdbu.analyses.redundancy import redundant
from htdbu.analyses.subject import Subject
from htdbu.compiler.program import Program
from htdbu.providers.mined.assemble import Skeleton, named, text_of
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.verify import compiled

EFFORT = 0.05
"""Deterministic time for one question; a rule of which it stays open whether others imply it is kept."""
_ROUNDS = 3


def pruned(skeleton: Skeleton, findings: Sequence[Finding]) -> list[Finding]:
    """The findings without the conditions that the others imply; of two that imply each other the first stays."""
    subject = Subject(compiled(text_of(skeleton, findings)), EFFORT)
    flagged = {name for block in subject.blocks for name in redundant(subject, block)[0]}
    return [finding for name, finding in named(findings) if name not in flagged]


def faultless(skeleton: Skeleton, findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those that any analysis has a warning for, such as soft rules that the hard ones imply."""
    kept = list(findings)
    for _ in range(_ROUNDS):
        program = compiled(text_of(skeleton, kept))
        warned = _warned(program)
        if not warned:
            break
        kept = [finding for name, finding in named(kept) if name not in warned]
    return kept


def _warned(program: Program) -> set[str]:
    found = [finding for finding in analyse(program, EFFORT) if finding.kind.severity != "info"]
    spans = [finding.span for finding in found]
    return {
        rule.name
        for rule in program.rules
        if rule.span is not None and any(rule.span.start <= s.start < rule.span.end for s in spans)
    }

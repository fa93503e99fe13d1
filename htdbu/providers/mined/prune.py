"""What other rules imply is dropped, as the solver proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from htdbu.analyses.analyse import analyse
from htdbu.analyses.block import Block
from htdbu.analyses.subject import Subject
from htdbu.compiler.program import Program
from htdbu.providers.mined.apart import told_apart
from htdbu.providers.mined.assemble import Skeleton, named, text_of
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.verify import compiled
from htdbu.solver.solutions import Status
from htdbu.solver.table import EncodedTable

EFFORT = 0.05
"""Deterministic time for one question; a rule of which it stays open whether others imply it is kept."""
_ROUNDS = 3


def pruned(skeleton: Skeleton, findings: Sequence[Finding], cells: EncodedTable, seed: int) -> list[Finding]:
    """The findings without the conditions that the others imply; of two that imply each other the first stays.

    Soft ones are judged as if they were hard: what follows from them is broken by few rows as well. They come last, so
    that none of them keeps a hard one out.
    """
    ordered = sorted(findings, key=lambda finding: finding.broken > 0)
    strict = [replace(finding, broken=0) for finding in ordered]
    program = compiled(text_of(skeleton, strict))
    apart = told_apart(program, cells, seed)
    subject = Subject(program, EFFORT)
    flagged = {name for block in subject.blocks for name in _implied(subject, block, apart)}
    return [finding for (name, _), finding in zip(named(strict), ordered, strict=True) if name not in flagged]


def _implied(subject: Subject, block: Block, apart: set[str]) -> set[str]:
    """The rules of a block that those before them and those after them that are kept imply, the last judged first."""
    rules = subject.hard(block)
    flagged: set[str] = set()
    for name in reversed([rule.name for rule in subject.written(block) if rule.name in rules]):
        if name in apart:
            continue
        others = [kept for other, kept in rules.items() if other != name and other not in flagged]
        if block.ask([*block.domains, *others, ~rules[name]]).status is Status.INFEASIBLE:
            flagged.add(name)
    return flagged


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

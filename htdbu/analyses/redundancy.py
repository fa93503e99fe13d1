"""HTR503, HTR504: rules that the other hard rules imply, and rules that say the same as an earlier one.

Rules are judged from the last to the first, each against those that are not flagged yet, so that all flagged ones may
be deleted together.
"""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.analyses.block import Block
from htdbu.analyses.domain_rules import decided
from htdbu.analyses.goals import broken
from htdbu.analyses.proof import BUDGET, prove
from htdbu.analyses.reach import Answers
from htdbu.analyses.subject import Subject
from htdbu.compiler.diagnostics.kinds import htr390_undecided, htr503_redundant, htr504_duplicate_rule
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.solver.cpsat.model import Literal
from htdbu.solver.solutions import Status


def findings(subject: Subject, block: Block, domains: Answers) -> Iterator[Diagnostic]:
    """The rules of a block that say nothing new."""
    flagged, undecided = redundant(subject, block)  # its rows tell most rules apart
    settled = decided(subject, block, domains)
    same = dict(duplicates(subject, block, settled))
    for name, other in same.items():
        is_soft = name in block.softs
        yield htr504_duplicate_rule.duplicate(name, subject.place(name), other, subject.place(other), is_soft)
    members = {name: kept for name, kept in subject.hard(block).items() if name not in flagged}
    for name in flagged:
        if name in same or name in settled:
            continue
        proof = prove(subject, block, members, broken(subject.outcomes[name]))
        if proof.reason:
            undecided[name] = proof.reason
        else:
            yield htr503_redundant.redundant(name, subject.place(name), subject.places(proof.rules))
    for name, reason in undecided.items():
        what = f"whether the other rules imply `{name}`"
        yield htr390_undecided.undecided(what, subject.place(name), reason)


def redundant(subject: Subject, block: Block) -> tuple[list[str], dict[str, str]]:
    """The hard rules that may all be deleted, the last first; and those of which that stays open, with the reason."""
    rules = subject.hard(block)
    flagged: list[str] = []
    undecided: dict[str, str] = {}
    for name in reversed([rule.name for rule in subject.written(block) if rule.name in rules]):
        others = [kept for other, kept in rules.items() if other != name and other not in flagged]
        answer = block.ask([*block.domains, *others, ~rules[name]])
        if answer.status is Status.INFEASIBLE:
            flagged.append(name)
        elif not answer.status.solved:
            undecided[name] = BUDGET
    return flagged, undecided


def duplicates(subject: Subject, block: Block, settled: set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of a rule and the first of the same kind that is broken by the same rows of the domains."""
    hard = [(rule.name, ~block.rules[rule.name]) for rule in subject.written(block) if rule.kind == "hard"]
    for rules in (hard, list(block.softs.items())):
        rules = [(name, literal) for name, literal in rules if name not in settled]
        for i, (name, literal) in enumerate(rules):
            first = next((other for other, known in rules[:i] if _same(block, literal, known)), None)
            if first is not None:
                yield name, first


def _same(block: Block, one: Literal, other: Literal) -> bool:
    """Whether two rules are broken by the same rows; any row that tells them apart spares the question."""
    if one == other:
        return True
    if any(block.holds(row, one) != block.holds(row, other) for row in block.rows):
        return False
    sides = ([one, ~other], [~one, other])
    return all(block.ask([*block.domains, *side]).status is Status.INFEASIBLE for side in sides)

"""HTR401, HTR402, HTR403: rules that the domains alone decide, and premises that they rule out."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.analyses.block import Block
from htdbu.analyses.goals import Goal, broken, unbroken
from htdbu.analyses.premises import dead, premises
from htdbu.analyses.proof import BUDGET
from htdbu.analyses.reach import Answers
from htdbu.analyses.subject import Subject
from htdbu.compiler.diagnostics.kinds import (
    htr390_undecided,
    htr401_always_true,
    htr402_always_false,
    htr403_never_fires,
)
from htdbu.compiler.diagnostics.model import Diagnostic


def goals(subject: Subject, block: Block) -> list[Goal]:
    """That each rule is broken, that it is not, and that each premise is met."""
    found = [goal for rule in subject.written(block) for goal in _of_rule(subject, rule.name)]
    return found + [premise.goal for chain in premises(subject, subject.written(block)) for premise in chain]


def _of_rule(subject: Subject, name: str) -> tuple[Goal, Goal]:
    outcome = subject.outcomes[name]
    return broken(outcome), unbroken(outcome)


def findings(subject: Subject, block: Block, domains: Answers) -> Iterator[Diagnostic]:
    """What the domains alone say of the rules of a block; of soft ones, HTR601 and HTR602 speak."""
    chains = premises(subject, subject.written(block))
    unmet = unmet_rules(subject, block, domains)
    for premise in dead(chains, domains.never):
        yield htr403_never_fires.never_fires(premise.rules, premise.span)
    for name in sorted(decided(subject, block, domains), key=list(subject.rules).index):
        rule = subject.rules[name]
        if rule.kind == "hard" and name not in unmet:
            is_true = broken(subject.outcomes[name]) in domains.never
            kind = htr401_always_true.always_true if is_true else htr402_always_false.always_false
            yield kind(name, rule.span)
    yield from _open(subject, block, domains)


def unmet_rules(subject: Subject, block: Block, domains: Answers) -> set[str]:
    """The rules of a block that never decide anything, since the domains rule their premise out."""
    chains = premises(subject, subject.written(block))
    return {name for premise in dead(chains, domains.never) for name in premise.rules}


def decided(subject: Subject, block: Block, domains: Answers) -> set[str]:
    """The rules of a block that the domains alone decide."""
    names = (rule.name for rule in subject.written(block))
    return {name for name in names if domains.never.intersection(_of_rule(subject, name))}


def _open(subject: Subject, block: Block, domains: Answers) -> Iterator[Diagnostic]:
    for rule in subject.written(block):
        if domains.undecided.intersection(_of_rule(subject, rule.name)):
            what = f"whether the domains alone decide `{rule.name}`"
            yield htr390_undecided.undecided(what, rule.span, BUDGET)
    for chain in premises(subject, subject.written(block)):
        for premise in chain:
            if premise.goal in domains.undecided:
                what = f"whether the premise of `{premise.rules[0]}` can hold"
                yield htr390_undecided.undecided(what, premise.span, BUDGET)
                break

"""HTR601, HTR602: soft rules that the hard rules imply, or contradict."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.analyses.block import Block
from htdbu.analyses.domain_rules import unmet_rules
from htdbu.analyses.goals import Goal, broken, unbroken
from htdbu.analyses.proof import BUDGET, prove
from htdbu.analyses.reach import Answers
from htdbu.analyses.subject import Subject
from htdbu.compiler.diagnostics.kinds import htr390_undecided, htr601_dead_soft, htr602_hopeless_soft
from htdbu.compiler.diagnostics.model import Diagnostic


def goals(subject: Subject, block: Block) -> list[Goal]:
    """That each soft rule is broken, and that it is not."""
    outcomes = [subject.outcomes[name] for name in block.softs]
    return [goal for outcome in outcomes for goal in (broken(outcome), unbroken(outcome))]


def findings(subject: Subject, block: Block, domains: Answers, valid: Answers) -> Iterator[Diagnostic]:
    """The soft rules that every valid row fares alike with; of one whose premise never holds, HTR403 speaks."""
    unmet = unmet_rules(subject, block, domains)
    for name in (name for name in block.softs if name not in unmet):
        span = subject.rules[name].span
        kinds = {broken: htr601_dead_soft.dead, unbroken: htr602_hopeless_soft.hopeless}
        for goal_of, kind in kinds.items():
            goal = goal_of(subject.outcomes[name])
            proof = prove(subject, block, subject.hard(block), goal) if goal in valid.never else None
            if proof is not None and not proof.reason:
                yield kind(name, span, subject.places(proof.rules))
                break
            if proof is not None or goal in valid.undecided:
                what = f"whether the hard rules decide `{name}`"
                yield htr390_undecided.undecided(what, span, proof.reason if proof else BUDGET)
                break

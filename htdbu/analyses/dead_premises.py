"""HTR502: premises that can hold by themselves, but not together with all hard rules."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.analyses.block import Block
from htdbu.analyses.goals import Goal
from htdbu.analyses.premises import dead, premises
from htdbu.analyses.proof import BUDGET, prove
from htdbu.analyses.reach import Answers
from htdbu.analyses.subject import Subject
from htdbu.compiler.diagnostics.kinds import htr390_undecided, htr502_dead_premise
from htdbu.compiler.diagnostics.model import Diagnostic


def goals(subject: Subject, block: Block) -> list[Goal]:
    """That each premise is met."""
    return [premise.goal for chain in premises(subject, subject.written(block)) for premise in chain]


def findings(subject: Subject, block: Block, domains: Answers, valid: Answers) -> Iterator[Diagnostic]:
    """The premises that only the rules rule out, and which rules do."""
    chains = premises(subject, subject.written(block))
    settled = domains.never | domains.undecided
    chains = [chain for chain in chains if not any(premise.goal in settled for premise in chain)]
    for premise in dead(chains, valid.never):
        proof = prove(subject, block, subject.hard(block), premise.goal)
        names = [name for name in proof.rules if premise.rules != (name,)]
        what = f"whether the premise of `{premise.rules[0]}` can hold"
        if proof.reason:
            yield htr390_undecided.undecided(what, premise.span, proof.reason)
        else:
            own = [name for name in proof.rules if name in premise.rules]
            yield htr502_dead_premise.dead_premise(premise.rules, premise.span, subject.places(names), own)
    for premise in dead(chains, valid.undecided):
        what = f"whether the premise of `{premise.rules[0]}` can hold together with all rules"
        yield htr390_undecided.undecided(what, premise.span, BUDGET)

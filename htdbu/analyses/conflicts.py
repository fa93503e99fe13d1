"""HTR501: sets of hard rules that no row satisfies together, and the fewest that have to go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from htdbu.analyses.block import Block
from htdbu.analyses.proof import BUDGET, Proof, prove
from htdbu.analyses.subject import Subject
from htdbu.compiler.diagnostics.kinds import htr390_undecided, htr501_infeasible
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.solver.cpsat.model import Literal
from htdbu.solver.solutions import Status


def conflicts(subject: Subject, infeasible: Mapping[Block, Status]) -> Iterator[Diagnostic]:
    """Every conflict of the blocks without a valid row; no two of them share a rule."""
    found: list[tuple[str, ...]] = []
    removal: list[str] = []
    for block, status in infeasible.items():
        if status is not Status.INFEASIBLE:
            continue
        members = candidates(block)
        for proof in _of_block(subject, block, dict(members)):
            if proof.rules:
                found.append(proof.rules)
            else:
                place = subject.place(next(iter(members)))
                yield htr390_undecided.undecided("which rules contradict each other", place, proof.reason)
        removal += fewest(block, members)
    for names in found:
        yield htr501_infeasible.infeasible([(name, subject.place(name)) for name in names], removal)


def candidates(block: Block) -> dict[str, Literal]:
    """What conflicts are made of: the hard rules, or what derived columns may hold where that alone leaves no row."""
    if block.ask(block.domains).status is Status.INFEASIBLE:
        return block.bounds
    return {name: literal for name, literal in block.rules.items() if name not in block.bounds}


def _of_block(subject: Subject, block: Block, members: dict[str, Literal]) -> Iterator[Proof]:
    held = [literal for name, literal in block.bounds.items() if name not in members]
    while members:
        answer = block.ask([*held, *members.values()])
        if answer.status is not Status.INFEASIBLE:
            if not answer.status.solved:
                yield Proof(reason=BUDGET)
            return
        proof = prove(subject, block, members, None)
        yield proof
        if not proof.rules:
            return
        for name in proof.rules:
            del members[name]


def fewest(block: Block, members: Mapping[str, Literal]) -> list[str]:
    """The fewest members without which there is a row; of equally many those that come later.

    Empty where the budget does not suffice.
    """
    held = [literal for name, literal in block.bounds.items() if name not in members]
    model = block.model
    removed = model.combine([(1, model.indicator(~literal)) for literal in members.values()])
    answer = block.least(held, removed)
    if answer.status is not Status.OPTIMAL:
        return []
    count = sum(not block.holds(answer.values, literal) for literal in members.values())
    limit = model.member(removed, ((0, count),))
    kept: list[Literal] = []
    row = answer.values
    for literal in members.values():
        if not block.holds(row, literal):
            better = block.ask([*held, limit, *kept, literal])
            if not better.status.solved:
                continue
            row = better.values
        kept.append(literal)
    return [name for name, literal in members.items() if not block.holds(row, literal)]

"""The last proof: the file with all proposals carried out, compiled anew, against the file as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from htdbu.analyses.block import Block
from htdbu.analyses.simplify.proposals import Proposal, applied
from htdbu.analyses.simplify.work import Work
from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.grammar.source import Source
from htdbu.solver.cpsat.model import ModelOverflowError
from htdbu.solver.solutions import Status


def confirmed(
    work: Work, proposals: Sequence[Proposal], source: Source, params: Mapping[str, object] | None
) -> list[Proposal]:
    """The proposals of the blocks in which the same rows are valid after all of them as before."""
    if not proposals:
        return []
    compilation = compile_source(Source(source.name, applied(source.text, proposals)), params)
    if compilation.errors:
        alone = {id(p): Source(source.name, applied(source.text, [p])) for p in proposals}
        rest = [p for p in proposals if not compile_source(alone[id(p)], params).errors]
        return confirmed(work, rest, source, params) if len(rest) < len(proposals) else []
    wrong = {number for number in set(work.blocks.values()) if not _is_same(work, number, compilation.program)}
    return [p for p in proposals if not any(work.blocks.get(name) in wrong for name in p.rules)]


def _is_same(work: Work, number: int, after: Program) -> bool:
    """Whether a block's valid rows stay, and each of its soft rules is broken in the same of them."""
    subject = work.prover.subject
    names = {name for name, where in work.blocks.items() if where == number}
    outcomes = {rule.name: work.prover.lowered(rule.outcome) for rule in after.rules if rule.name in names}
    try:
        block = Block(subject.blocks[number].component, subject.effort)
        new = {name: ~block.false(outcome) for name, outcome in outcomes.items()}
        hard = [literal for name, literal in new.items() if name in block.rules]
        sides = ((block.valid, hard), ((*block.domains, *hard), tuple(block.rules.values())))
        if any(
            block.ask(held, [~kept for kept in kept_too]).status is not Status.INFEASIBLE for held, kept_too in sides
        ):
            return False
        softs = [(block.softs[name], ~new[name]) for name in block.softs if name in new]
        pairs = [side for old, now in softs if old != now for side in ((old, ~now), (~old, now))]
        gone = [(old,) for name, old in block.softs.items() if name not in new]
        return all(block.ask([*block.valid, *pair]).status is Status.INFEASIBLE for pair in (*pairs, *gone))
    except ModelOverflowError:
        return False
